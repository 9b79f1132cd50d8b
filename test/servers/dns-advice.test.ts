/**
 * The advice of `check` about DNS, followed in a real zone: BIND serves a zone with one fault, `check` finds it, nsupdate makes the change that
 * the advice names, and the finding is gone.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FINDING_CODES, type FindingCode } from '../../src/cli/check/finding-codes.ts';
import { freePort } from '../support/free-port.ts';
import { runSignpost } from '../support/run-signpost.ts';
import { type Daemon, SITE_ARGUMENTS, startDaemon } from './name-server-daemon.ts';

const hasBind = ['named', 'nsupdate'].every((program) => spawnSync(program, ['-V']).error === undefined);
if (!hasBind) process.stdout.write('skipped: BIND (Debian: bind9, bind9-dnsutils) is not on this machine\n');

interface Services {
	readonly imap: object;
	readonly submission: object;
}

/** Of a domain `d`. */
const mailServices = (d: string): Services => ({ imap: { host: `imap.${d}` }, submission: { host: `smtp.${d}` } });
const policy = (d: string) => ({ mode: 'enforce', mx: [`mx.${d}`], maxAge: 604_800 });
const record = (d: string, changes: object = {}) => ({
	kind: 'domain',
	provider: { name: 'Example Mail' },
	services: mailServices(d),
	mtaSts: policy(d),
	tlsRpt: { rua: [`mailto:tls@${d}`] },
	...changes,
});

/** What a good zone has beside what `signpost zone` prints. */
const REST: readonly string[] = [
	'@ MX 10 mx',
	'mx A 192.0.2.3',
	'imap A 192.0.2.4',
	'smtp A 192.0.2.5',
	'@ TXT "v=spf1 mx -all"',
	'key1._domainkey TXT "v=DKIM1; p=abcd"',
	'_dmarc TXT "v=DMARC1; p=none"',
	'default._bimi TXT "v=BIMI1; l=https://example.com/logo.svg"',
	'@ CAA 0 issue "letsencrypt.org"',
];

/** Commands of nsupdate; @ at the end of a name stands for the domain. */
type Updates = readonly string[];

interface Advised {
	readonly code: FindingCode;
	/** The changes to the good zone that make the fault. */
	readonly fault: Updates;
	/** Fields of the record that make the fault. */
	readonly record?: (domain: string) => object;
	/** What the advice names: the tool's own commands, changes by hand, or fields of the record and the tool's commands after them. */
	readonly change: 'zone --diff' | 'zone --diff --prune' | Updates | ((domain: string) => object);
}

