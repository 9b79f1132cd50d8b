/** What publishing the DNS records of a domain would change in its zone, read from the provider that keeps it. */
import type { ApiProblem } from '../contract/api-problems.ts';
import { MAX_CONCURRENT_SUBREQUESTS } from '../contract/limits.ts';
import { type DnsQuestion, withAliasTargets } from '../dns/alias-targets.ts';
import { compareZone } from '../dns/compare.ts';
import { domainConfig } from '../dns/impact.ts';
import { createLiveZone, type DnsAnswer, type LiveRecord } from '../dns/live-zone.ts';
import { indexKeptZone } from '../dns/publish/kept-zone.ts';
import { withoutImpossibleChanges } from '../dns/publish/possible-changes.ts';
import { type PublishPlan, planPublication } from '../dns/publish/publish-plan.ts';
import type { KeptZone, ZoneEditFailure, ZoneEditor } from '../dns/publish/zone-editor.ts';
import { zoneQueries } from '../dns/service-names.ts';
import type { RrsetChange, ZoneComparison } from '../dns/zone-comparison.ts';
import { renderRdata } from '../dns/zone-file.ts';
import { mapConcurrently } from '../lib/concurrency.ts';
import { sha256Hex } from '../lib/digest.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { LookupResult } from '../model/lookup.ts';
import { type Domain, parseEmailAddress } from '../model/names.ts';
import type { RecordName } from '../model/record-name.ts';
import { renderPolicy } from '../protocols/mta-sts.ts';
import type { AdminDependencies, PublishedZone } from './admin-dependencies.ts';
import { readWantedDns, serviceSite } from './domain-dns.ts';
import { sampleAddress } from './resolved-record.ts';

/** The longest of the zones that the service may change and that hold the domain; null where there is none. */
export function findPublishedZone(domain: string, { publishedZones }: Pick<AdminDependencies, 'publishedZones'>): PublishedZone | null {
	const holding = publishedZones.filter(({ zone }) => domain === zone || domain.endsWith(`.${zone}`));
	return holding.toSorted((a, b) => b.zone.length - a.zone.length)[0] ?? null;
}

export interface ZonePublication {
	readonly domain: Domain;
	readonly provider: PublishedZone['provider'];
	readonly editor: ZoneEditor;
	/** The comparison, without the changes that cannot be made. */
	readonly comparison: ZoneComparison;
	readonly plan: PublishPlan;
	/** Changes whenever what is to be changed does. */
	readonly digest: string;
	/** Null where the service answers with the domain's MTA-STS policy; else what stands in the way. */
	readonly findPolicyObstacle: () => Promise<string | null>;
}

/** Reads the zone from its provider, and compares it with what it should contain. */
export async function readZonePublication(
	name: RecordName,
	domain: Domain,
	dependencies: AdminDependencies,
): Promise<Result<ZonePublication, ApiProblem>> {
	const published = findPublishedZone(domain, dependencies);
	if (published === null) return err({ code: 'no-zone' });
	const opened = await published.open(domain);
	if (!opened.ok) return providerProblem(opened.error);
	const editor = opened.value;
	// A domain can have a zone of its own below the one that is listed, which the provider finds first.
	if (!dependencies.publishedZones.some(({ zone }) => zone === editor.zone)) return err({ code: 'no-zone' });
	const kept = await editor.readZone();
	if (!kept.ok) return providerProblem(kept.error);
	const { lookup, expected, given } = await readWantedDns(name, domain, serviceSite(dependencies), dependencies);
	const site = dependencies.serviceHost;
	const randomLabel = `signpost-${dependencies.newId().slice(0, 13)}`;
	const queries = zoneQueries({ domain, site, randomLabel, looksForConflicts: true });
	const ask = createZoneQuestion(editor.zone, kept.value, dependencies);
	const answers = await mapConcurrently(queries, MAX_CONCURRENT_SUBREQUESTS, async (query): Promise<DnsAnswer> => {
		const records = await ask(query);
		return { ...query, records: records === null ? null : await withAliasTargets(ask, query, records) };
	});
	const live = createLiveZone(answers, randomLabel);
	// A Worker that requests its own names does not get the answer that others get, so who answers at an address is not known here.
	const compared = compareZone({ domain, site, expected, promised: given, live, hostAnswers: new Map(), prune: false });
	const comparison = withoutImpossibleChanges(editor.zone, compared, kept.value);
	const stranger = comparison.changes.find((change) => !change.name.endsWith(`.${domain}`));
	if (stranger !== undefined) throw new Error('a change is not below its domain');
	return ok({
		domain,
		provider: published.provider,
		editor,
		comparison,
		plan: planPublication(domain, comparison.changes, editor.negativeTtl),
		digest: await digestOfChanges(editor.zone, comparison.changes),
		findPolicyObstacle: () => findPolicyObstacle(domain, lookup, dependencies),
	});
}

function providerProblem({ message, hint }: ZoneEditFailure): Result<never, ApiProblem> {
	return err({ code: 'provider-failed', errors: [{ path: '', reason: hint === undefined ? `${message}.` : `${message}. ${hint}` }] });
}

/** Answers from what the provider keeps, and asks DNS about everything else, once. */
function createZoneQuestion(zone: string, kept: KeptZone | null, { lookupDns }: AdminDependencies): DnsQuestion {
	const index = kept === null ? null : indexKeptZone(zone, kept);
	const known = new Map<string, readonly LiveRecord[] | null>();
	return async ({ name, type }) => {
		const own = index?.answer(name, type) ?? null;
		if (own !== null) return own.records;
		const key = `${type} ${name}`;
		const before = known.get(key);
		if (before !== undefined) return before;
		const found = await lookupDns(name, type);
		known.set(key, found.ok ? found.value : null);
		return found.ok ? found.value : null;
	};
}

/** The TTLs are not part of it: those that a resolver tells count down. */
async function digestOfChanges(zone: string, changes: readonly RrsetChange[]): Promise<string> {
	const data = (records: readonly { readonly data: string }[]) => records.map((record) => record.data).toSorted();
	const parts = changes.map(({ name, type, keep, remove, removeIfPresent, add }) =>
		JSON.stringify([name, type, data(keep), data(remove), data(removeIfPresent), add.map(renderRdata).toSorted()]),
	);
	return sha256Hex(JSON.stringify([zone, ...parts.toSorted()]));
}

async function findPolicyObstacle(
	domain: Domain,
	lookup: LookupResult,
	{ fetchPolicy, now }: Pick<AdminDependencies, 'fetchPolicy' | 'now'>,
): Promise<string | null> {
	const config = domainConfig(lookup, parseEmailAddress(`sample@${domain}`) ?? sampleAddress(domain), now());
	if (config === null || config.mtaSts === null) return `the record gives no policy for ${domain}`;
	const url = `https://mta-sts.${domain}/.well-known/mta-sts.txt`;
	const served = await fetchPolicy(url);
	if (!served.ok) return `${url}: ${served.error}`;
	return served.value === renderPolicy(config.mtaSts) ? null : `${url} has another policy still`;
}
