/** Hostile web and name servers: the tool ends within its deadline, and reads no more than its limits. */
import { createSocket } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import packet from 'dns-packet';
import { afterAll, describe, expect, it } from 'vitest';
import { createResolver } from '../../../src/cli/dns/resolver.ts';
import { sendHttpRequest } from '../../../src/cli/probe/http-request.ts';
import { createNetwork } from '../../../src/cli/probe/network.ts';

const TIMEOUT_MS = 1000;
const servers: Server[] = [];
afterAll(() => {
	for (const server of servers) server.close();
});

async function listen(serve: (socket: Socket) => void): Promise<number> {
	const server = createServer((socket) => {
		socket.on('error', () => socket.destroy());
		serve(socket);
	});
	servers.push(server);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const bound = server.address();
	return typeof bound === 'object' && bound !== null ? bound.port : 0;
}

/** Writes without end, as fast as it is read. */
function flood(socket: Socket, head: string): void {
	const chunk = Buffer.alloc(65_536, 'x: y\r\n');
	socket.write(head);
	const pour = () => {
		while (!socket.destroyed && socket.write(chunk));
	};
	socket.on('drain', pour);
	pour();
}

describe('HTTP', () => {
	it.each<[string, (socket: Socket) => void, string]>([
		['says nothing', () => undefined, 'deadline'],
		['a body without an end', (socket) => flood(socket, 'HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n'), 'too-much'],
		['headers without an end', (socket) => flood(socket, 'HTTP/1.1 200 OK\r\n'), 'failed'],
		[
			'headers, a byte at a time',
			(socket) => {
				socket.write('HTTP/1.1 200 OK\r\nX-Slow: ');
				const timer = setInterval(() => socket.write('x'), 50);
				socket.on('close', () => clearInterval(timer));
			},
			'deadline',
		],
		['a body that never comes', (socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<'), 'deadline'],
		['no HTTP at all', (socket) => void socket.end('220 mail.example.com ESMTP\r\n'), 'failed'],
		['closes at once', (socket) => void socket.end(), 'failed'],
	])('%s', async (_, serve, why) => {
		const port = await listen(serve);
		const network = await createNetwork({ timeout: String(TIMEOUT_MS / 1000), 'connect-to': `::127.0.0.1:${port}` });
		if (!network.ok) throw new Error(network.error.message);
		const answer = await sendHttpRequest(network.value, {
			scheme: 'http',
			host: 'autoconfig.example.com',
			method: 'GET',
			target: '/',
			headers: {},
			body: '',
		});
		expect(answer).toMatchObject({ ok: false, kind: why });
	});
});

describe('DNS', () => {
	it.each<[string, (query: Buffer) => Buffer[]]>([
		['says nothing', () => []],
		['garbage', () => [Buffer.from('garbage'), Buffer.alloc(600, 0xc0)]],
		[
			'the answer to another question',
			(query) => [
				packet.encode({ type: 'response', id: (packet.decode(query).id ?? 0) ^ 1, questions: packet.decode(query).questions ?? [] }),
			],
		],
	])('%s: trouble in time', async (_, reply) => {
		const socket = createSocket('udp4');
		await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
		socket.on('message', (query, from) => {
			for (const bytes of reply(query)) socket.send(bytes, from.port, from.address);
		});
		const resolver = createResolver(`127.0.0.1:${socket.address().port}`, TIMEOUT_MS);
		if (!resolver.ok) throw new Error(resolver.error.message);
		expect(await resolver.value.query('example.com', 'MX')).toMatchObject({ ok: false });
		await new Promise<void>((resolve) => socket.close(() => resolve()));
	});

	it('a server that promises more over TCP and does not keep it', async () => {
		const port = await listen((socket) => void socket.write(Buffer.from([0xff, 0xff, 1])));
		const socket = createSocket('udp4');
		await new Promise<void>((resolve) => socket.bind(port, '127.0.0.1', resolve));
		socket.on('message', (bytes, from) => {
			const query = packet.decode(bytes);
			socket.send(
				packet.encode({ type: 'response', id: query.id ?? 0, flags: packet.TRUNCATED_RESPONSE, questions: query.questions ?? [] }),
				from.port,
				from.address,
			);
		});
		const resolver = createResolver(`127.0.0.1:${port}`, TIMEOUT_MS);
		if (!resolver.ok) throw new Error(resolver.error.message);
		expect(await resolver.value.query('example.com', 'MX')).toMatchObject({ ok: false });
		await new Promise<void>((resolve) => socket.close(() => resolve()));
	});
});