const TABLE: readonly Advised[] = [
	{ code: 'dns-missing', fault: ['delete _imaps._tcp.@ SRV'], change: 'zone --diff' },
	{
		code: 'dns-wrong',
		fault: ['delete autoconfig.@ CNAME', 'add autoconfig.@ 60 CNAME old.example.net.'],
		change: 'zone --diff',
	},
	{ code: 'dns-leftover', fault: ['add _imaps._tcp.@ 60 SRV 0 1 993 mx.@'], change: 'zone --diff' },
	{ code: 'dns-theirs', fault: ['add _caldavs._tcp.@ 60 SRV 0 1 443 mx.@'], change: 'zone --diff --prune' },
	{
		code: 'srv-order',
		record: (d) => ({ services: { ...mailServices(d), submission: { host: `smtp.${d}`, starttls: 587 } } }),
		fault: [
			'delete _submissions._tcp.@ SRV',
			'delete _submission._tcp.@ SRV',
			'add _submissions._tcp.@ 60 SRV 5 1 465 smtp.@',
			'add _submission._tcp.@ 60 SRV 5 1 587 smtp.@',
		],
		change: ['delete _submissions._tcp.@ SRV', 'add _submissions._tcp.@ 60 SRV 0 1 465 smtp.@'],
	},
	{
		code: 'srv-target-cname',
		fault: ['delete imap.@ A', 'add imap.@ 60 CNAME mx.@'],
		change: (d) => ({ services: { ...mailServices(d), imap: { host: `mx.${d}` } } }),
	},
	{ code: 'srv-target-missing', fault: ['delete imap.@ A'], change: ['add imap.@ 60 A 192.0.2.4'] },
	{
		code: 'mta-sts-id-stale',
		fault: ['delete _mta-sts.@ TXT', 'add _mta-sts.@ 60 TXT "v=STSv1; id=00000000000000000000"'],
		change: 'zone --diff',
	},
	{ code: 'mta-sts-twice', fault: ['add _mta-sts.@ 60 TXT "v=STSv1; id=20200101000000;"'], change: 'zone --diff' },
	{ code: 'tls-rpt-twice', fault: ['add _smtp._tls.@ 60 TXT "v=TLSRPTv1; rua=mailto:old@example.net"'], change: 'zone --diff' },
	{ code: 'spf-absent', fault: ['delete @ TXT'], change: ['add @ 60 TXT "v=spf1 mx -all"'] },
	{ code: 'dkim-absent', fault: ['delete key1._domainkey.@ TXT'], change: ['add rspamd._domainkey.@ 60 TXT "v=DKIM1; p=abcd"'] },
	{ code: 'dmarc-absent', fault: ['delete _dmarc.@ TXT'], change: ['add _dmarc.@ 60 TXT "v=DMARC1; p=none"'] },
	{
		code: 'bimi-absent',
		fault: ['delete default._bimi.@ TXT'],
		change: ['add default._bimi.@ 60 TXT "v=BIMI1; l=https://example.com/l.svg"'],
	},
	{ code: 'caa-absent', fault: ['delete @ CAA'], change: ['add @ 60 CAA 0 issue "letsencrypt.org"'] },
	{ code: 'caa-forbids', fault: ['delete @ CAA', 'add @ 60 CAA 0 issue ";"'], change: ['add @ 60 CAA 0 issue "letsencrypt.org"'] },
	{ code: 'mx-unlisted', fault: ['add @ 60 MX 20 smtp.@'], change: (d) => ({ mtaSts: { ...policy(d), mx: [`mx.${d}`, `smtp.${d}`] } }) },
	{
		code: 'mx-unlisted-testing',
		record: (d) => ({ mtaSts: { ...policy(d), mode: 'testing' } }),
		fault: ['add @ 60 MX 20 smtp.@'],
		change: (d) => ({ mtaSts: { ...policy(d), mode: 'testing', mx: [`mx.${d}`, `smtp.${d}`] } }),
	},
	{
		code: 'mx-unused',
		record: (d) => ({ mtaSts: { ...policy(d), mx: [`mx.${d}`, `old.${d}`] } }),
		fault: [],
		change: () => ({}),
	},
	{ code: 'mx-absent', fault: ['delete @ MX'], change: ['add @ 60 MX 10 mx.@'] },
	{
		code: 'mta-sts-absent',
		record: () => ({ mtaSts: undefined }),
		fault: [],
		change: (d) => ({ mtaSts: { ...policy(d), mode: 'testing' } }),
	},
];

/** Findings about DNS whose advice is not followed here. */
const ELSEWHERE: Readonly<Partial<Record<FindingCode, string>>> = {
	'pacc-digest-stale': 'needs a digest that an earlier revision gave: to a file alone, an unknown one is another’s',
	'dns-servfail': 'is followed in dnssec-advice.test.ts',
	'dnssec-absent': 'is followed in dnssec-advice.test.ts',
	'tlsa-unsigned': 'is followed in dnssec-advice.test.ts',
	'tlsa-mismatch': 'is followed in dnssec-advice.test.ts',
	'caa-other-authority': 'is followed in dnssec-advice.test.ts',
	'mx-starttls': 'is about a server on port 25, and no zone',
	'mx-certificate': 'is about a server on port 25, and no zone',
	'mx-unreachable': 'is about a server on port 25, and no zone',
};

