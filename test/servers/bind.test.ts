/** A real name server: BIND loads what `zone` prints and serves it, `zone --diff` finds it complete, and nsupdate takes what `--diff` prints. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { runSignpost } from '../support/run-signpost.ts';
import { type Daemon, RECORD_NAMES, RECORDS_FOLDER, SITE_ARGUMENTS, startDaemon } from './name-server-daemon.ts';

const hasBind = ['named', 'nsupdate', 'named-checkzone'].every((program) => spawnSync(program, ['-V']).error === undefined);
if (!hasBind) process.stdout.write('skipped: BIND (Debian: bind9, bind9-dnsutils, bind9-utils) is not on this machine\n');

const ZONE_HEADER = `$TTL 3600
@ IN SOA ns hostmaster 1 3600 900 604800 300
@ IN NS ns
ns IN A 192.0.2.1
`;

describe.skipIf(!hasBind)('BIND', () => {
	let folder: string;
	let named: Daemon | undefined;
	let server: string[];
	let port: number;

	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), 'signpost-named-'));
		port = await freePort();
		server = ['--resolver', `127.0.0.1:${port}`, '--timeout', '5'];
		const zones: string[] = [];
		for (const name of RECORD_NAMES) {
			const zone = `${name}.example.com`;
			const { out } = await runSignpost(['zone', zone, '--record', join(RECORDS_FOLDER, `${name}.json`), ...SITE_ARGUMENTS], folder);
			await writeFile(join(folder, `${zone}.db`), ZONE_HEADER + out);
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

	it.each(RECORD_NAMES)('loads %s without a complaint, and serves it whole', async (name) => {
		const zone = `${name}.example.com`;
		const judged = spawnSync('named-checkzone', ['-i', 'local-sibling', '-n', 'ignore', zone, join(folder, `${zone}.db`)], {
			encoding: 'utf8',
		});
		expect(judged.stdout).toMatch(/loaded serial 1\nOK\n$/);
		const { code, out } = await runSignpost(
			['zone', zone, '--diff', '--record', join(RECORDS_FOLDER, `${name}.json`), ...SITE_ARGUMENTS, ...server],
			folder,
		);
		expect([code, out]).toEqual([0, '']);
		// The zone has no addresses for the mail hosts, so check finds that; of the records themselves it misses nothing.
		const checked = await runSignpost(
			['check', zone, '--only', 'dns', '--json', '--record', join(RECORDS_FOLDER, `${name}.json`), ...SITE_ARGUMENTS, ...server],
			folder,
		);
		expect(checked.out).toContain('"area": "dns"');
		expect(checked.out.match(/"code": "(dns-missing|dns-wrong|dns-leftover|srv-order|[a-z-]+-stale)"/g)).toBeNull();
	});

	it.skipIf(spawnSync('nsd-checkzone').error !== undefined).each(RECORD_NAMES)('NSD reads %s too', (name) => {
		const zone = `${name}.example.com`;
		const judged = spawnSync('nsd-checkzone', [zone, join(folder, `${zone}.db`)], { encoding: 'utf8' });
		expect([judged.status, judged.stdout, judged.stderr]).toEqual([0, `zone ${zone} is ok\n`, '']);
	});

	it('takes what --diff prints: nsupdate brings an old zone up to date', async () => {
		const zone = 'minimal.example.com';
		// The record changes; the zone is what the old one asked for.
		const record = ['--record', join(RECORDS_FOLDER, 'everything.json')];
		const before = await runSignpost(['zone', zone, '--diff', ...record, ...SITE_ARGUMENTS, ...server], folder);
		expect(before.code).toBe(1);
		expect(before.out).toContain(`update delete _imap._tcp.${zone}. SRV 0 0 0 .`);
		// A file does not know that the record before gave it.
		expect(before.out).toContain(`; left as it is, for it is another's (--prune removes it): _ua-auto-config.${zone} TXT`);
		const update = spawnSync('nsupdate', [], { input: `server 127.0.0.1 ${port}\n${before.out}`, encoding: 'utf8' });
		expect([update.status, update.stderr]).toEqual([0, '']);
		const after = await runSignpost(['zone', zone, '--diff', ...record, ...SITE_ARGUMENTS, ...server], folder);
		expect([after.code, after.out.match(/^(?!;).+/m)]).toEqual([0, null]);
		const pruned = await runSignpost(['zone', zone, '--diff', '--prune', ...record, ...SITE_ARGUMENTS, ...server], folder);
		expect(pruned.out).toContain(`update delete _ua-auto-config.${zone}. TXT`);
		spawnSync('nsupdate', [], { input: `server 127.0.0.1 ${port}\n${pruned.out}`, encoding: 'utf8' });
		const last = await runSignpost(['zone', zone, '--diff', ...record, ...SITE_ARGUMENTS, ...server], folder);
		expect([last.code, last.out]).toEqual([0, '']);
	});
});
