/** `signpost dns apply` on real name servers with signed zones: it makes exactly the changes that it shows, in order and once. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeInternet, startFakeInternet } from '../support/fake-internet.ts';
import { resolvedFixture } from '../support/fixture-records.ts';
import { runSignpost } from '../support/run-signpost.ts';
import { RECORDS_FOLDER, SITE_ARGUMENTS } from './name-server-daemon.ts';
import { ZONE_SERVERS, type ZoneServer } from './zone-servers.ts';

const ZONE = 'example.com';

/** A text longer than one string of 255 octets, split at an unusual place. */
const REPORT_PLACES = Array.from({ length: 8 }, (_, at) => `mailto:tls-reports-${at}@reports-of-failures.example.com`).join(',');
const OLD_REPORTS = `v=TLSRPTv1; rua=${REPORT_PLACES}`;
const CUT = [OLD_REPORTS.slice(0, 7), OLD_REPORTS.slice(7, 200), OLD_REPORTS.slice(200)].map((part) => `"${part}"`).join(' ');

/** What stands in the zone before: an old host, old servers, others' texts, and a website. */
const LINES = [
	'autoconfig IN A 192.0.2.7',
	'autoconfig IN AAAA 2001:db8::7',
	'_imaps._tcp IN SRV 0 1 993 old.example.net.',
	`_smtp._tls IN TXT ${CUT}`,
	'_ua-auto-config IN TXT "hello, this is mine"',
	'www IN A 192.0.2.80',
	'@ IN TXT "v=spf1 -all"',
];

