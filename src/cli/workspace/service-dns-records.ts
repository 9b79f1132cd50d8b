/** What the service says of a domain's DNS records, through the admin API. */
import { parseZoneLine, type ZoneLine } from '../../dns/zone-file.ts';
import { ok, type Result } from '../../lib/result.ts';
import type { DnsRecord } from '../../model/dns-record.ts';
import { type Domain, parseDomain } from '../../model/names.ts';
import type { PublishedNames } from '../../model/service-labels.ts';
import type { Failure } from '../terminal.ts';
import { createAdminApiClient } from './admin-api-client.ts';

/** What the service says of a domain's DNS records. */
export interface ServiceDnsRecords {
	/** The service's own host; null where its operator has not said it. */
	readonly site: Domain | null;
	readonly names: PublishedNames;
	/** What should stand in the zone now, PACC's overlap among it. */
	readonly records: readonly ZoneLine[];
	/** What the revisions that are kept asked for. */
	readonly given: readonly DnsRecord[];
}

/** @returns null from a service of an older version, which has no such operation */
export async function readServiceDnsRecords(
	args: { readonly api?: string | undefined },
	domain: Domain,
	site: Domain | null,
): Promise<Result<ServiceDnsRecords | null, Failure>> {
	const api = createAdminApiClient(args);
	if (!api.ok) return api;
	const answer = await api.value.call('readDnsRecords', { path: { domain }, query: site === null ? {} : { site } });
	if (!answer.ok) return ok(null);
	const { records, given, names } = answer.value;
	const host = answer.value.site === null ? null : parseDomain(answer.value.site);
	return ok({ site: host, names, records, given: given.flatMap((line) => parseZoneLine(line) ?? []) });
}
