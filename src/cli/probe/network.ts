/** How commands reach servers: the name server, the addresses of a name, the trusted roots and the timeouts. */
import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { err, ok, type Result } from '../../lib/result.ts';
import { createResolver, type Resolver } from '../dns/resolver.ts';
import { parseTimeout } from '../options.ts';
import type { Failure } from '../terminal.ts';

export interface SocketAddress {
	/** An IP address. */
	readonly address: string;
	readonly port: number;
}

export interface Network {
	readonly resolver: Resolver;
	/** For one server, in milliseconds. */
	readonly timeoutMs: number;
	/** PEM; null for the system's roots alone. */
	readonly ca: string | null;
	/** Every address to connect to, IPv4 first; none where the name has no address. */
	findSocketAddresses(host: string, port: number): Promise<readonly SocketAddress[]>;
	/** The first of them; null where the name has no address. */
	findSocketAddress(host: string, port: number): Promise<SocketAddress | null>;
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
			for await (const way of iterateSocketAddresses(resolver, host, port, detours.value, system)) return way;
			return null;
		},
		async findSocketAddresses(host, port) {
			const all: SocketAddress[] = [];
			for await (const way of iterateSocketAddresses(resolver, host, port, detours.value, system)) all.push(way);
			return all;
		},
		withoutDnsCache() {
			const again = createResolver(args.resolver, timeout.value);
			return network(again.ok ? again.value : resolver);
		},
	});
	return ok(network(resolver.value));
}

async function* iterateSocketAddresses(
	resolver: Resolver,
	host: string,
	port: number,
	detours: readonly ConnectTo[],
	system: boolean,
): AsyncGenerator<SocketAddress> {
	const detour = detours.find((each) => (each.host === '' || each.host === host) && (each.port === '' || each.port === String(port)));
	const name = detour === undefined || detour.toHost === '' ? host : detour.toHost;
	const there = detour === undefined || detour.toPort === '' ? port : Number(detour.toPort);
	for await (const address of findAddresses(resolver, name, system)) yield { address, port: there };
}

/** IPv4 first; IPv6 addresses are looked up once more than the first address is needed. */
async function* findAddresses(resolver: Resolver, name: string, system: boolean): AsyncGenerator<string> {
	if (isIP(name) !== 0) {
		yield name;
		return;
	}
	let found = false;
	for (const type of ['A', 'AAAA'] as const) {
		const reply = await resolver.query(name, type);
		for (const record of reply.ok ? reply.value.records : []) {
			if (record.type !== type) continue;
			found = true;
			yield record.data;
		}
	}
	if (found || !system) return;
	for (const { address } of await lookup(name, { all: true }).catch(() => [])) yield address;
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
