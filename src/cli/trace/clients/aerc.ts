/** How aerc looks for settings, in its own order, and what it takes of them. */
import { discoverAutoconfig, findSrvRecords, ISPDB_URL } from '../autoconfig-discovery.ts';
import type { DiscoveredServer, MailClient } from '../discovery.ts';
import { subdomainAndWellKnown, urlsFor } from './autoconfig-urls.ts';

export const aerc: MailClient = {
	title: 'aerc',
	userAgent: 'Go-http-client/2.0',
	evidence: 'lib/autoconfig, rjarry/aerc@fab0531: never asks for _submissions, SRV goes before autoconfig',
	*discover(address) {
		const { domain } = address;
		const [imap] = yield* findSrvRecords('_imap', domain);
		const [imaps] = yield* findSrvRecords('_imaps', domain);
		const [submission] = yield* findSrvRecords('_submission', domain);
		const [smtps] = yield* findSrvRecords('_smtps', domain);
		const incoming: DiscoveredServer | null =
			imap !== undefined
				? { kind: 'imap', host: imap.host, port: imap.port, security: 'starttls' }
				: imaps !== undefined
					? { kind: 'imap', host: imaps.host, port: imaps.port, security: 'tls' }
					: null;
		const outgoing: DiscoveredServer | null =
			submission !== undefined
				? { kind: 'smtp', host: submission.host, port: submission.port, security: 'starttls' }
				: smtps !== undefined
					? { kind: 'smtp', host: smtps.host, port: smtps.port, security: 'tls' }
					: null;
		if (incoming !== null)
			return { incoming, outgoing, source: 'SRV', why: 'SRV goes before autoconfig, and _submissions is not asked for' };
		return yield* discoverAutoconfig([...urlsFor(subdomainAndWellKnown('https', 'encoded'), address), `${ISPDB_URL}${domain}`], {
			picks: 'last',
		});
	},
};
