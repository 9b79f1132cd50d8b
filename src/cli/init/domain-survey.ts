/**
 * Surveys a domain: its MX and SRV records, an autoconfig document if it has one, the usual host names, and which of their ports speak TLS.
 */

import { mapConcurrently } from '../../lib/concurrency.ts';
import type { Domain } from '../../model/names.ts';
import { type Security, SOCKET_SERVICE_ORDER, SOCKET_SERVICES, type SocketService } from '../../model/service-ports.ts';
import { isConclusive } from '../dns/resolver.ts';
import { implicitTlsDialogue, starttlsDialogue } from '../probe/dialogues.ts';
import { MAIL_PROTOCOLS } from '../probe/mail-protocols.ts';
import type { Network } from '../probe/network.ts';
import { type ConnectFailure, runDialogue } from '../probe/run-dialogue.ts';
import { CLIENT_OFFER } from '../probe/tls-offer.ts';
import { sanitizeText } from '../terminal.ts';
import { MAIL_CLIENTS } from '../trace/mail-clients.ts';
import { runDiscovery } from '../trace/run-discovery.ts';

interface CandidatePort {
	readonly service: SocketService;
	readonly host: string;
	readonly port: number;
	readonly security: Security;
}

/** A port that answered. */
export interface OpenPort extends CandidatePort {
	/** Whether a client would accept the certificate. */
	readonly trusted: boolean;
	/** What the certificate covers. */
	readonly names: readonly string[];
}

/** A port of which the survey does not know whether it takes mail programs: a filter on the way may have kept the answer back. */
export interface UnknownPort extends CandidatePort {
	/** What happened instead, as the end of a sentence. */
	readonly reason: string;
}

export interface DomainSurvey {
	/** Sentences for people, in the order of the survey. */
	readonly observations: readonly { readonly about: string; readonly text: string }[];
	readonly mx: readonly string[];
	/** Hosts that SRV records or an autoconfig name, by service. */
	readonly namedHosts: Readonly<Partial<Record<SocketService, string>>>;
	readonly ports: readonly OpenPort[];
	readonly unknownPorts: readonly UnknownPort[];
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
	const exchanges = await queryRecords(network, domain, 'MX');
	const mx = exchanges.records.map((data) => data.replace(/^\d+ /, '').replace(/\.$/, ''));
	notes.push({ about: 'MX', text: exchanges.failure ?? (mx.join(', ') || 'none') });
	const named = await findNamedHosts(domain, network, notes);
	const candidates = SOCKET_SERVICE_ORDER.flatMap((service) => {
		const hosts = new Set(
			[named[service], ...USUAL_LABELS[service].map((label) => `${label}.${domain}`), ...mx].filter((host) => host !== undefined),
		);
		return [...hosts].flatMap((host) => candidatePorts(service, host));
	});
	const answered = await mapConcurrently(candidates, CONCURRENT_PROBES, (candidate) => probePort(candidate, network));
	const ports = answered.flatMap((probed) => (probed.state === 'open' ? [probed.port] : []));
	for (const { service, host, port, security, trusted } of ports)
		notes.push({
			about: SOCKET_SERVICES[service].title,
			text: `${host}:${port} ${security === 'tls' ? 'TLS' : 'STARTTLS'}${trusted ? '' : ', with a certificate that clients refuse'}`,
		});
	const unknownPorts = answered.flatMap((probed) => (probed.state === 'unknown' ? [probed.port] : []));
	// That a host is silent which was only guessed tells nobody anything.
	const knownHosts = new Set([...Object.values(named), ...ports.map(({ host }) => host)]);
	for (const { service, host, port, reason } of unknownPorts.filter((unknown) => knownHosts.has(unknown.host)))
		notes.push({ about: SOCKET_SERVICES[service].title, text: `${host}:${port} not known: ${reason}` });
	return { observations: notes, mx, namedHosts: named, ports, unknownPorts };
}

/** The data of a name's records; `failure` says why they are not known. */
async function queryRecords(
	network: Network,
	name: string,
	type: 'MX' | 'SRV',
): Promise<{ readonly records: readonly string[]; readonly failure: string | null }> {
	const reply = await network.resolver.query(name, type);
	if (!reply.ok) return { records: [], failure: `not known: ${reply.error.message}` };
	if (!isConclusive(reply.value)) return { records: [], failure: `not known: DNS answered ${reply.value.rcode}` };
	return { records: reply.value.records.flatMap((record) => (record.type === type ? [record.data] : [])), failure: null };
}

async function findNamedHosts(
	domain: Domain,
	network: Network,
	notes: { about: string; text: string }[],
): Promise<DomainSurvey['namedHosts']> {
	const named: Partial<Record<SocketService, string>> = {};
	for (const service of SOCKET_SERVICE_ORDER)
		for (const label of SRV_LABELS[service]) {
			const { records, failure } = await queryRecords(network, `${label}._tcp.${domain}`, 'SRV');
			if (failure !== null) notes.push({ about: `${label}._tcp`, text: failure });
			const target = records.find((data) => !data.endsWith(' .'))?.split(' ')[3];
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

function candidatePorts(service: SocketService, host: string): readonly CandidatePort[] {
	const { implicit, registeredStarttls } = SOCKET_SERVICES[service];
	const starttls = { service, host, port: registeredStarttls, security: 'starttls' as const };
	return implicit === null ? [starttls] : [{ service, host, port: implicit, security: 'tls' as const }, starttls];
}

type ProbedPort =
	| { readonly state: 'open'; readonly port: OpenPort }
	/** It answered that it is none: the host does not exist, nobody listens, another program does, or it has no TLS. */
	| { readonly state: 'closed' }
	| { readonly state: 'unknown'; readonly port: UnknownPort };

const CONNECT_FAILURES = {
	deadline: 'it did not answer in time',
	unreachable: 'it cannot be reached from here',
	'no-route': 'there is no route to it from here',
} as const satisfies Record<Exclude<ConnectFailure, 'refused'>, string>;

/** Reads the greeting and disconnects. */
async function probePort(candidate: CandidatePort, network: Network): Promise<ProbedPort> {
	const { service, host, port, security } = candidate;
	const unknown = (reason: string): ProbedPort => ({ state: 'unknown', port: { ...candidate, reason } });
	const route = await network.findSocketAddress(host, port);
	if (route === 'no-address') return { state: 'closed' };
	if (route === 'no-answer') return unknown('DNS did not answer for its address');
	const protocol = MAIL_PROTOCOLS[SOCKET_SERVICES[service].kind];
	const target = { host, address: route.address, port: route.port, ca: network.ca, tlsOffer: CLIENT_OFFER, timeoutMs: network.timeoutMs };
	const probe = await runDialogue(target, security === 'tls' ? implicitTlsDialogue(protocol) : starttlsDialogue(protocol));
	if (!probe.ok) return probe.failure === 'refused' ? { state: 'closed' } : unknown(CONNECT_FAILURES[probe.failure]);
	const { tls, unexpectedGreeting, interruption, starttls, reason } = probe.value;
	if (unexpectedGreeting) return { state: 'closed' };
	if (tls !== null) {
		const { verifyError, nameMatches, certificateNames } = tls;
		return { state: 'open', port: { ...candidate, trusted: verifyError === null && nameMatches, names: certificateNames } };
	}
	if (interruption !== null) return unknown(`it fell silent or hung up during ${interruption.during}`);
	if (starttls === 'failed') return unknown(`the TLS handshake failed: ${sanitizeText(reason ?? 'no reason was given')}`);
	return { state: 'closed' };
}
