/** How KMail looks for settings, in its own order, and what it takes of them. */
import { autoconfigUrl, discoverAutoconfig, ISPDB_URL } from '../autoconfig-discovery.ts';
import type { MailClient } from '../discovery.ts';
import { urlsFor } from './autoconfig-urls.ts';

export const kmail: MailClient = {
	title: 'KMail',
	evidence: { known: 'run', version: '24.12.3', date: '2026-11-28', source: 'kmail-account-wizard, src/ispdbservice.cpp' },
	userAgent: 'Mozilla/5.0',
	*discover(address) {
		const urls = [
			`${ISPDB_URL}${address.domain}`,
			...urlsFor(
				[autoconfigUrl.subdomain('https', 'none'), autoconfigUrl.subdomain('http', 'none'), autoconfigUrl.wellKnown('https', 'none')],
				address,
			),
		];
		// It keeps the outgoing server with the greatest socketType, and STARTTLS comes after SSL in its enumeration, whatever the order.
		const settings = yield* discoverAutoconfig(urls, { picks: 'first', prefersStarttls: true });
		// For POP3 over TLS from the first byte its wizard writes `useTLS=true` on port 995, which is its word for STARTTLS.
		if (settings?.incoming?.kind !== 'pop3') return settings;
		return { ...settings, incoming: { ...settings.incoming, security: 'starttls' } };
	},
};
