/** How Nextcloud Mail looks for settings, in its own order, and what it takes of them. */
import { discoverAutoconfig, discoverByMx, ISPDB_URL } from '../autoconfig-discovery.ts';
import type { MailClient } from '../discovery.ts';
import { autoconfigSubdomainUrl, FIRST_SERVER_RULES, subdomainAndWellKnown, urlsFor } from './autoconfig-urls.ts';

export const nextcloud: MailClient = {
	title: 'Nextcloud Mail',
	evidence: { known: 'read', version: 'nextcloud/mail@e5734fe', date: '2026-11-01', source: 'lib/Service/AutoConfig/IspDb.php' },
	*discover(address) {
		const urls = [
			...urlsFor(subdomainAndWellKnown('https', 'raw'), address),
			`${ISPDB_URL}${address.domain}`,
			...urlsFor(subdomainAndWellKnown('http', 'raw'), address),
		];
		return (
			(yield* discoverAutoconfig(urls, FIRST_SERVER_RULES)) ??
			(yield* discoverByMx(address, (domain) => [autoconfigSubdomainUrl(domain)], FIRST_SERVER_RULES))
		);
	},
};
