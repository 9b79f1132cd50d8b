/** A real name server: BIND loads what `zone` prints and serves it, `zone --diff` finds it complete, and nsupdate takes what `--diff` prints. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../free-port.ts';
import { type Daemon, NAMES, RECORDS, SITE, startDaemon } from './real-name-server.ts';
import { run } from './run.ts';

const there = ['named', 'nsupdate', 'named-checkzone'].every((program) => spawnSync(program, ['-V']).error === undefined);
if (!there) process.stdout.write('skipped: BIND (Debian: bind9, bind9-dnsutils, bind9-utils) is not on this machine\n');

const HEAD = `$TTL 3600
@ IN SOA ns hostmaster 1 3600 900 604800 300
@ IN NS ns
ns IN A 192.0.2.1
`;

describe.skipIf(!there)('BIND', () => {
	let folder: string;
	let named: Daemon | undefined;
	let server: string[];
	let port: number;

	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), 'signpost-named-'));
		port = await freePort();
		server = ['--resolver', `127.0.0.1:${port}`, '--timeout', '5'];
		const zones: string[] = [];
		for (const name of NAMES) {
			const zone = `${name}.example.com`;
			const { out } = await run(['zone', zone, '--record', join(RECORDS, `${name}.json`), ...SITE], folder);
			await writeFile(join(folder, `${zone}.db`), HEAD + out);
			zones.push(`zone "${zone}" { type primary; file "${zone}.db"; allow-update { 127.0.0.1; }; };`);
		}
		const options = `options { directory "${folder}"; listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; }; pid-file none; session-keyfile "${folder}/key"; recursion no; allow-query { 127.0.0.1; }; };`;
		await writeFile(join(folder, 'named.conf'), `${options}\ncontrols { };\n${zones.join('\n')}\n`);
		named = await startDaemon('named', ['-g', '-c', join(folder, 'named.conf')], 'running');
	}, 120_000);

	afterAll(async () => {
		await named?.stop();
		await rm(folder, { recursive: true });
	});

	it.each(NAMES)('loads %s without a complaint, and serves it whole', async (name) => {
		const zone = `${name}.example.com`;
		const judged = spawnSync('named-checkzone', ['-i', 'local-sibling', '-n', 'ignore', zone, join(folder, `${zone}.db`)], {
			encoding: 'utf8',
		});
		expect(judged.stdout).toMatch(/loaded serial 1\nOK\n$/);
		const { code, out } = await run(['zone', zone, '--diff', '--record', join(RECORDS, `${name}.json`), ...SITE, ...server], folder);
		expect([code, out]).toEqual([0, '']);
		// The zone has no addresses for the mail hosts, so check finds that; of the records themselves it misses nothing.
		const checked = await run(
			['check', zone, '--only', 'dns', '--json', '--record', join(RECORDS, `${name}.json`), ...SITE, ...server],
			folder,
		);
		expect(checked.out).toContain('"area": "dns"');
		expect(checked.out.match(/"code": "(dns-missing|dns-wrong|dns-leftover|srv-order|[a-z-]+-stale)"/g)).toBeNull();
	});

	it.skipIf(spawnSync('nsd-checkzone').error !== undefined).each(NAMES)('NSD reads %s too', (name) => {
		const zone = `${name}.example.com`;
		const judged = spawnSync('nsd-checkzone', [zone, join(folder, `${zone}.db`)], { encoding: 'utf8' });
		expect([judged.status, judged.stdout, judged.stderr]).toEqual([0, `zone ${zone} is ok\n`, '']);
	});

	it('takes what --diff prints: nsupdate brings an old zone up to date', async () => {
		const zone = 'minimal.example.com';
		// The record changes; the zone is what the old one asked for.
		const record = ['--record', join(RECORDS, 'everything.json')];
		const before = await run(['zone', zone, '--diff', ...record, ...SITE, ...server], folder);
		expect(before.code).toBe(1);
		expect(before.out).toContain(`update delete _ua-auto-config.${zone}. TXT`);
		const update = spawnSync('nsupdate', [], { input: `server 127.0.0.1 ${port}\n${before.out}`, encoding: 'utf8' });
		expect([update.status, update.stderr]).toEqual([0, '']);
		const after = await run(['zone', zone, '--diff', ...record, ...SITE, ...server], folder);
		expect([after.code, after.out]).toEqual([0, '']);
	});
});
