/** How aerc 0.20 looks for settings: four SRV queries and nothing else. */
import { SOCKET_SERVICES } from '../../../model/service-ports.ts';
import { findSrvRecords } from '../autoconfig-discovery.ts';
import type { DiscoveredServer, MailClient } from '../discovery.ts';

const SUBMISSIONS_PORT = SOCKET_SERVICES.submission.implicit;

export const aerc: MailClient = {
	title: 'aerc',
	evidence: { known: 'run', version: '0.20.0', date: '2026-11-28', source: 'app/wizard' },
	*discover({ domain }) {
		const [imaps] = yield* findSrvRecords('_imaps', domain);
		const [imap] = yield* findSrvRecords('_imap', domain);
		const [submission] = yield* findSrvRecords('_submission', domain);
		const incoming: DiscoveredServer | null =
			imaps !== undefined
				? { kind: 'imap', host: imaps.host, port: imaps.port, security: 'tls' }
				: imap !== undefined
					? { kind: 'imap', host: imap.host, port: imap.port, security: 'starttls' }
					: null;
		// It writes smtps://…:587, which is implicit TLS on the port of STARTTLS: mail cannot be sent until the user corrects it.
		const outgoing: DiscoveredServer | null =
			submission === undefined
				? null
				: {
						kind: 'smtp',
						host: submission.host,
						port: submission.port,
						security: submission.port === SUBMISSIONS_PORT ? 'starttls' : 'tls',
					};
		if (incoming === null && outgoing === null) return null;
		const why = 'SRV alone, and of submission only _submission, whose port it takes for implicit TLS';
		return { incoming, outgoing, source: 'SRV', why };
	},
};
