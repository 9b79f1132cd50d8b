/** Checks the mail servers: every port that the record offers to clients, and the standard ports that clients try by themselves. */

import { mapConcurrently } from '../../lib/concurrency.ts';
import { type Remark, uniqueRemarks } from '../../lib/result.ts';
import type { ClientConfig, SocketOffer } from '../../model/config.ts';
import { isSocketOffer } from '../../model/config.ts';
import { SOCKET_SERVICE_ORDER, SOCKET_SERVICES } from '../../model/service-ports.ts';
import type { Network, SocketAddressSet } from '../probe/network.ts';
import type { PortAddress, PortChecker, PortReport, PortToCheck } from './check-port.ts';
import { type AreaReport, emptyArea, type Finding, finding, joinParts } from './finding.ts';
import { judgeClients } from './tls/judge-clients.ts';

/** How many addresses are examined at the same time: enough that those which hang do not hold up the others. */
const CONCURRENCY = 16;

/** How many addresses of a host are checked at most. Large hosters have a handful; a longer list is not followed. */
const MAX_ADDRESSES = 16;

/**
 * @param checkPort may know what other domains of the same run have shown
 * @param now Unix time in milliseconds
 */
export async function checkMail(config: ClientConfig, network: Network, checkPort: PortChecker, now: number): Promise<AreaReport> {
	const offers = config.offers.filter(isSocketOffer);
	const hosts = [...new Set(offers.map(({ host }) => host))];
	const ports = portsToCheck(offers);
	const lookups = await mapConcurrently(ports, CONCURRENCY, async (port) => ({
		port,
		...(await network.findSocketAddresses(port.offer.host, port.offer.port)),
	}));
	const portAddresses = lookups.map(({ port, addresses }) => addresses.slice(0, MAX_ADDRESSES).map((route) => ({ ...port, route })));
	// A host without an address is no fault where --connect-to names an address for one of its ports.
	const lost = hosts.filter((host) =>
		lookups.every(({ port, addresses, unanswered }) => port.offer.host !== host || (addresses.length === 0 && unanswered.length === 0)),
	);
	const found = await mapConcurrently(portAddresses.flat(), CONCURRENCY, async (portAddress) => ({
		portAddress,
		...(await checkPort(portAddress, now)),
	}));
	const told = ports.flatMap((port) => mergeAddressFindings(found.filter(({ portAddress }) => portAddress.offer === port.offer)));
	const { unclear, unlooked } = joinParts(found);
	return {
		...emptyArea('mail'),
		looked: ports.length + lost.length,
		unclear,
		unlooked: [...unlooked, ...unlookedAddresses(lookups.filter(({ port }) => port.listed && !lost.includes(port.offer.host)))],
		uncovered: MAIL_UNCOVERED,
		clients: found.flatMap(({ portAddress, survey }) =>
			survey === null ? [] : judgeClients(placeOf(portAddress, portAddresses), survey, now),
		),
		findings: [...lost.map((host) => finding('host-unknown', host, 'an address', 'none')), ...withoutDuplicates(told)],
	};
}

interface PortLookup extends SocketAddressSet {
	readonly port: PortToCheck;
}

/** What the record offers at addresses that were not connected to: it is not judged. */
function unlookedAddresses(lookups: readonly PortLookup[]): readonly Remark[] {
	const remarks = lookups.flatMap(({ port: { offer }, addresses, unanswered }): readonly Remark[] => {
		const place = `${offer.host}:${offer.port}`;
		if (unanswered.length > 0) return [{ place: offer.host, reason: `DNS did not answer for its addresses (${unanswered.join(' and ')})` }];
		if (addresses.length === 0) return [{ place, reason: 'DNS has no address for the host, and --connect-to names none for this port' }];
		const more = addresses.length - MAX_ADDRESSES;
		return more > 0 ? [{ place, reason: `${more} of the ${addresses.length} addresses of the host were left out` }] : [];
	});
	return uniqueRemarks(remarks);
}

/** The host and port as findings name them, with the address where the host has several. */
function placeOf({ offer, route }: PortAddress, all: readonly (readonly PortAddress[])[]): string {
	const several = (all.find((each) => each[0]?.offer === offer)?.length ?? 0) > 1;
	return `${offer.host}:${offer.port}${several ? ` at ${route.address}` : ''}`;
}

/** What this check never covers, because Node's TLS library cannot offer it or does not show it. */
export const MAIL_UNCOVERED = [
	{
		place: 'every port',
		reason:
			'SSL 2 and 3, RC4, 3DES, DES and export ciphers, compression, TLS_FALLBACK_SCSV, the order of the certificates sent, whether one has been revoked, client certificates that are asked for and not demanded, faults of the library (Heartbleed, ROBOT, Ticketbleed). testssl.sh --openssl-timeout 10 HOST:465 looks at them; with -t smtp HOST:587, -t imap HOST:143 or -t pop3 HOST:110 after STARTTLS',
	},
] as const;

interface AddressFindings extends PortReport {
	readonly portAddress: PortAddress;
}

/** Merges the findings at all addresses of one port: one that holds at every address is reported once, others name their address. */
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
	// Where a port is both offered by the record and a standard port, the record's own entry comes first and is kept.
	for (const port of [...listed, ...others]) {
		const key = `${port.offer.host}:${port.offer.port}`;
		if (!unique.has(key)) unique.set(key, port);
	}
	return [...unique.values()];
}
