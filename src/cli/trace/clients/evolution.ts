/** How Evolution looks for settings, in its own order, and what it takes of them. */
import { createHash } from 'node:crypto';
import { autoconfigUrl, discoverAutoconfig, ISPDB_URL } from '../autoconfig-discovery.ts';
import type { MailClient } from '../discovery.ts';
import { urlsFor } from './autoconfig-urls.ts';

export const evolution: MailClient = {
	title: 'Evolution',
	evidence: 'src/mail/e-mail-autoconfig.c: one struct per kind, filled again for each section',
	*discover(address) {
		// The second parameter identifies Evolution to the service.
		const digest = createHash('md5').update(address.text.toLowerCase()).digest('hex');
		const places = [
			autoconfigUrl.subdomain('https', 'encoded'),
			autoconfigUrl.subdomain('http', 'encoded'),
			autoconfigUrl.wellKnown('https', 'encoded'),
			autoconfigUrl.wellKnown('http', 'encoded'),
		];
		const urls = urlsFor(places, address).map((url) => `${url}&emailmd5=${digest}`);
		return yield* discoverAutoconfig([...urls, `${ISPDB_URL}${address.domain}`], { picks: 'last' });
	},
};
