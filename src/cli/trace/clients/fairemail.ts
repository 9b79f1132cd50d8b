/** How FairEmail looks for settings, in its own order, and what it takes of them. */
import { discoverAutoconfig, findSrvRecords, ISPDB_URL, type SrvTarget } from '../autoconfig-discovery.ts';
import { autodiscoverPost, autodiscoverUrl, discoverAutodiscover } from '../autodiscover-discovery.ts';
import type { DiscoveredServer, Discovery, MailClient } from '../discovery.ts';
import { subdomainAndWellKnown, urlsFor } from './autoconfig-urls.ts';

export const fairemail: MailClient = {
	title: 'FairEmail',
	evidence: { known: 'read', version: 'M66B/FairEmail@e23dd9d', date: '2026-11-01', source: 'EmailProvider.java' },
	*discover(address) {
		const { domain } = address;
		return (
			(yield* discoverFairEmailSrv(domain)) ??
			(yield* discoverAutoconfig(
				[...urlsFor([...subdomainAndWellKnown('https', 'raw'), ...subdomainAndWellKnown('http', 'raw')], address), `${ISPDB_URL}${domain}`],
				{
					picks: 'first',
					requiresImapFirst: true,
				},
			)) ??
			(yield* discoverAutodiscover(
				[autodiscoverUrl(domain), autodiscoverUrl(`autodiscover.${domain}`)].map((url) =>
					autodiscoverPost(address, url, { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }),
				),
				'last',
			))
		);
	},
};

/** FairEmail sorts by priority over both labels; at a tie 993 goes before 143, but 587 before 465. It needs both kinds. */
function* discoverFairEmailSrv(domain: string): Discovery {
	const found: (SrvTarget & { readonly label: string; readonly rank: number })[] = [];
	for (const [rank, label] of ['_imaps', '_imap', '_submission', '_submissions'].entries())
		for (const record of yield* findSrvRecords(label, domain)) found.push({ ...record, label, rank });
	found.sort((a, b) => a.priority - b.priority || b.weight - a.weight || a.rank - b.rank);
	const pick = (labels: readonly string[], kind: 'imap' | 'smtp'): DiscoveredServer | null => {
		const record = found.find(({ label }) => labels.includes(label));
		return record === undefined
			? null
			: { kind, host: record.host, port: record.port, security: record.label.endsWith('s') ? 'tls' : 'starttls' };
	};
	const [incoming, outgoing] = [pick(['_imap', '_imaps'], 'imap'), pick(['_submission', '_submissions'], 'smtp')];
	if (incoming === null || outgoing === null) return null;
	return { incoming, outgoing, source: 'SRV', why: 'the lowest priority number of each kind; SRV goes before autoconfig' };
}
