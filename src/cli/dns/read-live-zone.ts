/** Sends the DNS queries that the comparison of a zone needs. */
import { randomBytes } from 'node:crypto';
import { withAliasTargets } from '../../dns/alias-targets.ts';
import { createLiveZone, type DnsAnswer, type LiveRecord, type LiveZone } from '../../dns/live-zone.ts';
import { type DnsQuery, zoneQueries } from '../../dns/service-names.ts';
import { mapConcurrently } from '../../lib/concurrency.ts';
import { ok, type Result } from '../../lib/result.ts';
import type { Failure } from '../terminal.ts';
import { isConclusive, type Resolver } from './resolver.ts';

/** Questions under way at once: many small name servers limit their clients. */
const CONCURRENT_QUERIES = 16;

/** Fails where the name server does not answer at all; a single question without an answer is part of what is known. */
export async function readLiveZone(resolver: Resolver, domain: string, site: string | null): Promise<Result<LiveZone, Failure>> {
	const randomLabel = `signpost-${randomBytes(6).toString('hex')}`;
	const queries = zoneQueries({ domain, site, randomLabel, looksForConflicts: true });
	const [first] = queries;
	// The first query is sent alone, so that a server that does not answer costs one time-out and not fifty.
	const probe = first === undefined ? null : await resolver.query(first.name, first.type);
	if (probe?.ok === false) return probe;
	const answers = await mapConcurrently(queries, CONCURRENT_QUERIES, async (query): Promise<DnsAnswer> => {
		const records = await queryRecords(resolver, query);
		return {
			...query,
			records: records === null ? null : await withAliasTargets((target) => queryRecords(resolver, target), query, records),
		};
	});
	return ok(createLiveZone(answers, randomLabel));
}

/** The records of one query; null where there is no usable answer. */
async function queryRecords(resolver: Resolver, { name, type }: DnsQuery): Promise<readonly LiveRecord[] | null> {
	const reply = await resolver.query(name, type);
	if (!reply.ok || !isConclusive(reply.value)) return null;
	return reply.value.records;
}
