/** Reads the zone of a domain from its name server or provider, and compares it with what it should contain. */

import { withoutImpossibleChanges } from '../../dns/publish/possible-changes.ts';
import type { ZoneEditor } from '../../dns/publish/zone-editor.ts';
import type { ZoneComparison } from '../../dns/zone-comparison.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { resolveConfig } from '../../model/config.ts';
import type { ResolvedRecord } from '../../model/lookup.ts';
import { type Domain, parseEmailAddress } from '../../model/names.ts';
import { httpExpectations, sendExpectation } from '../check/http-expectations.ts';
import { compareLiveZone } from '../dns/compare-live-zone.ts';
import { readWantedDns } from '../dns/wanted-dns.ts';
import { parseSite, parseTimeout, SITE_MISSING, type SiteOptions } from '../options.ts';
import { createNetwork, type Network, type NetworkArguments } from '../probe/network.ts';
import type { Failure } from '../terminal.ts';
import { createRecordSource, type RecordSource } from '../workspace/record-source.ts';
import { createKeptZoneResolver } from './kept-zone-resolver.ts';
import { readZoneAccess, type ZoneAccessArguments, type ZoneOpener } from './open-zone.ts';

export interface PublishSource {
	readonly records: RecordSource;
	readonly site: SiteOptions;
	/** Asks the name server that keeps the zone, where there is one and no other is named. */
	readonly network: Network;
	/** Finds the service as everybody else does. */
	readonly publicNetwork: Network;
	readonly open: ZoneOpener;
	readonly prune: boolean;
}

export interface PublishArguments extends NetworkArguments, ZoneAccessArguments {
	readonly record?: string | undefined;
	readonly api?: string | undefined;
	readonly site?: string | undefined;
	readonly names?: string | undefined;
	readonly prune?: boolean | undefined;
}

export interface ZoneState {
	readonly editor: ZoneEditor;
	/** The comparison, without the changes that cannot be made in this zone, or through this provider. */
	readonly comparison: ZoneComparison;
	/** Null where the service answers with the domain's MTA-STS policy. */
	findPolicyObstacle(): Promise<string | null>;
}

export async function readPublishSource(args: PublishArguments): Promise<Result<PublishSource, Failure>> {
	const records = await createRecordSource(args);
	if (!records.ok) return records;
	const site = parseSite(args);
	if (!site.ok) return site;
	if (site.value.host === null && args.api === undefined && (process.env.SIGNPOST_API ?? '') === '') return err(SITE_MISSING);
	const timeout = parseTimeout(args);
	if (!timeout.ok) return timeout;
	const access = await readZoneAccess(args, timeout.value);
	if (!access.ok) return access;
	const network = await createNetwork({ ...args, resolver: args.resolver ?? access.value.nameServer ?? undefined });
	if (!network.ok) return network;
	const publicNetwork = await createNetwork(args);
	if (!publicNetwork.ok) return publicNetwork;
	return ok({
		records: records.value,
		site: site.value,
		network: network.value,
		publicNetwork: publicNetwork.value,
		open: access.value.open,
		prune: args.prune === true,
	});
}

/** @param now Unix time in milliseconds */
export async function readZoneSituation(
	domain: Domain,
	{ records, site, network, publicNetwork, open, prune }: PublishSource,
	now: number,
): Promise<Result<ZoneState, Failure>> {
	const found = await records.find(domain);
	if (!found.ok) return found;
	const config = resolveConfig(found.value.record, domain, { kind: 'domain', domain }, now);
	if (!config.ok) return err({ message: `${domain}: the record's ${config.error.path} ${config.error.reason}` });
	const wanted = await readWantedDns(records, found.value, config.value, site, now);
	if (!wanted.ok) return wanted;
	if (wanted.value.site === null) return err(SITE_MISSING);
	const editor = await open(domain);
	if (!editor.ok) return editor;
	const kept = await editor.value.readZone();
	if (!kept.ok) return kept;
	const fresh = network.withoutDnsCache();
	const asked = kept.value === null ? fresh : { ...fresh, resolver: createKeptZoneResolver(editor.value.zone, kept.value, fresh.resolver) };
	const compared = await compareLiveZone(domain, wanted.value, found.value, asked, prune, now);
	if (!compared.ok) return compared;
	return ok({
		editor: editor.value,
		comparison: withoutImpossibleChanges(editor.value.zone, compared.value.comparison, kept.value),
		findPolicyObstacle: () => findPolicyObstacle(domain, found.value, publicNetwork.withoutDnsCache(), now),
	});
}

/** Asks for the policy as a sending server does (RFC 8461 §3.3): over TLS with a valid certificate, and no redirect is followed. */
async function findPolicyObstacle(domain: Domain, found: ResolvedRecord, network: Network, now: number): Promise<string | null> {
	const address = parseEmailAddress(`postmaster@${domain}`);
	const host = `mta-sts.${domain}`;
	const policy = address === null ? undefined : httpExpectations(found, address, now).find(({ request }) => request.host === host);
	if (policy === undefined) return `the record gives no policy for ${domain}`;
	const got = await sendExpectation(network, policy);
	if (!got.ok) return `${policy.url}: ${got.reason}`;
	if (got.tls?.verifyError !== null || !got.tls.nameMatches)
		return `${policy.url}: the certificate is not valid (${got.tls?.verifyError ?? 'for another name'})`;
	if (got.status !== 200) return `${policy.url} answers ${got.status}`;
	return got.body.toString('utf8') === policy.expected.body ? null : `${policy.url} has another policy still`;
}
