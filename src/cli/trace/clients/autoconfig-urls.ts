/** What several clients have in common: the URLs of autoconfig, and the authentication methods that they support. */
import type { EmailAddress } from '../../../model/names.ts';
import { type AutoconfigRules, autoconfigUrl } from '../autoconfig-discovery.ts';

// Clients know the OAuth2 servers of Google, Microsoft and a few others by host name; for other hosts they skip OAuth2.
export const PASSWORD_AUTHENTICATIONS = ['password-cleartext', 'plain', 'password-encrypted', 'secure'];

/** Takes the first server of each kind. */
export const FIRST_SERVER_RULES: AutoconfigRules = { picks: 'first' };

/** `autoconfig.D` and `D/.well-known`, with the address in the query as the client writes it. */
export const subdomainAndWellKnown = (scheme: 'https' | 'http', query: 'none' | 'encoded' | 'raw') => [
	autoconfigUrl.subdomain(scheme, query),
	autoconfigUrl.wellKnown(scheme, query),
];

/** Several URLs for one address. */
export const urlsFor = (places: readonly ((address: EmailAddress) => string)[], address: EmailAddress) =>
	places.map((make) => make(address));

/** The autoconfig subdomain of a domain, without an address in the query. */
export const autoconfigSubdomainUrl = (domain: string) => `https://autoconfig.${domain}/mail/config-v1.1.xml`;
