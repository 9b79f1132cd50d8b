/** A stub resolver: UDP, then TCP for a truncated answer. It also shows the AD bit of a validating name server, which node:dns does not. */
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { getServers } from 'node:dns';
import { isIP } from 'node:net';
import packet, { type DecodedPacket, type RecordType } from 'dns-packet';
import type { LiveRecord } from '../../dns/live-zone.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Failure } from '../terminal.ts';
import { exchangeDnsOverTcp, type NameServerAddress } from './dns-over-tcp.ts';
import { parseDnsAnswer } from './parse-dns-answer.ts';

export interface DnsReply {
	/** NOERROR, NXDOMAIN, SERVFAIL … */
	readonly rcode: string;
	/** The AD bit: the name server has validated the answer with DNSSEC (RFC 6840 §5.8). */
	readonly authenticated: boolean;
	readonly records: readonly LiveRecord[];
}

/** Whether a reply says what a name has. SERVFAIL, REFUSED and the other error codes leave that open. */
export function isConclusive({ rcode }: DnsReply): boolean {
	return rcode === 'NOERROR' || rcode === 'NXDOMAIN';
}

export interface Resolver {
	/** HOST:PORT of the name server. */
	readonly server: string;
	/**
	 * Sends a query. The names in answers are in lower case, without the root's dot. No answer in time is a failure; NXDOMAIN is an answer.
	 */
	query(name: string, type: RecordType): Promise<Result<DnsReply, Failure>>;
}

/** Asks `resolver`, or the system's first server. Answers are kept for the life of the resolver. */
export function createResolver(resolver: string | undefined, timeoutMs: number): Result<Resolver, Failure> {
	const text = resolver ?? getServers()[0] ?? '127.0.0.1';
	const server = parseNameServerAddress(text);
	if (server === null)
		return err({ message: `--resolver ${text} is no address`, hint: 'Give 192.0.2.1, 192.0.2.1:5353 or [2001:db8::1]:53.' });
	const kept = new Map<string, Promise<Result<DnsReply, Failure>>>();
	return ok({
		server: `${server.host}:${server.port}`,
		query(name, type) {
			const key = `${type} ${name}`;
			const known = kept.get(key) ?? queryNameServer(server, name, type, timeoutMs);
			kept.set(key, known);
			return known;
		},
	});
}

/** `192.0.2.1`, `192.0.2.1:5353`, `[2001:db8::1]:53`; null for anything else. */
export function parseNameServerAddress(text: string): NameServerAddress | null {
	const bracketed = /^\[([0-9a-fA-F:]+)\](?::(\d+))?$/.exec(text);
	const plain = /^([^:]+)(?::(\d+))?$/.exec(text);
	const host = isIP(text) === 6 ? text : (bracketed?.[1] ?? plain?.[1] ?? '');
	const port = isIP(text) === 6 ? 53 : Number(bracketed?.[2] ?? plain?.[2] ?? 53);
	return (isIP(host) !== 0 || host === 'localhost') && port > 0 && port < 65536
		? { host: host === 'localhost' ? '127.0.0.1' : host, port }
		: null;
}

/** Attempts over UDP, because datagrams get lost. They share the timeout. */
const UDP_ATTEMPTS = 3;

async function queryNameServer(
	server: NameServerAddress,
	name: string,
	type: RecordType,
	timeoutMs: number,
): Promise<Result<DnsReply, Failure>> {
	const id = randomInt(65536);
	const query = packet.encode({
		type: 'query',
		id,
		flags: packet.RECURSION_DESIRED | packet.AUTHENTIC_DATA,
		questions: [{ type, name }],
		// DNS flag day 2020: answers of 1232 octets pass every network without fragmentation.
		additionals: [
			{ type: 'OPT', name: '.', udpPayloadSize: 1232, extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options: [] },
		],
	});
	const matches = (reply: DecodedPacket) => reply.id === id && reply.type === 'response' && reply.questions?.[0]?.type === type;
	for (let attempt = 1; attempt <= UDP_ATTEMPTS; attempt++) {
		const reply = await queryUdp(server, query, matches, timeoutMs / UDP_ATTEMPTS);
		if (reply === null) continue;
		const whole = reply.flag_tc ? await queryTcp(server, query, matches, timeoutMs) : reply;
		if (whole !== null) return ok(toDnsReply(whole));
		// The server answered over UDP and fails over TCP: another attempt would only take the same time again.
		break;
	}
	return err({
		message: `the name server ${server.host}:${server.port} does not answer for ${name} ${type}`,
		hint: 'Name another with --resolver HOST:PORT.',
	});
}

function toDnsReply(reply: DecodedPacket): DnsReply {
	const records = (reply.answers ?? []).map(parseDnsAnswer).filter((record) => record !== null);
	// @types/dns-packet leaves out the rcode that the library decodes.
	const rcode: unknown = 'rcode' in reply ? reply.rcode : 'NOERROR';
	return { rcode: String(rcode), authenticated: reply.flag_ad, records };
}

type ReplyMatcher = (reply: DecodedPacket) => boolean;

function parseDnsMessage(bytes: Buffer, matches: ReplyMatcher): DecodedPacket | null {
	try {
		const reply = packet.decode(bytes);
		return matches(reply) ? reply : null;
	} catch {
		// The library throws for bytes that are no DNS message. Such a datagram may be forged, and is ignored.
		return null;
	}
}

function queryUdp({ host, port }: NameServerAddress, query: Buffer, matches: ReplyMatcher, ms: number): Promise<DecodedPacket | null> {
	return new Promise((resolve) => {
		const socket = createSocket(isIP(host) === 6 ? 'udp6' : 'udp4');
		const timer = setTimeout(() => finish(null), ms);
		const finish = (reply: DecodedPacket | null) => {
			clearTimeout(timer);
			socket.removeAllListeners();
			// The result is known already: an error while the socket closes is ignored.
			socket.on('error', () => undefined);
			socket.close();
			resolve(reply);
		};
		socket.on('error', () => finish(null));
		socket.on('message', (bytes) => {
			const reply = parseDnsMessage(bytes, matches);
			if (reply !== null) finish(reply);
		});
		// On a connected socket the kernel drops datagrams from other addresses.
		socket.connect(port, host, () => socket.send(query));
	});
}

async function queryTcp(server: NameServerAddress, query: Buffer, matches: ReplyMatcher, ms: number): Promise<DecodedPacket | null> {
	const reply = await exchangeDnsOverTcp(server, query, ms);
	return reply === null ? null : parseDnsMessage(reply, matches);
}
