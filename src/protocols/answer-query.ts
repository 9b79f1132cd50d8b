/** From a question and the record that was found to the answer: the same steps for who serves, who previews and who checks. */
import { err, type Result } from '../lib/result.ts';
import { type ConfigScope, resolveConfig } from '../model/config.ts';
import type { Domain } from '../model/names.ts';
import type { Problem } from '../model/problem.ts';
import type { DomainRecord } from '../model/record.ts';
import { type LastEntryClient, withFirstOfferOfEachKind } from './last-entry-clients.ts';
import type { Query, WireResponse } from './protocol.ts';

/** A record that was found for a domain: its own, an alias's target, or a wildcard's. */
export interface ResolvedRecord {
	/** The asking domain under which it was found; it replaces %EMAILDOMAIN%. */
	readonly domain: Domain;
	/** KV key of the record that holds the settings. */
	readonly key: string;
	readonly record: DomainRecord;
	/** Records replaced a while ago, whose PACC digests stay in the zone until that time (Unix, milliseconds). */
	readonly superseded?: readonly { readonly until: number; readonly record: DomainRecord }[];
}

/**
 * Answers a question from a record.
 * @param now Unix time in milliseconds
 */
export function answerQuery(
	question: Query,
	found: ResolvedRecord,
	reader: LastEntryClient | null,
	now: number,
): Result<WireResponse, Problem> {
	const { address } = question;
	const subject: ConfigScope = address === null ? { kind: 'domain', domain: found.domain } : { kind: 'address', address };
	const config = resolveConfig(found.record, found.domain, subject, now);
	if (!config.ok) return err({ code: 'bad-record', key: found.key, ...config.error });
	return question.respond(reader === null ? config.value : withFirstOfferOfEachKind(config.value));
}
