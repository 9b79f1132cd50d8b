/** How commands reach servers: the name server, the addresses of a name, the trusted roots and the timeouts. */
import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { err, ok, type Result } from '../../lib/result.ts';
import { createResolver, isConclusive, type Resolver } from '../dns/resolver.ts';
import { parseTimeout } from '../options.ts';
import type { Failure } from '../terminal.ts';

export interface SocketAddress {
	/** An IP address. */
	readonly address: string;
	readonly port: number;
}

export interface SocketAddressSet {
	/** Empty where the name has no address, as far as DNS answered. */
	readonly addresses: readonly SocketAddress[];
	/** The types of records for which DNS gave no answer, so that there may be addresses that are not known. */
	readonly unanswered: readonly AddressType[];
}

/** The name has no address, or DNS did not answer, so that nobody knows. */
export type AddressFailure = 'no-address' | 'no-answer';

const ADDRESS_TYPES = ['A', 'AAAA'] as const;
type AddressType = (typeof ADDRESS_TYPES)[number];

export interface Network {
	readonly resolver: Resolver;
	/** For one server, in milliseconds. */
	readonly timeoutMs: number;
	/** PEM; null for the system's roots alone. */
	readonly ca: string | null;
	/** Every address to connect to, IPv4 first. */
	findSocketAddresses(host: string, port: number): Promise<SocketAddressSet>;
	/** The first of them, or why there is none. */
	findSocketAddress(host: string, port: number): Promise<SocketAddress | AddressFailure>;
	/** The same network with an empty DNS cache. */
	withoutDnsCache(): Network;
}

export interface NetworkArguments {
	readonly resolver?: string | undefined;
	readonly timeout?: string | undefined;
	readonly ca?: string | undefined;
	readonly 'connect-to'?: string | undefined;
}

export async function createNetwork(args: NetworkArguments): Promise<Result<Network, Failure>> {
	const timeout = parseTimeout(args);
	if (!timeout.ok) return timeout;
	const resolver = createResolver(args.resolver, timeout.value);
	if (!resolver.ok) return resolver;
	const detours = parseConnectTo(args['connect-to']);
	if (!detours.ok) return detours;
	let ca: string | null = null;
	if (args.ca !== undefined) {
		ca = await readFile(args.ca, 'utf8').catch(() => null);
		if (ca === null || !ca.includes('-----BEGIN CERTIFICATE-----'))
			return err({ message: `--ca ${args.ca} is no file with a certificate in PEM` });
	}
	// With --resolver, only that name server's answers count; with the system's name server, /etc/hosts does too.
	const system = args.resolver === undefined;
	const network = (resolver: Resolver): Network => ({
		resolver,
		timeoutMs: timeout.value,
		ca,
		async findSocketAddress(host, port) {
			const { name, there } = destinationOf(host, port, detours.value);
			const first = await findAddresses(resolver, name, system, ['A']);
			const { addresses, unanswered } = first.addresses.length > 0 ? first : await findAddresses(resolver, name, system, ADDRESS_TYPES);
			const [address] = addresses;
			if (address !== undefined) return { address, port: there };
			return unanswered.length > 0 ? 'no-answer' : 'no-address';
		},
		async findSocketAddresses(host, port) {
			const { name, there } = destinationOf(host, port, detours.value);
			const { addresses, unanswered } = await findAddresses(resolver, name, system, ADDRESS_TYPES);
			return { addresses: addresses.map((address) => ({ address, port: there })), unanswered };
		},
		withoutDnsCache() {
			const again = createResolver(args.resolver, timeout.value);
			return network(again.ok ? again.value : resolver);
		},
	});
	return ok(network(resolver.value));
}

function destinationOf(host: string, port: number, detours: readonly ConnectTo[]): { readonly name: string; readonly there: number } {
	const detour = detours.find((each) => (each.host === '' || each.host === host) && (each.port === '' || each.port === String(port)));
	return {
		name: detour === undefined || detour.toHost === '' ? host : detour.toHost,
		there: detour === undefined || detour.toPort === '' ? port : Number(detour.toPort),
	};
}

async function findAddresses(
	resolver: Resolver,
	name: string,
	system: boolean,
	types: readonly AddressType[],
): Promise<{ readonly addresses: readonly string[]; readonly unanswered: readonly AddressType[] }> {
	if (isIP(name) !== 0) return { addresses: [name], unanswered: [] };
	const replies = await Promise.all(types.map(async (type) => ({ type, reply: await resolver.query(name, type) })));
	const addresses = replies.flatMap(({ type, reply }) =>
		reply.ok ? reply.value.records.flatMap((record) => (record.type === type ? [record.data] : [])) : [],
	);
	const unanswered = replies.flatMap(({ type, reply }) => (reply.ok && isConclusive(reply.value) ? [] : [type]));
	if (addresses.length > 0 || !system) return { addresses, unanswered };
	const known = await lookup(name, { all: true }).catch(() => []);
	return known.length === 0 ? { addresses, unanswered } : { addresses: known.map(({ address }) => address), unanswered: [] };
}

interface ConnectTo {
	readonly host: string;
	readonly port: string;
	readonly toHost: string;
	readonly toPort: string;
}

// curl --connect-to, with commas between several: HOST1:PORT1:HOST2:PORT2, where an empty part stands for any, or for the same.
function parseConnectTo(text: string | undefined): Result<readonly ConnectTo[], Failure> {
	const detours: ConnectTo[] = [];
	for (const part of (text ?? '').split(',').filter((each) => each !== '')) {
		const match = /^([^:[\]]*):(\d*):([^:[\]]*|\[[0-9a-fA-F:]+\]):(\d*)$/.exec(part);
		if (match === null)
			return err({
				message: `--connect-to ${part} does not read HOST:PORT:HOST:PORT`,
				hint: 'As in :443:127.0.0.1:8443; empty parts match everything.',
			});
		const [, host = '', port = '', toHost = '', toPort = ''] = match;
		detours.push({ host: host.toLowerCase(), port, toHost: toHost.replace(/[[\]]/g, ''), toPort });
	}
	return ok(detours);
}
