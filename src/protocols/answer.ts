/** From a question and the record that was found to the answer: the same steps for who serves, who previews and who checks. */
import { err, type Result } from '../lib/result.ts';
import { resolve, type Subject } from '../model/config.ts';
import type { Domain } from '../model/names.ts';
import type { Problem } from '../model/problem.ts';
import type { DomainRecord } from '../model/record.ts';
import type { Question, Rendition } from './protocol.ts';
import { firstOfEachKind, type Reader } from './readers.ts';

/** A record that was found for a domain: its own, an alias's target, or a wildcard's. */
export interface Found {
	/** The asking domain under which it was found; it replaces %EMAILDOMAIN%. */
	readonly domain: Domain;
	/** KV key of the record that holds the settings. */
	readonly key: string;
	readonly record: DomainRecord;
	/** Records replaced a while ago, whose PACC digests stay in the zone until that time (Unix, milliseconds). */
	readonly earlier?: readonly { readonly until: number; readonly record: DomainRecord }[];
}

/**
 * Answers a question from a record.
 * @param now Unix time in milliseconds
 */
export function answer(question: Question, found: Found, reader: Reader | null, now: number): Result<Rendition, Problem> {
	const { address } = question;
	const subject: Subject = address === null ? { kind: 'domain', domain: found.domain } : { kind: 'address', address };
	const config = resolve(found.record, found.domain, subject, now);
	if (!config.ok) return err({ code: 'bad-record', key: found.key, ...config.error });
	return question.answer(reader === null ? config.value : firstOfEachKind(config.value));
}
