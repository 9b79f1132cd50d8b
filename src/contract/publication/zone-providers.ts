/** The providers of DNS whose zones the service itself can change, by their HTTP APIs. */
export const ZONE_PROVIDERS = ['cloudflare', 'powerdns'] as const;
export type ZoneProvider = (typeof ZONE_PROVIDERS)[number];

/** Their names, for people. */
export const ZONE_PROVIDER_TITLES: Readonly<Record<ZoneProvider, string>> = { cloudflare: 'Cloudflare', powerdns: 'PowerDNS' };
