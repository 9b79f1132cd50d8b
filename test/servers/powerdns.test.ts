/** A real PowerDNS: its API takes what `zone --format powerdns` prints and what `--diff` prints, and then serves all of it. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSignpost } from '../support/run-signpost.ts';
import { RECORD_NAMES, RECORDS_FOLDER, SITE_ARGUMENTS } from './name-server-daemon.ts';
import { type PowerDns, startPowerDns } from './powerdns-daemon.ts';

const hasPowerDns = spawnSync('pdns_server', ['--version']).error === undefined;
if (!hasPowerDns) process.stdout.write('skipped: PowerDNS (Debian: pdns-server, pdns-backend-lmdb) is not on this machine\n');

describe.skipIf(!hasPowerDns)('PowerDNS', () => {
	let pdns: PowerDns;
	/** The options that make the tool ask this server. */
	let resolver: string[];

	beforeAll(async () => {
		pdns = await startPowerDns();
		resolver = ['--resolver', pdns.dns, '--timeout', '5'];
	}, 60_000);

	afterAll(() => pdns.stop());

	/** Sends JSON about zones to the API. */
	function send(method: 'POST' | 'PATCH', path: string, body: string) {
		return pdns.send(method, `/zones${path}`, body);
	}

	function create(zone: string) {
		return send('POST', '', JSON.stringify({ name: `${zone}.`, kind: 'Native', nameservers: ['ns.example.net.'] }));
	}

	it.each(RECORD_NAMES)('takes %s, and serves it whole', async (name) => {
		const zone = `${name}.example.com`;
		expect(await create(zone)).toEqual([201, '']);
		const record = ['--record', join(RECORDS_FOLDER, `${name}.json`), ...SITE_ARGUMENTS];
		const { out } = await runSignpost(['zone', zone, '--format', 'powerdns', ...record], pdns.folder);
		expect(await send('PATCH', `/${zone}.`, out)).toEqual([204, '']);
		const { code, out: missing } = await runSignpost(['zone', zone, '--diff', ...record, ...resolver], pdns.folder);
		expect([code, missing]).toEqual([0, '']);
	});

	it('takes what --diff prints: an old zone is brought up to date, an address gives way to a CNAME', async () => {
		const zone = 'changing.example.com';
		expect(await create(zone)).toEqual([201, '']);
		const old = await runSignpost(
			['zone', zone, '--format', 'powerdns', '--record', join(RECORDS_FOLDER, 'everything.json'), '--site', 'old.example.net'],
			pdns.folder,
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
		const change = await runSignpost(['zone', zone, '--diff', '--format', 'powerdns', ...record, ...resolver, ...refused], pdns.folder);
		expect(change.code).toBe(1);
		expect(change.out).toContain('DELETE');
		expect(await send('PATCH', `/${zone}.`, change.out)).toEqual([204, '']);
		const after = await runSignpost(['zone', zone, '--diff', ...record, ...resolver], pdns.folder);
		expect([after.code, after.out.match(/^(?!;).+/m)]).toEqual([0, null]);
	});
});
