/**
 * From "record saved" to "every client configured": a running service, a real BIND with the customer's zone, Cloudflare's custom hostnames
 * in memory, and clients' discovery over TLS. The operator saves one record; the rest is what `hostnames --yes --watch` and
 * `dns apply --yes --watch` do by themselves.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFakeCustomHostnames } from '../support/fake-custom-hostnames.ts';
import { type FakeInternet, startFakeInternet } from '../support/fake-internet.ts';
import { fixtureText, resolvedFixture } from '../support/fixture-records.ts';
import { runSignpost } from '../support/run-signpost.ts';
import { type StartedService, spawnService } from '../support/start-service.ts';
import { ZONE_SERVERS, type ZoneServer } from './zone-servers.ts';

const DOMAIN = 'example.com';
const TOKEN = 'operator-token-of-the-tests-0123456789';
const bind = ZONE_SERVERS.find(({ program }) => program === 'named');

describe.skipIf(bind === undefined)('a new customer', () => {
	const cloudflare = createFakeCustomHostnames([]);
	let folder: string;
	let world: FakeInternet;
	let server: ZoneServer;
	let service: StartedService;
	let api: Server;
	let apiUrl: string;
	let requests = 0;
	let network: string[];

	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), 'signpost-customer-'));
		world = await startFakeInternet({ found: resolvedFixture('everything', DOMAIN) });
		const hosts = ['imap', 'pop', 'smtp', 'sieve', 'jmap', 'dav', 'files', 'auth'].map((label) => `${label} IN A 127.0.0.1`);
		if (bind === undefined) throw new Error('no BIND');
		server = await bind.start(DOMAIN, ['@ IN A 127.0.0.1', '@ IN MX 10 mx1', 'mx1 IN A 127.0.0.1', 'signpost IN A 127.0.0.1', ...hosts]);
		service = await spawnService(join(folder, 'state'), { ADMIN_TOKEN: TOKEN }, ['--var', 'SERVICE_HOST:signpost.example.com']);
		api = createServer(async (request, response) => {
			requests += 1;
			const method = request.method === 'POST' || request.method === 'PATCH' || request.method === 'DELETE' ? request.method : 'GET';
			const answer = await cloudflare.transport({ method, url: `http://api${request.url}`, headers: {}, body: await readAll(request) });
			response.writeHead(answer.ok ? answer.value.status : 500).end(answer.ok ? answer.value.text : '');
		});
		await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
		const bound = api.address();
		apiUrl = `http://127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}`;
		const known = world.toolArguments;
		// The servers of the internet are found through the customer's own name server.
		network = ['--ca', '--connect-to', '--timeout'].flatMap((name) => [name, known[known.indexOf(name) + 1] ?? '']);
	});

	afterAll(async () => {
		await service?.stop();
		await server?.stop();
		await world?.close();
		api?.closeAllConnections();
		await new Promise((resolve) => api.close(resolve));
		await rm(folder, { recursive: true, force: true });
	});

	const run = (words: readonly string[]) =>
		runSignpost(words, folder, {
			env: {
				...server.env,
				SIGNPOST_API: `http://127.0.0.1:${service.port}`,
				SIGNPOST_TOKEN: TOKEN,
				CLOUDFLARE_API_TOKEN: 'least-rights',
				CLOUDFLARE_ZONE_ID: '023e105f4ecef8ad9ca31a8372d0c353',
			},
		});
	const doctor = () => run(['doctor', DOMAIN, '--resolver', server.dns, ...network]);
	const hostnames = () => run(['hostnames', '--yes', '--api-url', apiUrl, '--site', 'signpost.example.com']);
	const publish = () => run(['dns', 'apply', DOMAIN, '--yes', ...server.arguments, '--resolver', server.dns, ...network]);

	it('is configured in every client by one act of the operator: the record is saved', async () => {
		// The operator saves the record, which is the only manual step.
		const record = JSON.parse(fixtureText('everything')) as object;
		const saved = await fetch(`http://127.0.0.1:${service.port}/admin/api/domains/${DOMAIN}`, {
			method: 'PUT',
			// npm start has a record of this name already.
			headers: { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/json', 'If-Match': '"1"' },
			body: JSON.stringify({ record, note: 'a new customer' }),
		});
		expect(saved.status).toBe(200);

		const before = await doctor();
		expect([before.code, before.out]).toEqual([1, expect.stringMatching(/missing {2}autoconfig\.example\.com: DNS has no address for it/)]);

		// The commands that timers run.
		expect((await hostnames()).code).toBe(1);
		expect(cloudflare.created.toSorted()).toEqual(['autoconfig', 'autodiscover', 'mta-sts'].map((label) => `${label}.${DOMAIN}`));
		// A list, a quota, and a request for each name.
		expect(requests).toBe(2 + cloudflare.created.length);
		cloudflare.hostnames = cloudflare.hostnames.map((each) => ({ ...each, status: 'active', certificateStatus: 'active' }));
		const published = await publish();
		expect([published.code, published.err.match(/error.*/)]).toEqual([0, null]);

		const after = await doctor();
		expect([after.out.match(/^(missing|unknown).*/m), after.code]).toEqual([null, 0]);
		expect((await hostnames()).code).toBe(0);
		const traced = await run(['trace', `you@${DOMAIN}`, '--all', '--resolver', server.dns, ...network]);
		// This record has no PACC document. aerc takes 587 for implicit TLS whatever a zone says: trace finds fault with it, and exits with 1.
		const clients = traced.out
			.trim()
			.split('\n')
			.slice(1)
			.filter((line) => line.includes('20') && !line.startsWith('a client that follows PACC'));
		expect(clients.length).toBeGreaterThan(8);
		expect(clients.filter((line) => !line.includes('imap.example.com:993 TLS'))).toEqual([]);
		expect(clients.filter((line) => !line.includes('smtp.example.com:465 TLS') && !/^(aerc|Claws Mail)/.test(line))).toEqual([]);
	}, 300_000);
});
