/**
 * What a domain's zone should contain now, and what earlier revisions asked for: from the service where one is named, else from the record
 * alone.
 */
import { expectedRecords, type ProtocolDnsRecords } from '../../dns/expected.ts';
import { givenRecords } from '../../dns/given-records.ts';
import { toProtocolRecords } from '../../dns/zone-lines.ts';
import { ok, type Result } from '../../lib/result.ts';
import type { ClientConfig } from '../../model/config.ts';
import { type DnsRecord, UNKNOWN_DNS_TARGET } from '../../model/dns-record.ts';
import type { ResolvedRecord } from '../../model/lookup.ts';
import type { Domain } from '../../model/names.ts';
import type { SiteOptions } from '../options.ts';
import type { Failure } from '../terminal.ts';
import type { RecordSource } from '../workspace/record-source.ts';

export interface WantedDns {
	/** The service's own host; null where neither the service nor the command line names it. */
	readonly site: Domain | null;
	/** Where the host is not known, aliases point to a name that never resolves. */
	readonly expected: readonly ProtocolDnsRecords[];
	/** The DNS records that this record asks for and, where a service is named, those that its kept revisions asked for. */
	readonly promised: readonly DnsRecord[];
	/** Whether earlier revisions were read. */
	readonly historyIsKnown: boolean;
}

/** @param now Unix time in milliseconds */
export async function readWantedDns(
	records: RecordSource,
	{ record }: ResolvedRecord,
	config: ClientConfig,
	site: SiteOptions,
	now: number,
): Promise<Result<WantedDns, Failure>> {
	const { domain } = config;
	const service = await records.findDnsRecords(domain, site.host);
	if (!service.ok) return service;
	if (service.value !== null) {
		const { records: lines, given } = service.value;
		return ok({ site: service.value.site, expected: toProtocolRecords(lines), promised: given, historyIsKnown: true });
	}
	const target = { host: site.host ?? UNKNOWN_DNS_TARGET.host, names: site.names };
	return ok({
		site: site.host,
		expected: await expectedRecords(config, target, []),
		promised: await givenRecords([record], domain, target, now),
		historyIsKnown: false,
	});
}
