/** A real PowerDNS: its API takes what `zone --format powerdns` prints and what `--diff` prints, and then serves all of it. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { runSignpost } from '../support/run-signpost.ts';
import { type Daemon, RECORD_NAMES, RECORDS_FOLDER, SITE_ARGUMENTS, startDaemon } from './name-server-daemon.ts';

const hasPowerDns = spawnSync('pdns_server', ['--version']).error === undefined;
if (!hasPowerDns) process.stdout.write('skipped: PowerDNS (Debian: pdns-server, pdns-backend-lmdb) is not on this machine\n');

const API_KEY = 'test';

describe.skipIf(!hasPowerDns)('PowerDNS', () => {
	let folder: string;
	let pdns: Daemon | undefined;
	let server: string[];
	let api: string;

	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), 'signpost-pdns-'));
		const [port, web] = [await freePort(), await freePort()];
		server = ['--resolver', `127.0.0.1:${port}`, '--timeout', '5'];
		api = `http://127.0.0.1:${web}/api/v1/servers/localhost/zones`;
		const settings = {
			launch: 'lmdb',
			'lmdb-filename': join(folder, 'zones.lmdb'),
			'local-address': '127.0.0.1',
			'local-port': port,
			webserver: 'yes',
			'webserver-address': '127.0.0.1',
			'webserver-port': web,
			api: 'yes',
			'api-key': API_KEY,
			'socket-dir': folder,
			daemon: 'no',
			guardian: 'no',
			// Otherwise it asks the network whether it is out of date; and answers from memory what has changed since.
			'security-poll-suffix': '',
			'cache-ttl': 0,
			'query-cache-ttl': 0,
			'negquery-cache-ttl': 0,
		};
		const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
		await writeFile(join(folder, 'pdns.conf'), lines.join(''));
		pdns = await startDaemon('pdns_server', [`--config-dir=${folder}`], 'ready to distribute');
	}, 60_000);

	afterAll(async () => {
		await pdns?.stop();
		await rm(folder, { recursive: true });
	});

	/** Sends JSON to the API: the status, and what it complains of. */
	async function send(method: 'POST' | 'PATCH', path: string, body: string): Promise<readonly [status: number, text: string]> {
		const response = await fetch(`${api}${path}`, { method, body, headers: { 'X-API-Key': API_KEY, 'Content-Type': 'application/json' } });
		return [response.status, response.status < 300 ? '' : await response.text()];
	}

	function create(zone: string) {
		return send('POST', '', JSON.stringify({ name: `${zone}.`, kind: 'Native', nameservers: ['ns.example.net.'] }));
	}

	it.each(RECORD_NAMES)('takes %s, and serves it whole', async (name) => {
		const zone = `${name}.example.com`;
		expect(await create(zone)).toEqual([201, '']);
		const record = ['--record', join(RECORDS_FOLDER, `${name}.json`), ...SITE_ARGUMENTS];
		const { out } = await runSignpost(['zone', zone, '--format', 'powerdns', ...record], folder);
		expect(await send('PATCH', `/${zone}.`, out)).toEqual([204, '']);
		const { code, out: missing } = await runSignpost(['zone', zone, '--diff', ...record, ...server], folder);
		expect([code, missing]).toEqual([0, '']);
	});

	it('takes what --diff prints: an old zone is brought up to date, an address gives way to a CNAME', async () => {
		const zone = 'changing.example.com';
		expect(await create(zone)).toEqual([201, '']);
		const old = await runSignpost(
			['zone', zone, '--format', 'powerdns', '--record', join(RECORDS_FOLDER, 'everything.json'), '--site', 'old.example.net'],
			folder,
		);
		const { rrsets } = JSON.parse(old.out) as { readonly rrsets: readonly { readonly name: string; readonly type: string }[] };
		const address = {
			name: `autoconfig.${zone}.`,
			type: 'A',
			ttl: 300,
			changetype: 'REPLACE',
			records: [{ content: '192.0.2.7', disabled: false }],
		};
		const others = rrsets.filter(({ name }) => name !== address.name);
		expect(others.length).toBe(rrsets.length - 1);
		expect(await send('PATCH', `/${zone}.`, JSON.stringify({ rrsets: [address, ...others] }))).toEqual([204, '']);

		const record = ['--record', join(RECORDS_FOLDER, 'minimal.json'), ...SITE_ARGUMENTS];
		// Nothing listens at the address: so it is not the service that answers there.
		const refused = ['--connect-to', ':443:127.0.0.1:1'];
		const change = await runSignpost(['zone', zone, '--diff', '--format', 'powerdns', ...record, ...server, ...refused], folder);
		expect(change.code).toBe(1);
		expect(change.out).toContain('DELETE');
		expect(await send('PATCH', `/${zone}.`, change.out)).toEqual([204, '']);
		const after = await runSignpost(['zone', zone, '--diff', ...record, ...server], folder);
		expect([after.code, after.out.match(/^(?!;).+/m)]).toEqual([0, null]);
	});
});
