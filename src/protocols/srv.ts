/** SRV records for mail services: RFC 6186 with RFC 8314 §5.1, and ManageSieve (RFC 5804). */
import { type ClientConfig, type SocketOffer, socketOffersOf } from '../model/config.ts';
import type { DnsRecord } from '../model/dns-record.ts';
import type { Protocol } from './protocol.ts';

interface SrvLabel {
	readonly label: string;
	readonly kind: SocketOffer['kind'];
	readonly security: SocketOffer['security'];
	/** RFC 2782: the lowest is tried first. */
	readonly priority: number;
	/**
	 * Where the service is not offered: `denied` is a record that says so (target ".", RFC 6186 §3.4), `omitted` is no record. `stands-in` is an
	 * old name for a service that has a label of its own: there is a record where the service is offered and its STARTTLS form is not.
	 */
	readonly absent: 'denied' | 'omitted' | 'stands-in';
}

// RFC 8314 §5.1: implicit TLS comes before STARTTLS. With equal priorities FairEmail would choose 587, so they differ. RFC 6186 §3.4 lets
// clients compare priorities across labels, so IMAP comes before POP3. aerc uses any _imap record whose target is not ".", so a missing
// service must be denied.
// _smtps is what aerc (fab0531) asks for beside _submission, and it never asks for _submissions: its SRV records go before autoconfig, so that
// without _smtps it has no outgoing server where 587 is not offered. Others that read it (jmap-perl, mailcow) take it for implicit TLS as well.
// While 587 is offered, nothing breaks without it; the registered name is submissions (RFC 8314 §7.3).
const SRV_LABELS: readonly SrvLabel[] = [
	{ label: '_imaps._tcp', kind: 'imap', security: 'tls', priority: 0, absent: 'denied' },
	{ label: '_imap._tcp', kind: 'imap', security: 'starttls', priority: 10, absent: 'denied' },
	{ label: '_pop3s._tcp', kind: 'pop3', security: 'tls', priority: 20, absent: 'denied' },
	{ label: '_pop3._tcp', kind: 'pop3', security: 'starttls', priority: 30, absent: 'denied' },
	{ label: '_submissions._tcp', kind: 'smtp', security: 'tls', priority: 0, absent: 'denied' },
	{ label: '_submission._tcp', kind: 'smtp', security: 'starttls', priority: 10, absent: 'denied' },
	{ label: '_smtps._tcp', kind: 'smtp', security: 'tls', priority: 10, absent: 'stands-in' },
	{ label: '_sieve._tcp', kind: 'sieve', security: 'starttls', priority: 0, absent: 'omitted' },
];

function srvRecords(config: ClientConfig): readonly DnsRecord[] {
	if (!SRV_LABELS.some(({ kind }) => socketOffersOf(config, kind).length > 0)) return [];
	return SRV_LABELS.flatMap(({ label, kind, security, priority, absent }): readonly DnsRecord[] => {
		const name = `${label}.${config.domain}`;
		const offers = socketOffersOf(config, kind);
		if (absent === 'stands-in' && offers.some((offer) => offer.security === 'starttls')) return [];
		const named = offers.filter((candidate) => candidate.security === security);
		// Several hosts follow each other. Weight 1: a weight of 0 beside others would hardly ever be chosen (RFC 2782).
		if (named.length > 0)
			return named.map(({ port, host }, at) => ({ type: 'SRV', name, priority: priority + at, weight: 1, port, target: host }));
		// RFC 2782: a target of "." means that the service is decidedly not available.
		return absent === 'denied' ? [{ type: 'SRV', name, priority: 0, weight: 0, port: 0, target: '.' }] : [];
	});
}

export const srv: Protocol = {
	id: 'srv',
	title: 'SRV records for mail',
	spec: 'RFC 6186, RFC 8314 §5.1, RFC 5804',
	endpoints: [],
	dnsRecords: async (config) => srvRecords(config),
};
