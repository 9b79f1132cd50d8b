/** How Evolution looks for settings, in its own order, and what it takes of them. */
import { createHash } from 'node:crypto';
import { autoconfigUrl, discoverAutoconfig, findSrvRecords, ISPDB_URL } from '../autoconfig-discovery.ts';
import type { DiscoveredServer, Discovery, MailClient } from '../discovery.ts';
import { urlsFor } from './autoconfig-urls.ts';

export const evolution: MailClient = {
	title: 'Evolution',
	evidence: { known: 'run', version: '3.56.2', date: '2026-11-28', source: 'src/mail/e-mail-autoconfig.c, e-mail-config-lookup' },
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
		return (
			(yield* discoverAutoconfig([...urls, `${ISPDB_URL}${address.domain}`], { picks: 'last' })) ??
			(yield* discoverEvolutionSrv(address.domain))
		);
	},
};

/** Evolution asks for SRV records beside the web; what they say is taken where the web says nothing. */
function* discoverEvolutionSrv(domain: string): Discovery {
	const first = function* (labels: readonly (readonly [string, DiscoveredServer['kind'], DiscoveredServer['security']])[]) {
		for (const [label, kind, security] of labels) {
			const [record] = yield* findSrvRecords(label, domain);
			if (record !== undefined) return { kind, host: record.host, port: record.port, security };
		}
		return null;
	};
	const incoming = yield* first([
		['_imaps', 'imap', 'tls'],
		['_imap', 'imap', 'starttls'],
		['_pop3s', 'pop3', 'tls'],
		['_pop3', 'pop3', 'starttls'],
	]);
	const outgoing = yield* first([
		['_submissions', 'smtp', 'tls'],
		['_submission', 'smtp', 'starttls'],
	]);
	// The assistant takes over what it has found of one direction, and does not go on before the user has typed in the other.
	if (incoming === null || outgoing === null) return null;
	return { incoming, outgoing, source: 'SRV', why: 'the web has no settings; of SRV records, implicit TLS comes first' };
}
