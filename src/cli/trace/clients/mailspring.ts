/** How Mailspring looks for settings, in its own order, and what it takes of them. */
import { discoverAutoconfig } from '../autoconfig-discovery.ts';
import type { MailClient } from '../discovery.ts';
import { FIRST_SERVER_RULES, subdomainAndWellKnown, urlsFor } from './autoconfig-urls.ts';

export const mailspring: MailClient = {
	title: 'Mailspring',
	evidence: { known: 'read', version: 'Foundry376/Mailspring@d93a0d7', date: '2026-11-01', source: 'onboarding-helpers.ts' },
	discover: (address) => discoverAutoconfig(urlsFor(subdomainAndWellKnown('https', 'none'), address), FIRST_SERVER_RULES),
};