describe.each(ZONE_SERVERS)('$name', ({ start }) => {
	let folder: string;
	let world: FakeInternet;
	let server: ZoneServer;
	let record: string[];
	/** Nothing listens on port 443, so the address is not the service's. */
	const nobody = ['--connect-to', ':443:127.0.0.1:1'];
	let served: string[];

	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), 'signpost-apply-'));
		const text = JSON.parse(await readFile(join(RECORDS_FOLDER, 'everything.json'), 'utf8')) as object;
		const file = join(folder, 'record.json');
		await writeFile(file, JSON.stringify({ ...text, tlsRpt: { rua: REPORT_PLACES.replaceAll('tls-reports', 'reports').split(',') } }));
		record = ['--record', file, ...SITE_ARGUMENTS];
		world = await startFakeInternet({ found: resolvedFixture('everything', ZONE) });
		const [port] = /(?<=:443::)\d+/.exec(world.toolArguments.join(' ')) ?? [];
		const ca = world.toolArguments[world.toolArguments.indexOf('--ca') + 1] ?? '';
		served = ['--connect-to', `:443:127.0.0.1:${port}`, '--ca', ca];
		server = await start(ZONE, LINES);
	});

	afterAll(async () => {
		await server?.stop();
		await world?.close();
		await rm(folder, { recursive: true });
	});

	const apply = (...more: string[]) =>
		runSignpost(['dns', 'apply', ZONE, ...server.arguments, ...record, '--timeout', '5', ...more], folder, { env: server.env });
	const diff = () =>
		runSignpost(['zone', ZONE, '--diff', ...record, '--resolver', server.dns, '--timeout', '5', ...nobody], folder, {
			env: server.env,
		});
	const dig = (...words: string[]) => {
		const [host = '', port = ''] = server.dns.split(':');
		return spawnSync('dig', [`@${host}`, '-p', port, '+norec', '+tcp', '+short', ...words], { encoding: 'utf8' }).stdout.trim();
	};
	/** What the zone says at the names that change. Serials tell nothing: a server signs by itself. */
	const picture = () =>
		[
			['autoconfig', 'A'],
			['_mta-sts', 'TXT'],
			['_imaps._tcp', 'SRV'],
			['_smtp._tls', 'TXT'],
			['_ua-auto-config', 'TXT'],
		].map(([label, type]) => dig(`${label}.${ZONE}`, type ?? ''));

	it('shows, and changes nothing, until it is told to', async () => {
		const before = picture();
		const dry = await apply('--dry-run', ...nobody);
		expect([dry.code, dry.err.match(/error/)]).toEqual([1, null]);
		expect(dry.out).toContain(`- autoconfig.${ZONE} A 192.0.2.7\n`);
		expect(dry.out).toContain(`+ autoconfig.${ZONE} 3600 CNAME signpost.example.net.\n`);
		const unasked = await apply(...nobody);
		expect([unasked.code, unasked.err]).toEqual([2, expect.stringContaining('nobody is there to ask')]);
		expect(picture()).toEqual(before);
	});

	it('makes everything but the id of a policy that is not served yet', async () => {
		const { code, out, err } = await apply('--yes', '--no-wait', ...nobody);
		expect(err).toContain('the MTA-STS policy is not served yet');
		expect([code, out]).toEqual([1, expect.stringContaining(`changed `)]);
		expect(dig(`autoconfig.${ZONE}`, 'CNAME')).toBe('signpost.example.net.');
		expect(dig(`autoconfig.${ZONE}`, 'A')).toBe('signpost.example.net.');
		expect(dig(`_mta-sts.${ZONE}`, 'TXT')).toBe('');
		expect(dig(`_imaps._tcp.${ZONE}`, 'SRV')).toBe('0 1 993 imap.example.com.');
		expect(dig(`_smtp._tls.${ZONE}`, 'TXT').replaceAll('" "', '')).toBe(`"${OLD_REPORTS.replaceAll('tls-reports', 'reports')}"`);
		// The records of others are still there.
		expect(dig(`_ua-auto-config.${ZONE}`, 'TXT')).toContain('"hello, this is mine"');
		expect([dig(`www.${ZONE}`, 'A'), dig(ZONE, 'TXT')]).toEqual(['192.0.2.80', '"v=spf1 -all"']);
	});

	it('publishes the id when the policy is served, and then has nothing more to do', async () => {
		const { code, err } = await apply('--yes', ...served);
		expect([code, err.match(/error.*/)]).toEqual([0, null]);
		expect(dig(`_mta-sts.${ZONE}`, 'TXT')).toMatch(/^"v=STSv1; id=[0-9a-f]{20}"$/);
		const rest = await diff();
		expect([rest.code, rest.out.match(/^(?!;).+/m)]).toEqual([0, null]);
		const before = picture();
		const again = await apply('--yes', ...served);
		expect([again.code, again.out, again.err]).toEqual([0, `${ZONE}: nothing to change\n`, expect.stringContaining("is another's")]);
		expect(picture()).toEqual(before);
	});

	it('keeps the zone signed', () => {
		for (const [name, type] of [
			[`autoconfig.${ZONE}`, 'CNAME'],
			[`_smtp._tls.${ZONE}`, 'TXT'],
			[`_imaps._tcp.${ZONE}`, 'SRV'],
		] as const)
			expect(dig(name, type, '+dnssec')).toMatch(new RegExp(`^${type} \\d+ `, 'm'));
	});

	it('says what the server says to a wrong secret', async () => {
		const wrong = {
			SIGNPOST_TSIG: `hmac-sha256:signpost:${Buffer.from('wrong').toString('base64')}`,
			SIGNPOST_POWERDNS_KEY: 'wrong',
		};
		const args = server.arguments.filter((word, at, all) => word !== '--tsig' && all[at - 1] !== '--tsig');
		const minimal = ['--record', join(RECORDS_FOLDER, 'minimal.json'), ...SITE_ARGUMENTS];
		const before = picture();
		const { code, err } = await runSignpost(['dns', 'apply', ZONE, ...args, ...minimal, '--yes', '--no-wait', ...served], folder, {
			env: wrong,
		});
		expect([code, err]).toEqual([2, expect.stringMatching(/BADSIG|refuses the key|NOTAUTH|REFUSED/)]);
		expect(picture()).toEqual(before);
	});
});
