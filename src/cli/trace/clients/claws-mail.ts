/** How Claws Mail 4.3 looks for settings: the SRV records of IMAP and of submission with STARTTLS. */
import { findSrvRecords } from '../autoconfig-discovery.ts';
import type { DiscoveredServer, MailClient } from '../discovery.ts';

export const clawsMail: MailClient = {
	title: 'Claws Mail',
	evidence: { known: 'run', version: '4.3.1', date: '2026-11-28', source: 'src/wizard.c, "Auto-configure"' },
	*discover({ domain }) {
		const [imaps] = yield* findSrvRecords('_imaps', domain);
		const [submission] = yield* findSrvRecords('_submission', domain);
		const incoming: DiscoveredServer | null =
			imaps === undefined ? null : { kind: 'imap', host: imaps.host, port: imaps.port, security: 'tls' };
		const outgoing: DiscoveredServer | null =
			submission === undefined ? null : { kind: 'smtp', host: submission.host, port: submission.port, security: 'starttls' };
		if (incoming === null && outgoing === null) return null;
		return { incoming, outgoing, source: 'SRV', why: 'SRV alone, and _submissions is not asked for' };
	},
};
