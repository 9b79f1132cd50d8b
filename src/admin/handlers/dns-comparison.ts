/** Compares the DNS records that a record needs, and those that its earlier revisions needed, with what DNS has now. */

import { MAX_CONCURRENT_SUBREQUESTS } from '../../contract/limits.ts';
import type { DnsRecordsView, DnsView } from '../../contract/views.ts';
import { compareZone } from '../../dns/compare.ts';
import { createLiveZone, type DnsAnswer, type LiveZone } from '../../dns/live-zone.ts';
import { zoneQueries } from '../../dns/service-names.ts';
import { renderRdata, toZoneLines } from '../../dns/zone-file.ts';
import { streamConcurrently } from '../../lib/concurrency.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { type Domain, parseDomain } from '../../model/names.ts';
import type { AdminDependencies } from '../admin-dependencies.ts';
import { parseServedDomain, readWantedDns, serviceSite } from '../domain-dns.ts';
import type { Handler } from '../handler.ts';
import { findPublishedZone } from '../zone-publication.ts';

export const readDns: Handler = async ({ name, url, dependencies }) => {
	const served = parseServedDomain(name, url.searchParams.get('for'));
	if (!served.ok) return served;
	const domain = served.value;
	const { expected, given } = await readWantedDns(name, domain, serviceSite(dependencies), dependencies);
	const live = await readLiveZone(domain, dependencies);
	if (!live.ok) return err({ code: 'source-unreachable' });
	const site = dependencies.serviceHost;
	// Whether this service answers at an address cannot be found out here: a Worker that requests its own names does not get the answer that others get.
	const { records, leftover, theirs, unlooked } = compareZone({
		domain,
		site,
		expected,
		promised: given,
		live: live.value,
		hostAnswers: new Map(),
		prune: false,
	});
	const published = findPublishedZone(domain, dependencies);
	const publishing = published === null ? null : { zone: published.zone, provider: published.provider };
	const view: DnsView = { domain, site, records, leftover, theirs, unlooked, publishing };
	return ok({ body: view });
};

export const readDnsRecords: Handler = async ({ name, url, dependencies }) => {
	const served = parseServedDomain(name, url.searchParams.get('for'));
	if (!served.ok) return served;
	const domain = served.value;
	const asked = url.searchParams.get('site');
	const host = asked === null ? null : parseDomain(asked);
	if (asked !== null && host === null) return err({ code: 'invalid', errors: [{ path: 'site', reason: 'must be a host name' }] });
	const site = { ...serviceSite(dependencies), ...(host === null ? {} : { host }) };
	const { expected, given } = await readWantedDns(name, domain, site, dependencies);
	const view: DnsRecordsView = {
		domain,
		site: host ?? dependencies.serviceHost,
		names: dependencies.publishedNames,
		records: toZoneLines(expected),
		given: given.map((record) => ({ name: record.name, type: record.type, data: renderRdata(record) })),
	};
	return ok({ body: view });
};

/** Looks up about thirty names, a few at a time; a Worker on the free plan may make fifty requests. Fails where none was answered. */
async function readLiveZone(domain: Domain, { lookupDns, serviceHost }: AdminDependencies): Promise<Result<LiveZone, 'unreachable'>> {
	const randomLabel = `signpost-${crypto.randomUUID().slice(0, 13)}`;
	const answers: DnsAnswer[] = [];
	const queries = zoneQueries({ domain, site: serviceHost, randomLabel, looksForConflicts: false });
	for await (const { query, found } of streamConcurrently(queries, MAX_CONCURRENT_SUBREQUESTS, async (query) => ({
		query,
		found: await lookupDns(query.name, query.type),
	})))
		answers.push({ ...query, records: found.ok ? found.value : null });
	return answers.every(({ records }) => records === null) ? err('unreachable') : ok(createLiveZone(answers, randomLabel));
}
