/** Where the service itself is found. The document says it (src/admin/console.tsx). */
import { type Domain, parseDomain } from '../../model/names.ts';

/** Null where the operator has not set SERVICE_HOST. */
export const SERVICE_HOST: Domain | null = parseDomain(document.documentElement.dataset.serviceHost ?? '');

/** What stands in its place (RFC 2606 §2). */
export const DNS_SITE = { host: SERVICE_HOST ?? ('signpost.invalid' as Domain) };
