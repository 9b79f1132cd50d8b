/**
 * The world that a mail client meets: a name server that serves the zones which the product prints, web servers with certificates in front of
 * the product, and a real Postfix and Dovecot behind. All of it on one address of a network namespace (namespace.sh), where the real ports are free.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { join } from 'node:path';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { Answer } from 'dns-packet';
import { type FakeNameServer, startFakeNameServer } from '../support/fake-name-server.ts';
import { type StartedService, spawnService } from '../support/start-service.ts';
import { type ClientAuthority, createClientAuthority } from './client-authority.ts';
import { type ClientRecord, MAIL_HOSTS, servedDomain } from './client-records.ts';
import { type MailServer, startMailServer } from './mail-server.ts';
import { parseZoneLine } from './zone-lines.ts';

const SERVICE_HOST = 'signpost.example.net';
const OPERATOR_TOKEN = 'operator-token-of-the-client-tests-01';

export interface ClientWorld {
	/** `METHOD scheme://host/target` of every request that reached a web server, with its User-Agent, in order. */
	readonly requests: { readonly text: string; readonly userAgent: string }[];
	readonly nameServer: FakeNameServer;
	/** PEM of the authority that the clients trust. */
	readonly ca: string;
	readonly mail: MailServer;
	stop(): Promise<void>;
}

/**
 * @param address the namespace's address
 * @param tree the Debian tree with Dovecot and the clients in it
 * @param state a scratch folder
 * @param npm the folder that npm installed Delta Chat's core into
 */
export async function startClientWorld(
	address: string,
	tree: string,
	state: string,
	records: readonly ClientRecord[],
	npm: string,
): Promise<ClientWorld> {
	const authority = await createClientAuthority();
	mkdirSync(join(tree, 'drivers'), { recursive: true });
	trustAuthority(authority, tree);
	installDeltaChat(authority, tree, npm);
	const started: (() => unknown)[] = [];
	const stop = async () => {
		for (const stopOne of started.splice(0).reverse()) await stopOne();
	};
	try {
		const service = await spawnService(join(state, 'store'), { ADMIN_TOKEN: OPERATOR_TOKEN }, ['--var', `SERVICE_HOST:${SERVICE_HOST}`]);
		started.push(() => service.stop());
		await importRecords(service, records);
		const zone = await readZones(service, address, records);
		const nameServer = await startFakeNameServer(zone, { host: address, port: 53 });
		started.push(() => nameServer.close());
		const mail = await startMailServer(address, tree, authority, records);
		started.push(() => mail.stop());
		const requests: ClientWorld['requests'][number][] = [];
		const dead = new Set(records.filter(({ deadWeb }) => deadWeb === true).map(servedDomain));
		const front = await startWebFront(address, service.port, authority, (host) => isDead(host, dead), requests);
		for (const server of front)
			started.push(() => {
				server.close();
				server.closeAllConnections();
			});
		return { requests, nameServer, ca: authority.root, mail, stop };
	} catch (error) {
		// A world that did not come into being as a whole leaves nothing running.
		await stop();
		throw error;
	}
}

const ISRG_ROOT_X2 = 'usr/share/ca-certificates/mozilla/ISRG_Root_X2.crt';
const REAL_ISRG_ROOT_X2 = `${ISRG_ROOT_X2}.real`;

/** Makes the tree's clients trust the world's authority, by its root and by the authority whose key is exchanged. */
function trustAuthority(authority: ClientAuthority, tree: string): void {
	const real = join(tree, REAL_ISRG_ROOT_X2);
	if (!existsSync(real)) copyFileSync(join(tree, ISRG_ROOT_X2), real);
	writeFileSync(join(tree, ISRG_ROOT_X2), `${authority.exchangedRoot}\n`);
	writeFileSync(join(tree, 'usr/local/share/ca-certificates/signpost-tests.crt'), `${authority.root}\n`);
	spawnSync('chroot', [tree, 'update-ca-certificates', '--fresh']);
}

/** Gives Delta Chat's program to the tree, trusting the world's authority. */
function installDeltaChat(authority: ClientAuthority, tree: string, npm: string): void {
	const binary = join(npm, 'node_modules/@deltachat/stdio-rpc-server-linux-x64/deltachat-rpc-server');
	const patched = authority.patchTrust(readFileSync(binary), readFileSync(join(tree, REAL_ISRG_ROOT_X2), 'utf8'));
	const target = join(tree, 'drivers/deltachat-rpc-server');
	writeFileSync(target, patched);
	chmodSync(target, 0o755);
}

