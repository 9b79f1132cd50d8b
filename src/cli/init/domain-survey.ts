/**
 * Surveys a domain: its MX and SRV records, an autoconfig document if it has one, the usual host names, and which of their ports speak TLS.
 */

import { mapConcurrently } from '../../lib/concurrency.ts';
import type { Domain } from '../../model/names.ts';
import { SOCKET_SERVICE_ORDER, SOCKET_SERVICES, type SocketService } from '../../model/service-ports.ts';
import { implicitTlsDialogue, starttlsDialogue } from '../probe/dialogues.ts';
import { MAIL_PROTOCOLS } from '../probe/mail-protocols.ts';
import type { Network } from '../probe/network.ts';
import { runDialogue } from '../probe/run-dialogue.ts';
import { CLIENT_OFFER } from '../probe/tls-offer.ts';
import { MAIL_CLIENTS } from '../trace/mail-clients.ts';
import { runDiscovery } from '../trace/run-discovery.ts';

/** A port that answered. */
export interface OpenPort {
	readonly service: SocketService;
	readonly host: string;
	readonly port: number;
	readonly security: 'tls' | 'starttls';
	/** Whether a client would accept the certificate. */
	readonly trusted: boolean;
	/** What the certificate covers. */
	readonly names: readonly string[];
}

export interface DomainSurvey {
	/** Sentences for people, in the order of the survey. */
	readonly observations: readonly { readonly about: string; readonly text: string }[];
	readonly mx: readonly string[];
	/** Hosts that SRV records or an autoconfig name, by service. */
	readonly namedHosts: Readonly<Partial<Record<SocketService, string>>>;
	readonly ports: readonly OpenPort[];
}

const SRV_LABELS = {
	imap: ['_imaps', '_imap'],
	pop3: ['_pop3s', '_pop3'],
	submission: ['_submissions', '_smtps', '_submission'],
	sieve: ['_sieve'],
} as const satisfies Record<SocketService, readonly string[]>;

// Usual names of mail servers, which Thunderbird guesses too.
const USUAL_LABELS = {
	imap: ['imap', 'mail'],
	pop3: ['pop', 'pop3', 'mail'],
	submission: ['smtp', 'mail'],
	sieve: ['sieve', 'imap', 'mail'],
} as const satisfies Record<SocketService, readonly string[]>;

const CONCURRENT_PROBES = 8;

export async function surveyDomain(domain: Domain, network: Network): Promise<DomainSurvey> {
	const notes: { about: string; text: string }[] = [];
	const reply = await network.resolver.query(domain, 'MX');
	const mx = reply.ok
		? reply.value.records.filter(({ type }) => type === 'MX').map(({ data }) => data.replace(/^\d+ /, '').replace(/\.$/, ''))
		: [];
	notes.push({ about: 'MX', text: reply.ok ? mx.join(', ') || 'none' : reply.error.message });
	const named = await findNamedHosts(domain, network, notes);
	const candidates = SOCKET_SERVICE_ORDER.flatMap((service) => {
		const hosts = new Set(
			[named[service], ...USUAL_LABELS[service].map((label) => `${label}.${domain}`), ...mx].filter((host) => host !== undefined),
		);
		return [...hosts].flatMap((host) => candidatePorts(service, host));
	});
	const answered = await mapConcurrently(candidates, CONCURRENT_PROBES, (candidate) => probePort(candidate, network));
	const ports = answered.filter((port) => port !== null);
	for (const { service, host, port, security, trusted } of ports)
		notes.push({
			about: SOCKET_SERVICES[service].title,
			text: `${host}:${port} ${security === 'tls' ? 'TLS' : 'STARTTLS'}${trusted ? '' : ', with a certificate that clients refuse'}`,
		});
	return { observations: notes, mx, namedHosts: named, ports };
}

async function findNamedHosts(
	domain: Domain,
	network: Network,
	notes: { about: string; text: string }[],
): Promise<DomainSurvey['namedHosts']> {
	const named: Partial<Record<SocketService, string>> = {};
	for (const service of SOCKET_SERVICE_ORDER)
		for (const label of SRV_LABELS[service]) {
			const reply = await network.resolver.query(`${label}._tcp.${domain}`, 'SRV');
			const target = (reply.ok ? reply.value.records : [])
				.find(({ type, data }) => type === 'SRV' && !data.endsWith(' .'))
				?.data.split(' ')[3];
			if (target === undefined) continue;
			named[service] ??= target.replace(/\.$/, '');
			notes.push({ about: `${label}._tcp`, text: target });
		}
	// The settings that Thunderbird finds are those that users have today.
	const { settings } = await runDiscovery(
		MAIL_CLIENTS['thunderbird-android'],
		{ local: 'postmaster', domain, text: `postmaster@${domain}` },
		network,
	);
	if (settings !== null)
		notes.push({
			about: 'autoconfig',
			text: `${settings.source}: ${settings.incoming?.host ?? 'none'}, ${settings.outgoing?.host ?? 'none'}`,
		});
	if (settings?.incoming?.kind === 'imap') named.imap ??= settings.incoming.host;
	if (settings?.incoming?.kind === 'pop3') named.pop3 ??= settings.incoming.host;
	if (settings?.outgoing !== null && settings?.outgoing !== undefined) named.submission ??= settings.outgoing.host;
	return named;
}

interface CandidatePort {
	readonly service: SocketService;
	readonly host: string;
	readonly port: number;
	readonly security: 'tls' | 'starttls';
}

function candidatePorts(service: SocketService, host: string): readonly CandidatePort[] {
	const { implicit, registeredStarttls } = SOCKET_SERVICES[service];
	const starttls = { service, host, port: registeredStarttls, security: 'starttls' as const };
	return implicit === null ? [starttls] : [{ service, host, port: implicit, security: 'tls' as const }, starttls];
}

/** Reads the greeting and disconnects. Null where there is no answer in that protocol, or no TLS. */
async function probePort({ service, host, port, security }: CandidatePort, network: Network): Promise<OpenPort | null> {
	const route = await network.findSocketAddress(host, port);
	if (typeof route === 'string') return null;
	const protocol = MAIL_PROTOCOLS[SOCKET_SERVICES[service].kind];
	const target = { host, address: route.address, port: route.port, ca: network.ca, tlsOffer: CLIENT_OFFER, timeoutMs: network.timeoutMs };
	const probe = await runDialogue(target, security === 'tls' ? implicitTlsDialogue(protocol) : starttlsDialogue(protocol));
	if (!probe.ok || probe.value.tls === null || probe.value.unexpectedGreeting) return null;
	const { verifyError, nameMatches, certificateNames } = probe.value.tls;
	return { service, host, port, security, trusted: verifyError === null && nameMatches, names: certificateNames };
}
