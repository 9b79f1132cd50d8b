/** The mail servers against the record: every port that clients are told of, and the standard ports that they try by themselves. */
import type { ClientConfig, SocketOffer } from '../../model/config.ts';
import { isSocketOffer } from '../../model/config.ts';
import { SOCKET_SERVICE_ORDER, SOCKET_SERVICES } from '../../model/service.ts';
import type { Network, Route } from '../network.ts';
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

/** One address of a port's host. */
interface Way extends Port {
	readonly route: Route;
}

/** Ports looked at together; each takes a handful of connections, one after the other, so that no server takes it for an attack. */
const AT_ONCE = 6;

/** Addresses of a host that are looked at. The large hosters have a handful; a list without end is a name server's joke. */
const MOST_ADDRESSES = 16;

export async function checkMail(config: ClientConfig, network: Network, now: number): Promise<AreaReport> {
	const offers = config.offers.filter(isSocketOffer);
	const hosts = [...new Set(offers.map(({ host }) => host))];
	const known = await inParallel(hosts, AT_ONCE, async (host) => ({ host, has: (await network.route(host, 1)) !== null }));
	const lost = known.filter(({ has }) => !has).map(({ host }) => host);
	const ports = portsOf(offers).filter(({ offer }) => !lost.includes(offer.host));
	const ways = await inParallel(ports, AT_ONCE, async (port) =>
		(await network.routes(port.offer.host, port.offer.port)).slice(0, MOST_ADDRESSES).map((route) => ({ ...port, route })),
	);
	const found = await inParallel(ways.flat(), AT_ONCE, async (way) => ({ way, findings: await checkPort(way, network, now) }));
	const told = ports.flatMap((port) => gather(found.filter(({ way }) => way.offer === port.offer)));
	return {
		area: 'mail',
		looked: ports.length + lost.length,
		findings: [...lost.map((host) => finding('host-unknown', host, 'an address', 'none')), ...once(told)],
	};
}

interface Seen {
	readonly way: Way;
	readonly findings: readonly Finding[];
}

/** The findings at all addresses of one port: what holds at each that could be looked at is said once, what holds at some names its address. */
function gather(seen: readonly Seen[]): readonly Finding[] {
	const isBlind = ({ findings }: Seen) => findings.some(({ code }) => code === 'address-unlooked');
	const looked = seen.filter((each) => !isBlind(each));
	const told = looked.flatMap(({ way, findings }) =>
		findings.map((each) => {
			const everywhere = looked.every((other) => other.findings.some((its) => sameFinding(its, each)));
			return everywhere ? each : { ...each, place: `${each.place} at ${way.route.address}` };
		}),
	);
	return once([...told, ...seen.filter(isBlind).flatMap(({ findings }) => findings)]);
}

function once(findings: readonly Finding[]): readonly Finding[] {
	return findings.filter((each, at) => findings.findIndex((other) => sameFinding(other, each)) === at);
}

function sameFinding(one: Finding, other: Finding): boolean {
	return one.code === other.code && one.place === other.place && one.wanted === other.wanted && one.found === other.found;
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

async function checkPort({ offer, listed, route }: Way, network: Network, now: number): Promise<readonly Finding[]> {
	const place = `${offer.host}:${offer.port}`;
	const speech = SPEECHES[offer.kind];
	const implicit = offer.security === 'tls';
	const visit = await call(network, offer, route, implicit ? implicitVisit(speech) : starttlsVisit(speech));
	if (!visit.ok) {
		if (!listed) return [];
		if (visit.failure === 'no-route') return [finding('address-unlooked', `${offer.host} at ${route.address}`, 'a way there', 'none')];
		if (visit.failure === 'deadline') return [finding('port-hangs', place, 'a connection', `none within ${network.timeoutMs / 1000} s`)];
		return [finding('port-closed', place, 'a connection', visit.failure)];
	}
	if (!listed) return judgeUnlisted(place, offer, visit.value);
	const findings: Finding[] = [...judgeVisit(place, offer, visit.value, now)];
	if (visit.value.tls === null) return findings;
	if (!implicit) {
		const smuggled = await call(network, offer, route, smuggleVisit(speech));
		if (smuggled.ok && smuggled.value === true)
			findings.push(finding('starttls-smuggling', place, 'a command sent behind STARTTLS is dropped', 'it was answered inside TLS'));
	}
	return [...findings, ...judgeVersions(place, visit.value.tls.version, await versions(network, offer, route, visit.value))];
}

/** Which TLS versions a port takes, asked one by one. */
async function versions(network: Network, offer: SocketOffer, route: Route, { tls }: Visit): Promise<readonly string[]> {
	const taken: string[] = tls === null ? [] : [tls.version];
	for (const version of ['TLSv1.3', 'TLSv1.2', 'TLSv1.1', 'TLSv1'] as const) {
		if (taken.includes(version)) continue;
		const shaken = await call(network, offer, route, handshakeVisit(SPEECHES[offer.kind], offer.security === 'tls'), version);
		if (shaken.ok && shaken.value === version) taken.push(version);
	}
	return taken;
}

function call<T>(
	network: Network,
	{ host }: SocketOffer,
	route: Route,
	dialogue: Dialogue<T>,
	onlyVersion?: Target['onlyVersion'],
): Promise<Driven<T>> {
	const target = { host, ...route, ca: network.ca, timeoutMs: network.timeoutMs };
	return drive(onlyVersion === undefined ? target : { ...target, onlyVersion }, dialogue);
}
