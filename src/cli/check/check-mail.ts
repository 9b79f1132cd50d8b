/** The mail servers against the record: every port that clients are told of, and the standard ports that they try by themselves. */

import { mapConcurrently } from '../../lib/concurrency.ts';
import type { ClientConfig, SocketOffer } from '../../model/config.ts';
import { isSocketOffer } from '../../model/config.ts';
import { SOCKET_SERVICE_ORDER, SOCKET_SERVICES } from '../../model/service-ports.ts';
import type { Dialogue } from '../probe/dialogue-steps.ts';
import {
	implicitTlsDialogue,
	type ProbeResult,
	starttlsDialogue,
	starttlsInjectionDialogue,
	tlsVersionDialogue,
} from '../probe/dialogues.ts';
import { MAIL_PROTOCOLS } from '../probe/mail-protocols.ts';
import type { Network, SocketAddress } from '../probe/network.ts';
import { type ConnectOptions, type DialogueResult, runDialogue } from '../probe/run-dialogue.ts';
import { type AreaReport, emptyArea, type Finding, finding, type Remark } from './finding.ts';
import { judgePort, judgeTlsVersions, judgeUnlistedPort } from './mail-findings.ts';

/** A port to look at: one that the record offers, or one that clients of old may still use. */
interface PortToCheck {
	readonly offer: SocketOffer;
	readonly listed: boolean;
}

/** One address of a port's host. */
interface PortAddress extends PortToCheck {
	readonly route: SocketAddress;
}

/** Ports looked at together; each takes a handful of connections, one after the other, so that no server takes it for an attack. */
const CONCURRENCY = 6;

/** How many addresses of a host are checked at most. Large hosters have a handful; a longer list is not followed. */
const MAX_ADDRESSES = 16;

export async function checkMail(config: ClientConfig, network: Network, now: number): Promise<AreaReport> {
	const offers = config.offers.filter(isSocketOffer);
	const hosts = [...new Set(offers.map(({ host }) => host))];
	const ports = portsToCheck(offers);
	const portAddresses = await mapConcurrently(ports, CONCURRENCY, async (port) =>
		(await network.findSocketAddresses(port.offer.host, port.offer.port)).slice(0, MAX_ADDRESSES).map((route) => ({ ...port, route })),
	);
	// --connect-to may give a way to one port of a host that has no address yet.
	const lost = hosts.filter((host) => !portAddresses.flat().some(({ offer, listed }) => listed && offer.host === host));
	const found = await mapConcurrently(portAddresses.flat(), CONCURRENCY, async (portAddress) => ({
		portAddress,
		...(await checkPort(portAddress, network, now)),
	}));
	const told = ports.flatMap((port) => mergeAddressFindings(found.filter(({ portAddress }) => portAddress.offer === port.offer)));
	const unlooked = found.flatMap((each) => each.unlooked);
	return {
		...emptyArea('mail'),
		looked: ports.length + lost.length,
		unlooked: [...new Map(unlooked.map((remark) => [`${remark.place} ${remark.reason}`, remark])).values()],
		uncovered: MAIL_UNCOVERED,
		findings: [...lost.map((host) => finding('host-unknown', host, 'an address', 'none')), ...withoutDuplicates(told)],
	};
}

const MAIL_UNCOVERED = [
	{
		place: 'every port',
		reason: 'cipher suites, key sizes and signatures; testssl.sh HOST:PORT does that (with -t smtp, imap or pop3 for STARTTLS)',
	},
] as const;

/** What a visit to one address of a port came to. */
interface PortReport {
	readonly findings: readonly Finding[];
	readonly unlooked: readonly Remark[];
}

interface AddressFindings extends PortReport {
	readonly portAddress: PortAddress;
}

/** The findings at all addresses of one port: what holds at each that could be looked at is said once, what holds at some names its address. */
function mergeAddressFindings(seen: readonly AddressFindings[]): readonly Finding[] {
	const isBlind = ({ findings }: AddressFindings) => findings.some(({ code }) => code === 'address-unlooked');
	const looked = seen.filter((each) => !isBlind(each));
	const told = looked.flatMap(({ portAddress, findings }) =>
		findings.map((each) => {
			const everywhere = looked.every((other) => other.findings.some((its) => isSameFinding(its, each)));
			return everywhere ? each : { ...each, place: `${each.place} at ${portAddress.route.address}` };
		}),
	);
	return withoutDuplicates([...told, ...seen.filter(isBlind).flatMap(({ findings }) => findings)]);
}

function withoutDuplicates(findings: readonly Finding[]): readonly Finding[] {
	return findings.filter((each, at) => findings.findIndex((other) => isSameFinding(other, each)) === at);
}

function isSameFinding(one: Finding, other: Finding): boolean {
	return one.code === other.code && one.place === other.place && one.wanted === other.wanted && one.found === other.found;
}

