/** What DNS has of what a record needs, asked now. */

import { MAX_CONCURRENT_SUBREQUESTS } from '../../contract/limits.ts';
import type { DnsView } from '../../contract/views.ts';
import { dnsQueries, type LiveRecord } from '../../dns/compare.ts';
import { zoneState } from '../../dns/zone-state.ts';
import { streamConcurrently } from '../../lib/concurrency.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { DnsRecord } from '../../model/dns-record.ts';
import { type Domain, parseDomain, parseEmailAddress } from '../../model/names.ts';
import { candidateKeys, recordKey } from '../../model/record-key.ts';
import type { RecordName } from '../../model/record-name.ts';
import type { AdminDependencies } from '../admin-dependencies.ts';
import { findResolvedRecord, readExpectedDns, sampleAddress, storedRecord } from '../domain-view.ts';
import type { Handler } from '../handler.ts';

export const readDns: Handler = async ({ name, url, dependencies }) => {
	const domain = parseServedDomain(name, url.searchParams.get('for'));
	if (domain === null) return err({ code: 'invalid', errors: [{ path: 'for', reason: 'must be a domain that the wildcard serves' }] });
	const { latest } = await dependencies.recordHistory(name).readHead(name);
	const side = await findResolvedRecord(storedRecord(latest?.record ?? null), name, domain, dependencies);
	const address = parseEmailAddress(`sample@${domain}`) ?? sampleAddress(name);
	const groups = await readExpectedDns(side, address, latest, name, dependencies);
	const seen = await readLiveZone(
		domain,
		groups.flatMap(({ records }) => records),
		dependencies,
	);
	if (!seen.ok) return err({ code: 'source-unreachable' });
	const view: DnsView = { domain, site: dependencies.serviceHost, ...zoneState(groups, seen.value, dependencies.serviceHost !== null) };
	return ok({ body: view });
};

/** A wildcard stands for many domains: which of them is to be looked at must be said. */
function parseServedDomain(name: RecordName, asked: string | null): Domain | null {
	const own = parseDomain(name);
	if (own !== null) return own;
	const domain = parseDomain(asked ?? '');
	return domain !== null && candidateKeys(domain).includes(recordKey(name)) ? domain : null;
}

/** Some forty questions, of which a Worker on the free plan may ask fifty, a few at a time. Fails where none was answered. */
async function readLiveZone(
	domain: Domain,
	expected: readonly DnsRecord[],
	{ lookupDns }: AdminDependencies,
): Promise<Result<Parameters<typeof zoneState>[1], 'unreachable'>> {
	const live = new Map<string, LiveRecord>();
	const unanswered = new Set<string>();
	const questions = dnsQueries(domain, expected);
	let answers = 0;
	for await (const { name, found } of streamConcurrently(questions, MAX_CONCURRENT_SUBREQUESTS, async ({ name, type }) => ({
		name,
		found: await lookupDns(name, type),
	}))) {
		if (!found.ok) {
			unanswered.add(name);
			continue;
		}
		answers += 1;
		// Behind a CNAME the answer goes on with the records of other names.
		for (const record of found.value) if (record.name === name) live.set(`${record.type} ${record.data}@${name}`, record);
	}
	return answers === 0 ? err('unreachable') : ok({ live: [...live.values()], unanswered });
}
