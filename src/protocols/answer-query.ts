/** From a question and the record that was found to the answer: the same steps for who serves, who previews and who checks. */
import { err, type Result } from '../lib/result.ts';
import { type ConfigScope, resolveConfig } from '../model/config.ts';
import type { ResolvedRecord } from '../model/lookup.ts';
import type { Problem } from '../model/problem.ts';
import { type LastEntryClient, withFirstOfferOfEachKind } from './last-entry-clients.ts';
import type { Query, WireResponse } from './protocol.ts';

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
