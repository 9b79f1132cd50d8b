/** Answers a client's query from a record. Serving, previews and checks all use these steps. */
import { err, type Result } from '../lib/result.ts';
import { type ClientConfig, type ConfigScope, resolveConfig } from '../model/config.ts';
import { badFieldProblem, type ResolvedRecord } from '../model/lookup.ts';
import type { UnresolvableField } from '../model/placeholders.ts';
import type { Problem } from '../model/problem.ts';
import { type LastEntryClient, withFirstOfferOfEachKind } from './last-entry-clients.ts';
import type { Query, WireResponse } from './protocol.ts';

/**
 * Answers a query from a record.
 * @param client a client that keeps only the last of several entries and so gets one of each kind; null for every other
 * @param now Unix time in milliseconds
 */
export function answerQuery(
	query: Query,
	resolved: ResolvedRecord,
	client: LastEntryClient | null,
	now: number,
): Result<WireResponse, Problem> {
	const config = resolveQueryConfig(query, resolved, now);
	if (!config.ok) return err(badFieldProblem(resolved, config.error));
	return query.respond(client === null ? config.value : withFirstOfferOfEachKind(config.value));
}

/**
 * The settings that a query is answered from.
 * @param now Unix time in milliseconds
 */
export function resolveQueryConfig(
	{ address }: Query,
	{ record, domain }: ResolvedRecord,
	now: number,
): Result<ClientConfig, UnresolvableField> {
	const scope: ConfigScope = address === null ? { kind: 'domain', domain } : { kind: 'address', address };
	return resolveConfig(record, domain, scope, now);
}
