/** Where the service itself is found. The document says it (src/admin/console.tsx). */

import { type DnsTarget, UNKNOWN_DNS_TARGET } from '../../model/dns-record.ts';
import { type Domain, parseDomain } from '../../model/names.ts';

/** Null where the operator has not set SERVICE_HOST. */
export const SERVICE_HOST: Domain | null = parseDomain(document.documentElement.dataset.serviceHost ?? '');

/** Where a customer's names point to, with a stand-in where that is not known. */
export const DNS_SITE: DnsTarget = SERVICE_HOST === null ? UNKNOWN_DNS_TARGET : { host: SERVICE_HOST };
