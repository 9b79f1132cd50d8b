/** How Delta Chat looks for settings, in its own order, and what it takes of them. */
import { autoconfigUrl, discoverAutoconfig, ISPDB_URL } from '../autoconfig-discovery.ts';
import { autodiscoverUrl, discoverAutodiscover } from '../autodiscover-discovery.ts';
import type { MailClient } from '../discovery.ts';
import { FIRST_SERVER_RULES, urlsFor } from './autoconfig-urls.ts';

export const deltaChat: MailClient = {
	title: 'Delta Chat',
	evidence: 'src/configure.rs, chatmail/core@4888889; it tries every server in turn, here the first',
	*discover(address) {
		const { domain } = address;
		const gets = [autodiscoverUrl(domain), autodiscoverUrl(`autodiscover.${domain}`)].map(
			(url) => ({ action: 'http', method: 'GET', url }) as const,
		);
		return (
			(yield* discoverAutoconfig(
				urlsFor([autoconfigUrl.subdomain('https', 'encoded'), autoconfigUrl.wellKnown('https', 'none')], address),
				FIRST_SERVER_RULES,
			)) ??
			(yield* discoverAutodiscover(gets, 'first')) ??
			(yield* discoverAutoconfig([`${ISPDB_URL}${domain}`], FIRST_SERVER_RULES))
		);
	},
};