function portsToCheck(offers: readonly SocketOffer[]): readonly PortToCheck[] {
	const listed = offers.map((offer) => ({ offer, listed: true }));
	const others = offers.flatMap((offer) => {
		const service = SOCKET_SERVICE_ORDER.find((name) => SOCKET_SERVICES[name].kind === offer.kind);
		if (service === undefined) return [];
		const { implicit, registeredStarttls } = SOCKET_SERVICES[service];
		const standard = [
			{ port: implicit, security: 'tls' as const },
			{ port: registeredStarttls, security: 'starttls' as const },
		];
		return standard.flatMap(({ port, security }) =>
			port === null ? [] : [{ offer: { ...offer, port: port as SocketOffer['port'], security }, listed: false }],
		);
	});
	const unique = new Map<string, PortToCheck>();
	// The listed ones come first and win.
	for (const port of [...listed, ...others]) {
		const key = `${port.offer.host}:${port.offer.port}`;
		if (!unique.has(key)) unique.set(key, port);
	}
	return [...unique.values()];
}

async function checkPort({ offer, listed, route }: PortAddress, network: Network, now: number): Promise<PortReport> {
	const place = `${offer.host}:${offer.port}`;
	const speech = MAIL_PROTOCOLS[offer.kind];
	const implicit = offer.security === 'tls';
	const visit = await connectAndRun(network, offer, route, implicit ? implicitTlsDialogue(speech) : starttlsDialogue(speech));
	if (!visit.ok) {
		if (!listed) return { findings: [], unlooked: [] };
		if (visit.failure === 'no-route') {
			const told = finding('address-unlooked', `${offer.host} at ${route.address}`, 'a way there', 'none');
			return { findings: [told], unlooked: [{ place: told.place, reason: 'this machine has no way to the address' }] };
		}
		const told =
			visit.failure === 'deadline'
				? finding('port-hangs', place, 'a connection', `none within ${network.timeoutMs / 1000} s`)
				: finding('port-closed', place, 'a connection', visit.failure);
		return { findings: [told], unlooked: [] };
	}
	if (!listed) return { findings: judgeUnlistedPort(place, offer, visit.value, visit.isOwnAddress), unlooked: [] };
	const findings: Finding[] = [...judgePort(place, offer, visit.value, visit.isOwnAddress, now)];
	const unlooked: Remark[] = [];
	if (visit.value.tls === null) return { findings, unlooked };
	if (!implicit) {
		const smuggled = await connectAndRun(network, offer, route, starttlsInjectionDialogue(speech));
		if (smuggled.ok && smuggled.value === true)
			findings.push(finding('starttls-smuggling', place, 'a command sent behind STARTTLS is dropped', 'it was answered inside TLS'));
		if (!smuggled.ok || smuggled.value === null)
			unlooked.push({ place, reason: 'whether a command is taken behind STARTTLS: the server broke off before it could be tried' });
	}
	const { accepted, untried } = await acceptedTlsVersions(network, offer, route, visit.value);
	if (untried.length > 0)
		unlooked.push({ place, reason: `whether it takes ${untried.join(', ')}: the server broke off before it could be tried` });
	return { findings: [...findings, ...judgeTlsVersions(place, visit.value.tls.version, accepted)], unlooked };
}

/** Which TLS versions a port takes, asked one by one. */
async function acceptedTlsVersions(
	network: Network,
	offer: SocketOffer,
	route: SocketAddress,
	{ tls }: ProbeResult,
): Promise<{ readonly accepted: readonly string[]; readonly untried: readonly string[] }> {
	const taken: string[] = tls === null ? [] : [tls.version];
	const untried: string[] = [];
	for (const version of ['TLSv1.3', 'TLSv1.2', 'TLSv1.1', 'TLSv1'] as const) {
		if (taken.includes(version)) continue;
		const shaken = await connectAndRun(
			network,
			offer,
			route,
			tlsVersionDialogue(MAIL_PROTOCOLS[offer.kind], offer.security === 'tls'),
			version,
		);
		if (shaken.ok && shaken.value === version) taken.push(version);
		else if (!shaken.ok || shaken.value === null) untried.push(version.replace(/^TLSv1$/, 'TLSv1.0').replace('TLSv', 'TLS '));
	}
	return { accepted: taken, untried };
}

function connectAndRun<T>(
	network: Network,
	{ host }: SocketOffer,
	route: SocketAddress,
	dialogue: Dialogue<T>,
	onlyVersion?: ConnectOptions['onlyTlsVersion'],
): Promise<DialogueResult<T>> {
	const target = { host, ...route, ca: network.ca, timeoutMs: network.timeoutMs };
	return runDialogue(onlyVersion === undefined ? target : { ...target, onlyTlsVersion: onlyVersion }, dialogue);
}
