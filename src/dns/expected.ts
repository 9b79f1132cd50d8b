/** Collects the DNS records that a domain should publish from all protocols. */
import type { ClientConfig } from '../model/config.ts';
import type { DnsRecord, DnsTarget } from '../model/dns-record.ts';
import { PROTOCOLS } from '../protocols/registry.ts';

/** The records that one protocol needs. */
export interface ProtocolDnsRecords {
	readonly protocol: string;
	readonly title: string;
	readonly spec: string;
	readonly records: readonly DnsRecord[];
}

/**
 * In the registry's order; protocols that need none are left out.
 * @param superseded what clients were told by revisions that were replaced a while ago: PACC digests of both stay in the zone for some
 * days. Empty only where there was none, or where nobody can know (a record that comes from a file)
 */
export async function expectedRecords(
	config: ClientConfig,
	site: DnsTarget,
	superseded: readonly ClientConfig[],
): Promise<readonly ProtocolDnsRecords[]> {
	const all = await Promise.all(
		PROTOCOLS.map(async ({ id, title, spec, dnsRecords }) => ({
			protocol: id,
			title,
			spec,
			records: ((await dnsRecords?.(config, site, superseded)) ?? []).filter((record) => !isOwnTarget(record)),
		})),
	);
	return all.filter(({ records }) => records.length > 0);
}

/**
 * The service's own host may be one of the domain's names (autoconfig.example.net for example.net): it has addresses, and is no alias of
 * itself.
 */
function isOwnTarget(record: DnsRecord): boolean {
	return record.type === 'CNAME' && record.target === record.name;
}
