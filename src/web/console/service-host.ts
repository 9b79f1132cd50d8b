/** The service's own host name, which the console's document carries (src/admin/console-document.tsx). */
import { type DnsTarget, UNKNOWN_DNS_TARGET } from '../../model/dns-record.ts';
import { type Domain, parseDomain } from '../../model/names.ts';
import { parsePublishedNames } from '../../model/service-labels.ts';

/** Null where the operator has not set SERVICE_HOST. */
export const SERVICE_HOST: Domain | null = parseDomain(document.documentElement.dataset.serviceHost ?? '');

/** Where customers' DNS records point. Without SERVICE_HOST a name that can never resolve takes its place. */
export const DNS_SITE: DnsTarget = {
	host: SERVICE_HOST ?? UNKNOWN_DNS_TARGET.host,
	names: parsePublishedNames(document.documentElement.dataset.names ?? '') ?? 'all',
};
