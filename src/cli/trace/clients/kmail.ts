/** How KMail looks for settings, in its own order, and what it takes of them. */
import { autoconfigUrl, discoverAutoconfig, ISPDB_URL } from '../autoconfig-discovery.ts';
import type { MailClient } from '../discovery.ts';
import { FIRST_SERVER_RULES, urlsFor } from './autoconfig-urls.ts';

export const kmail: MailClient = {
	title: 'KMail',
	evidence: 'src/ispdbservice.cpp, KDE/kmail-account-wizard@8163b65; the user may choose another from its list',
	discover: (address) =>
		discoverAutoconfig(
			[
				`${ISPDB_URL}${address.domain}`,
				...urlsFor(
					[autoconfigUrl.subdomain('https', 'none'), autoconfigUrl.subdomain('http', 'none'), autoconfigUrl.wellKnown('https', 'none')],
					address,
				),
			],
			FIRST_SERVER_RULES,
		),
};
