/** Every DNS record a domain should publish: the fold of what each protocol asks for. */
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
 * @param earlier what clients were told until a while ago, for what must overlap
 */
export async function expectedRecords(
	config: ClientConfig,
	site: DnsTarget,
	earlier: readonly ClientConfig[] = [],
): Promise<readonly ProtocolDnsRecords[]> {
	const all = await Promise.all(
		PROTOCOLS.map(async ({ id, title, spec, dnsRecords }) => ({
			protocol: id,
			title,
			spec,
			records: (await dnsRecords?.(config, site, earlier)) ?? [],
		})),
	);
	return all.filter(({ records }) => records.length > 0);
}