async function importRecords({ port }: StartedService, records: readonly ClientRecord[]): Promise<void> {
	const lines = records.flatMap(({ domain, record }) => (record === null ? [] : [JSON.stringify({ domain, record })]));
	// npm start seeds example.com: this world has its own.
	const response = await fetch(`http://127.0.0.1:${port}/admin/api/import?existing=replace`, {
		method: 'POST',
		headers: { Authorization: `Bearer ${OPERATOR_TOKEN}`, 'Content-Type': 'application/x-ndjson' },
		body: lines.join('\n'),
	});
	const text = await response.text();
	if (!response.ok || !text.includes('"refused":0')) throw new Error(`the records were not taken: ${text}`);
}

async function readZones({ port }: StartedService, address: string, records: readonly ClientRecord[]): Promise<Answer[]> {
	const host = (name: string): Answer => ({ name, type: 'A', ttl: 60, class: 'IN', data: address });
	const zone: Answer[] = [SERVICE_HOST, ...MAIL_HOSTS].map(host);
	// The mail exchanger's own name leads clients that go by MX to the record of example.com.
	for (const each of records) {
		const domain = servedDomain(each);
		zone.push(...(each.extraDns ?? []).flatMap(parseZoneLine));
		if (each.record === null) continue;
		zone.push(host(domain));
		const lines = (await readZone(port, domain)).split('\n').flatMap(parseZoneLine);
		zone.push(...lines.filter(({ type }) => each.withoutDns?.includes(type) !== true));
	}
	return zone;
}

async function readZone(port: number, domain: string): Promise<string> {
	const response = await fetchAs(port, SERVICE_HOST, `/zone/${domain}`);
	if (response.status !== 200) throw new Error(`/zone/${domain} answers ${response.status}`);
	return response.body;
}

function fetchAs(port: number, host: string, path: string): Promise<{ readonly status: number; readonly body: string }> {
	return new Promise((resolve, reject) => {
		const sent = request({ host: '127.0.0.1', port, path, headers: { Host: host } }, (response) => {
			let body = '';
			response.on('data', (chunk) => (body += String(chunk)));
			response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
		});
		sent.on('error', reject);
		sent.end();
	});
}

function isDead(host: string, dead: ReadonlySet<string>): boolean {
	return [...dead].some((domain) => host === domain || host.endsWith(`.${domain}`));
}

/** Ports 80 and 443 of the address, passed on to the service with Host as it came. A dead host's connections are closed unanswered. */
async function startWebFront(
	address: string,
	port: number,
	authority: ClientAuthority,
	dies: (host: string) => boolean,
	requests: ClientWorld['requests'][number][],
): Promise<readonly Server[]> {
	const contexts = new Map<string, Promise<SecureContext>>();
	const contextFor = (name: string) => {
		const known = contexts.get(name) ?? authority.leaf([name]).then((pair) => createSecureContext(pair));
		contexts.set(name, known);
		return known;
	};
	const pass = (scheme: 'http' | 'https') => (incoming: IncomingMessage, outgoing: ServerResponse) => {
		// Delta Chat sends the whole URL in the request line (absolute form, RFC 9112 §3.2.2).
		const target = (incoming.url ?? '/').replace(/^https?:\/\/[^/]+/, '');
		const host = (incoming.headers.host ?? '').toLowerCase().replace(/:\d+$/, '');
		if (dies(host)) {
			incoming.socket.destroy();
			return;
		}
		requests.push({ text: `${incoming.method} ${scheme}://${host}${target}`, userAgent: incoming.headers['user-agent'] ?? '' });
		const headers = { ...incoming.headers, host };
		const forwarded = request({ host: '127.0.0.1', port, method: incoming.method, path: target, headers }, (response) => {
			outgoing.writeHead(response.statusCode ?? 502, response.headers);
			response.pipe(outgoing);
		});
		forwarded.on('error', () => outgoing.destroy());
		incoming.pipe(forwarded);
	};
	const http = createHttpServer(pass('http'));
	const https = createHttpsServer(
		{
			...(await authority.leaf([SERVICE_HOST])),
			SNICallback: (name, done) => {
				if (dies(name)) done(new Error('this host is dead'));
				else contextFor(name).then((context) => done(null, context), done);
			},
		},
		pass('https'),
	);
	for (const server of [http, https]) server.on('clientError', (_, socket) => socket.destroy());
	await new Promise<void>((resolve) => http.listen(80, address, resolve));
	await new Promise<void>((resolve) => https.listen(443, address, resolve));
	return [http, https];
}
