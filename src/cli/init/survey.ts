/** What a domain shows of itself: MX, SRV, an autoconfig that is there already, the usual host names, and which of their ports speak TLS. */
import type { Domain } from '../../model/names.ts';
import { SOCKET_SERVICE_ORDER, SOCKET_SERVICES, type SocketService } from '../../model/service.ts';
import type { Network } from '../network.ts';
import { inParallel } from '../parallel.ts';
import { drive } from '../probe/drive.ts';
import { SPEECHES } from '../probe/speech.ts';
import { implicitVisit, starttlsVisit } from '../probe/visit.ts';
import { CLIENTS } from '../trace/clients.ts';
import { follow } from '../trace/follow.ts';

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

export interface Survey {
	/** For people, in the order of looking. */
	readonly notes: readonly { readonly about: string; readonly text: string }[];
	readonly mx: readonly string[];
	/** Hosts that SRV records or an autoconfig name, by service. */
	readonly named: Readonly<Partial<Record<SocketService, string>>>;
	readonly ports: readonly OpenPort[];
}

const SRV_LABELS = {
	imap: ['_imaps', '_imap'],
	pop3: ['_pop3s', '_pop3'],
	submission: ['_submissions', '_submission'],
	sieve: ['_sieve'],
} as const satisfies Record<SocketService, readonly string[]>;

// Names under which mail servers usually stand; Thunderbird guesses the same.
const USUAL = {
	imap: ['imap', 'mail'],
	pop3: ['pop', 'pop3', 'mail'],
	submission: ['smtp', 'mail'],
	sieve: ['sieve', 'imap', 'mail'],
} as const satisfies Record<SocketService, readonly string[]>;

const AT_ONCE = 8;

export async function survey(domain: Domain, network: Network): Promise<Survey> {
	const notes: { about: string; text: string }[] = [];
	const reply = await network.resolver.query(domain, 'MX');
	const mx = reply.ok
		? reply.value.records.filter(({ type }) => type === 'MX').map(({ data }) => data.replace(/^\d+ /, '').replace(/\.$/, ''))
		: [];
	notes.push({ about: 'MX', text: reply.ok ? mx.join(', ') || 'none' : reply.error.what });
	const named = await namedHosts(domain, network, notes);
	const candidates = SOCKET_SERVICE_ORDER.flatMap((service) => {
		const hosts = new Set(
			[named[service], ...USUAL[service].map((label) => `${label}.${domain}`), ...mx].filter((host) => host !== undefined),
		);
		return [...hosts].flatMap((host) => portsOf(service, host));
	});
	const answered = await inParallel(candidates, AT_ONCE, (candidate) => knock(candidate, network));
	const ports = answered.filter((port) => port !== null);
	for (const { service, host, port, security, trusted } of ports)
		notes.push({
			about: SOCKET_SERVICES[service].title,
			text: `${host}:${port} ${security === 'tls' ? 'TLS' : 'STARTTLS'}${trusted ? '' : ', with a certificate that clients refuse'}`,
		});
	return { notes, mx, named, ports };
}

async function namedHosts(domain: Domain, network: Network, notes: { about: string; text: string }[]): Promise<Survey['named']> {
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
	// What Thunderbird finds is what users have today.
	const { settings } = await follow(CLIENTS['thunderbird-android'], { local: 'postmaster', domain, text: `postmaster@${domain}` }, network);
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

interface Candidate {
	readonly service: SocketService;
	readonly host: string;
	readonly port: number;
	readonly security: 'tls' | 'starttls';
}

function portsOf(service: SocketService, host: string): readonly Candidate[] {
	const { implicit, registered } = SOCKET_SERVICES[service];
	const starttls = { service, host, port: registered, security: 'starttls' as const };
	return implicit === null ? [starttls] : [{ service, host, port: implicit, security: 'tls' as const }, starttls];
}

/** Greets and leaves. Null where nobody answers in that protocol, or without TLS. */
async function knock({ service, host, port, security }: Candidate, network: Network): Promise<OpenPort | null> {
	const route = await network.route(host, port);
	if (route === null) return null;
	const speech = SPEECHES[SOCKET_SERVICES[service].kind];
	const target = { host, address: route.address, port: route.port, ca: network.ca, timeoutMs: network.timeoutMs };
	const visit = await drive(target, security === 'tls' ? implicitVisit(speech) : starttlsVisit(speech));
	if (!visit.ok || visit.value.tls === null || visit.value.strange) return null;
	const { untrusted, nameMatches, names } = visit.value.tls;
	return { service, host, port, security, trusted: untrusted === null && nameMatches, names };
}
