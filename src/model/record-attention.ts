/** What a list of records says of each, so that those that need somebody come first. */
import { utcDay } from '../lib/time.ts';
import type { DomainRecord, ServiceRecord } from './record.ts';
import { SOCKET_SERVICE_ORDER, socketPorts } from './service-ports.ts';
import { recordWarnings } from './warnings.ts';

export interface RecordAttention {
	/** Warnings that do not depend on the day. */
	readonly warnings: number;
	/** The first day (UTC, YYYY-MM-DD) on which a STARTTLS fallback is not offered any more; null where none ends. */
	readonly fallbackEnds: string | null;
}

/** Whether a warning is about the day on which a fallback ends, which lists and overviews tell by a word of their own. */
export function isAboutFallbackEnd({ code }: { readonly code: string }): boolean {
	return code === 'fallback-ended' || code === 'fallback-ends';
}

/** @param today UTC day, YYYY-MM-DD */
export function recordAttention(record: ServiceRecord, today: string): RecordAttention {
	const services = record.kind === 'alias' ? {} : record.services;
	const ends = SOCKET_SERVICE_ORDER.flatMap((service) => {
		const written: DomainRecord['services'][typeof service] = services[service];
		return written === undefined ? [] : (socketPorts(service, written).until ?? []);
	});
	return {
		warnings: recordWarnings(record, today).filter((warning) => !isAboutFallbackEnd(warning)).length,
		fallbackEnds: ends.toSorted()[0] ?? null,
	};
}

/**
 * What a record needs its owner to look at, from the text that its keeper has.
 * @param text checked JSON; null where there is no record
 * @param now Unix time in milliseconds
 */
export function storedRecordAttention(text: string | null, now: number): RecordAttention | null {
	return text === null ? null : recordAttention(JSON.parse(text) as ServiceRecord, utcDay(now));
}
