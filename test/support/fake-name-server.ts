/** A name server for tests, which answers over UDP and TCP on one port of 127.0.0.1 with the records that it is given. */
import { createSocket, type Socket } from 'node:dgram';
import { createServer, type Server } from 'node:net';
import packet, { type Answer, type DecodedPacket } from 'dns-packet';
import type { DnsRecord } from '../../src/model/dns-record.ts';

export interface FakeNameServer {
	/** HOST:PORT, as the option --resolver takes it. */
	readonly address: string;
	/** The records; a test may give others while the server runs. */
	zone: readonly Answer[];
	/** Answers as a validating resolver does for a signed zone. */
	signed: boolean;
	/** Names whose answers are not validated although the zone is signed. */
	unsigned: (name: string) => boolean;
	/** Truncates every UDP answer, so that clients must ask again over TCP. */
	truncates: boolean;
	/** The questions received, such as `SRV _imaps._tcp.example.com`; ` tcp` is added to those that came over TCP. */
	readonly questions: string[];
	close(): Promise<void>;
}

/** Converts records to the form that dns-packet encodes. */
export function toDnsAnswer(record: DnsRecord): Answer {
	const common = { name: record.name, ttl: 3600, class: 'IN' } as const;
	switch (record.type) {
		case 'CNAME':
			return { ...common, type: 'CNAME', data: record.target };
		case 'TXT':
			return { ...common, type: 'TXT', data: record.text };
		case 'SRV': {
			const { priority, weight, port, target } = record;
			return { ...common, type: 'SRV', data: { priority, weight, port, target } };
		}
	}
}

/** @param at the address and port to listen on; by default a free port of 127.0.0.1 */
export async function startFakeNameServer(
	records: readonly Answer[] = [],
	at: { readonly host: string; readonly port: number } = { host: '127.0.0.1', port: 0 },
): Promise<FakeNameServer> {
	const { udp, tcp, port } = await bindUdpAndTcp(at);
	const asked: string[] = [];
	let zone = indexZone(records);
	const server: FakeNameServer = {
		address: `${at.host}:${port}`,
		get zone() {
			return zone.records;
		},
		set zone(changed) {
			zone = indexZone(changed);
		},
		signed: false,
		unsigned: () => false,
		truncates: false,
		questions: asked,
		close: () => new Promise((resolve) => udp.close(() => tcp.close(() => resolve()))),
	};
	udp.on('message', (bytes, from) => {
		const query = packet.decode(bytes);
		asked.push(questionText(query));
		udp.send(encodeReply(server, zone, query, server.truncates), from.port, from.address);
	});
	tcp.on('connection', (socket) => {
		socket.on('error', () => socket.destroy());
		socket.on('data', (bytes) => {
			const query = packet.decode(bytes.subarray(2));
			asked.push(`${questionText(query)} tcp`);
			const reply = encodeReply(server, zone, query, false);
			const length = Buffer.alloc(2);
			length.writeUInt16BE(reply.length);
			socket.end(Buffer.concat([length, reply]));
		});
	});
	return server;
}

function questionText(query: DecodedPacket): string {
	const [question] = query.questions ?? [];
	return `${question?.type} ${question?.name}`;
}

interface Zone {
	readonly records: readonly Answer[];
	readonly answers: ReadonlyMap<string, readonly Answer[]>;
	/** The names that have records, and those above them: a name below which there is another exists too (RFC 8020). */
	readonly existing: ReadonlySet<string>;
}

function indexZone(records: readonly Answer[]): Zone {
	const answers = new Map<string, Answer[]>();
	const existing = new Set<string>();
	for (const answer of records) {
		answers.set(answer.name, [...(answers.get(answer.name) ?? []), answer]);
		const labels = answer.name.split('.');
		for (const at of labels.keys()) existing.add(labels.slice(at).join('.'));
	}
	return { records, answers, existing };
}

function encodeReply(server: FakeNameServer, zone: Zone, query: DecodedPacket, cut: boolean): Buffer {
	const [question] = query.questions ?? [];
	const answers: Answer[] = [];
	let name = question?.name.toLowerCase() ?? '';
	// Follows a few CNAMEs, as a resolver does.
	for (let hop = 0; hop < 8; hop++) {
		const here = zone.answers.get(name) ?? [];
		answers.push(...here.filter(({ type }) => type === question?.type));
		const alias = here.find((answer) => answer.type === 'CNAME');
		if (alias?.type !== 'CNAME' || question?.type === 'CNAME') break;
		answers.push(alias);
		name = alias.data;
	}
	const asked = question?.name.toLowerCase() ?? '';
	const exists = zone.existing.has(asked);
	const NXDOMAIN = 3;
	return packet.encode({
		type: 'response',
		id: query.id ?? 0,
		flags:
			packet.RECURSION_AVAILABLE |
			(server.signed && !server.unsigned(question?.name ?? '') ? packet.AUTHENTIC_DATA : 0) |
			(cut ? packet.TRUNCATED_RESPONSE : 0) |
			(exists ? 0 : NXDOMAIN),
		questions: query.questions ?? [],
		answers: cut ? [] : answers,
	});
}

/** Binds UDP and TCP to the same port. The port that UDP was given may be taken for TCP; then it tries another. */
async function bindUdpAndTcp(at: {
	readonly host: string;
	readonly port: number;
}): Promise<{ readonly udp: Socket; readonly tcp: Server; readonly port: number }> {
	for (let attempt = 0; attempt < 20; attempt++) {
		const udp = createSocket('udp4');
		await new Promise<void>((resolve) => udp.bind(at.port, at.host, resolve));
		const { port } = udp.address();
		const tcp = createServer();
		const bound = await new Promise<boolean>((resolve) => {
			tcp.once('error', () => resolve(false));
			tcp.listen(port, at.host, () => resolve(true));
		});
		if (bound) return { udp, tcp, port };
		await new Promise<void>((resolve) => udp.close(() => resolve()));
	}
	throw new Error('no port is free for both UDP and TCP');
}
