/** How Geary looks for settings, in its own order, and what it takes of them. */
import { autoconfigUrl, discoverAutoconfig, ISPDB_URL } from '../autoconfig-discovery.ts';
import type { MailClient } from '../discovery.ts';

export const geary: MailClient = {
	title: 'Geary',
	evidence: { known: 'run', version: '46.0', date: '2026-11-28', source: 'accounts-autoconfig.vala' },
	discover: (address) =>
		discoverAutoconfig([autoconfigUrl.subdomain('https', 'none')(address), `${ISPDB_URL}${address.domain}`], {
			picks: 'first',
			requiresImapFirst: true,
		}),
};
