/** Which custom hostnames the record of a domain asks for now, read from the keepers of the records. */
import { serviceHostnames } from '../dns/service-hostnames.ts';
import { resolveConfig } from '../model/config.ts';
import type { DnsTarget } from '../model/dns-record.ts';
import type { Domain } from '../model/names.ts';
import type { WantedHostnames } from '../store/ports/custom-hostnames.ts';
import type { RecordHistories } from '../store/ports/record-histories.ts';
import { findResolvedRecord, storedRecord } from './resolved-record.ts';

export interface WantedHostnamesDependencies {
	readonly recordHistory: RecordHistories;
	/** The service to which the names lead. */
	readonly site: DnsTarget;
	/** Domains whose names need no custom hostname, themselves included. */
	readonly ownZones: readonly Domain[];
	/** Unix time in milliseconds. */
	readonly now: number;
}

/** A domain that only a wildcard record covers asks for none: nobody can tell which domains those are. */
export async function readWantedHostnames(
	domain: Domain,
	{ recordHistory, site, ownZones, now }: WantedHostnamesDependencies,
): Promise<WantedHostnames> {
	const { latest } = await recordHistory(domain).readHead(domain);
	const revision = latest?.revision ?? 0;
	const record = storedRecord(latest?.record ?? null);
	if (record === null) return { kind: 'gone', revision, at: latest?.at ?? null };
	const resolved = await findResolvedRecord(record, domain, domain, { recordHistory });
	const config = resolved.ok ? resolveConfig(resolved.value.record, domain, { kind: 'domain', domain }, now) : resolved;
	if (!config.ok) return { kind: 'unclear', revision };
	const hostnames = await serviceHostnames(config.value, site);
	return {
		kind: 'live',
		revision,
		hostnames: hostnames.filter((name) => !ownZones.some((zone) => name === zone || name.endsWith(`.${zone}`))),
	};
}
