/** How Delta Chat looks for settings, in its own order, and what it takes of them. */
import { type AutoconfigRules, autoconfigUrl, discoverAutoconfig, ISPDB_URL } from '../autoconfig-discovery.ts';
import { autodiscoverUrl, discoverAutodiscover } from '../autodiscover-discovery.ts';
import type { Discovery, MailClient } from '../discovery.ts';
import { urlsFor } from './autoconfig-urls.ts';

// Delta Chat tries the servers in turn and keeps the first at which its login succeeds; it has no POP3.
const DELTA_CHAT_RULES: AutoconfigRules = { picks: 'first', imapOnly: true };

export const deltaChat: MailClient = {
	title: 'Delta Chat',
	evidence: { known: 'run', version: '2.57.0', date: '2026-11-28', source: 'core, src/configure.rs' },
	*discover(address) {
		const { domain } = address;
		const gets = [autodiscoverUrl(domain), autodiscoverUrl(`autodiscover.${domain}`)].map(
			(url) => ({ action: 'http', method: 'GET', url }) as const,
		);
		return (
			(yield* discoverAutoconfig(
				urlsFor([autoconfigUrl.subdomain('https', 'encoded'), autoconfigUrl.wellKnown('https', 'none')], address),
				DELTA_CHAT_RULES,
			)) ??
			(yield* discoverImap(gets)) ??
			(yield* discoverAutoconfig([`${ISPDB_URL}${domain}`], DELTA_CHAT_RULES))
		);
	},
};

/** Autodiscover's answer where it has IMAP; one with POP3 alone is passed over. */
function* discoverImap(requests: Parameters<typeof discoverAutodiscover>[0]): Discovery {
	const settings = yield* discoverAutodiscover(requests, 'first');
	return settings?.incoming?.kind === 'imap' ? settings : null;
}