const domainOf = (code: FindingCode) => `${code}.example`;

describe.skipIf(!hasBind)('advice about DNS, followed', () => {
	let folder: string;
	let named: Daemon | undefined;
	let port: number;

	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), 'signpost-advice-'));
		port = await freePort();
		const zones = TABLE.map(({ code }) => domainOf(code)).map(async (zone) => {
			await writeFile(
				join(folder, `${zone}.db`),
				`$TTL 60\n@ SOA ns hostmaster 1 60 60 60 60\n@ NS ns\nns A 192.0.2.1\n${REST.join('\n')}\n`,
			);
			return `zone "${zone}" { type primary; file "${zone}.db"; allow-update { 127.0.0.1; }; };`;
		});
		const options = `options { directory "${folder}"; listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; }; pid-file none; session-keyfile "${folder}/key"; recursion no; allow-query { 127.0.0.1; }; };`;
		await writeFile(join(folder, 'named.conf'), `${options}\ncontrols { };\n${(await Promise.all(zones)).join('\n')}\n`);
		named = await startDaemon('named', ['-g', '-c', join(folder, 'named.conf')], 'running');
	}, 120_000);

	afterAll(async () => {
		await named?.stop();
		await rm(folder, { recursive: true });
	});

	async function tool(command: readonly string[], domain: string, fields: object): Promise<string> {
		const file = join(folder, `${domain}.json`);
		await writeFile(file, JSON.stringify(record(domain, fields)));
		const common = ['--record', file, ...SITE_ARGUMENTS, '--resolver', `127.0.0.1:${port}`, '--timeout', '5'];
		const { out, err, code } = await runSignpost([...command, domain, ...common], folder);
		if (code !== 0 && code !== 1) throw new Error(err);
		return out;
	}

	/** Codes of the findings in the area of this one. */
	async function codesLike(code: FindingCode, fields: object): Promise<readonly string[]> {
		const out = await tool(['check', '--json', '--only', FINDING_CODES[code].area], domainOf(code), fields);
		const reports = [JSON.parse(out)].flat() as { areas: { findings: { code: string }[] }[] }[];
		return reports.flatMap(({ areas }) => areas.flatMap(({ findings }) => findings.map((each) => each.code)));
	}

	function update(commands: string): void {
		if (commands.trim() === '') return;
		const { status, stderr } = spawnSync('nsupdate', [], { input: `server 127.0.0.1 ${port}\n${commands}`, encoding: 'utf8' });
		expect([status, stderr]).toEqual([0, '']);
	}
	const updateText = (updates: Updates, domain: string) =>
		updates.length === 0 ? '' : `${updates.map((line) => `update ${line.replaceAll('@', `${domain}.`)}`).join('\n')}\nsend\n`;

	it.concurrent.each(TABLE)('$code', async ({ code, fault, record: fields = () => ({}), change }) => {
		const domain = domainOf(code);
		const faulty = fields(domain);
		const sync = async (more: readonly string[], of: object) => update(await tool(['zone', '--diff', ...more], domain, of));
		await sync([], faulty);
		update(updateText(fault, domain));
		expect(await codesLike(code, faulty)).toContain(code);

		const mended = typeof change === 'function' ? change(domain) : faulty;
		if (typeof change === 'function' || change === 'zone --diff') await sync([], mended);
		else if (change === 'zone --diff --prune') await sync(['--prune'], mended);
		else update(updateText(change, domain));
		expect(await codesLike(code, mended)).not.toContain(code);
	});

	it('has every finding about DNS', () => {
		const codes = Object.entries(FINDING_CODES).flatMap(([code, { area }]) => (area === 'dns' || area === 'mta-sts' ? [code] : []));
		expect([...TABLE.map(({ code }) => code), ...Object.keys(ELSEWHERE)].sort()).toEqual(codes.sort());
	});
});
