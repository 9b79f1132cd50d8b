/** The mail servers against the record: every port that clients are told of, and the standard ports that they try by themselves. */
import type { ClientConfig, SocketOffer } from '../../model/config.ts';
import { isSocketOffer } from '../../model/config.ts';
import { SOCKET_SERVICE_ORDER, SOCKET_SERVICES } from '../../model/service.ts';
import type { Network } from '../network.ts';
import { inParallel } from '../parallel.ts';
import type { Dialogue } from '../probe/dialogue.ts';
import { type Driven, drive, type Target } from '../probe/drive.ts';
import { SPEECHES } from '../probe/speech.ts';
import { handshakeVisit, implicitVisit, smuggleVisit, starttlsVisit, type Visit } from '../probe/visit.ts';
import type { AreaReport, Finding } from './finding.ts';
import { finding } from './finding.ts';
import { judgeUnlisted, judgeVersions, judgeVisit } from './mail-judge.ts';

/** A port to look at: one that the record offers, or one that clients of old may still use. */
interface Port {
	readonly offer: SocketOffer;
	readonly listed: boolean;
}

/** Ports looked at together; each takes a handful of connections, one after the other, so that no server takes it for an attack. */
const AT_ONCE = 6;

export async function checkMail(config: ClientConfig, network: Network, now: number): Promise<AreaReport> {
	const offers = config.offers.filter(isSocketOffer);
	const hosts = [...new Set(offers.map(({ host }) => host))];
	const lost = (await inParallel(hosts, AT_ONCE, async (host) => ((await network.route(host, 1)) === null ? host : null))).filter(
		(host) => host !== null,
	);
	const ports = portsOf(offers).filter(({ offer }) => !lost.includes(offer.host));
	const found = await inParallel(ports, AT_ONCE, (port) => checkPort(port, network, now));
	return {
		area: 'mail',
		looked: ports.length + lost.length,
		findings: [...lost.map((host) => finding('host-unknown', host, 'an address', 'none')), ...found.flat()],
	};
}

function portsOf(offers: readonly SocketOffer[]): readonly Port[] {
	const listed = offers.map((offer) => ({ offer, listed: true }));
	const others = offers.flatMap((offer) => {
		const service = SOCKET_SERVICE_ORDER.find((name) => SOCKET_SERVICES[name].kind === offer.kind);
		if (service === undefined) return [];
		const { implicit, registered } = SOCKET_SERVICES[service];
		const standard = [
			{ port: implicit, security: 'tls' as const },
			{ port: registered, security: 'starttls' as const },
		];
		return standard.flatMap(({ port, security }) =>
			port === null ? [] : [{ offer: { ...offer, port: port as SocketOffer['port'], security }, listed: false }],
		);
	});
	const unique = new Map<string, Port>();
	// The listed ones come first and win.
	for (const port of [...listed, ...others]) {
		const key = `${port.offer.host}:${port.offer.port}`;
		if (!unique.has(key)) unique.set(key, port);
	}
	return [...unique.values()];
}

async function checkPort({ offer, listed }: Port, network: Network, now: number): Promise<readonly Finding[]> {
	const place = `${offer.host}:${offer.port}`;
	const speech = SPEECHES[offer.kind];
	const implicit = offer.security === 'tls';
	const visit = await call(network, offer, implicit ? implicitVisit(speech) : starttlsVisit(speech));
	if (!visit.ok) {
		if (!listed) return [];
		if (visit.failure === 'deadline') return [finding('port-hangs', place, 'a connection', `none within ${network.timeoutMs / 1000} s`)];
		return [finding('port-closed', place, 'a connection', visit.failure)];
	}
	if (!listed) return judgeUnlisted(place, offer, visit.value);
	const findings: Finding[] = [...judgeVisit(place, offer, visit.value, now)];
	if (visit.value.tls === null) return findings;
	if (!implicit) {
		const smuggled = await call(network, offer, smuggleVisit(speech));
		if (smuggled.ok && smuggled.value === true)
			findings.push(finding('starttls-smuggling', place, 'a command sent behind STARTTLS is dropped', 'it was answered inside TLS'));
	}
	return [...findings, ...judgeVersions(place, visit.value.tls.version, await versions(network, offer, visit.value))];
}

/** Which TLS versions a port takes, asked one by one. */
async function versions(network: Network, offer: SocketOffer, { tls }: Visit): Promise<readonly string[]> {
	const taken: string[] = tls === null ? [] : [tls.version];
	for (const version of ['TLSv1.3', 'TLSv1.2', 'TLSv1.1', 'TLSv1'] as const) {
		if (taken.includes(version)) continue;
		const shaken = await call(network, offer, handshakeVisit(SPEECHES[offer.kind], offer.security === 'tls'), version);
		if (shaken.ok && shaken.value === version) taken.push(version);
	}
	return taken;
}

async function call<T>(
	network: Network,
	{ host, port }: SocketOffer,
	dialogue: Dialogue<T>,
	onlyVersion?: Target['onlyVersion'],
): Promise<Driven<T>> {
	const route = await network.route(host, port);
	if (route === null) return { ok: false, failure: 'unreachable' };
	const target = { host, address: route.address, port: route.port, ca: network.ca, timeoutMs: network.timeoutMs };
	return drive(onlyVersion === undefined ? target : { ...target, onlyVersion }, dialogue);
}
