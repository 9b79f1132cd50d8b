/**
 * The advice of `check` about DNSSEC, TLSA and the authority of the certificate, followed: BIND serves a root of its own and zones below it, another BIND validates them, `check`
 * asks the second, and what the advice names makes the finding go away.
 */
import { spawnSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FindingCode } from '../../src/cli/check/finding-codes.ts';
import { type FakeMailServer, startFakeMailServer } from '../support/fake-mail-server.ts';
import { freePort } from '../support/free-port.ts';
import { runSignpost } from '../support/run-signpost.ts';
import { createTestAuthority } from '../support/test-authority.ts';
import { type Daemon, SITE_ARGUMENTS, startDaemon } from './name-server-daemon.ts';

const hasBind = ['named', 'nsupdate', 'dnssec-dsfromkey', 'dig'].every((program) => spawnSync(program, ['-h']).error === undefined);
if (!hasBind) process.stdout.write('skipped: BIND (Debian: bind9, bind9-utils, bind9-dnsutils) is not on this machine\n');

const ZONES = [
	'dnssec-absent',
	'dns-servfail',
	'tlsa-unsigned',
	'tlsa-mismatch',
	'caa-other-authority',
] as const satisfies readonly FindingCode[];
type Code = (typeof ZONES)[number];
const domainOf = (code: Code) => `${code}.example`;

describe.skipIf(!hasBind)('advice about DNSSEC and certificates, followed', () => {
	let folder: string;
	let zones: Daemon | undefined;
	let validating: Daemon | undefined;
	let mail: FakeMailServer | undefined;
	let zonesPort: number;
	let resolverPort: number;
	/** What a TLSA record has of the certificate of the mail server: its key, by SHA-256. */
	let present: string;

	const ask = (name: string, type: string) =>
		spawnSync('dig', ['@127.0.0.1', '-p', String(zonesPort), '+norec', '+noall', '+answer', name, type], { encoding: 'utf8' }).stdout;
	const update = (...lines: readonly string[]) => {
		const input = `server 127.0.0.1 ${zonesPort}\n${lines.map((line) => `update ${line}\n`).join('')}send\n`;
		const { status, stderr } = spawnSync('nsupdate', [], { input, encoding: 'utf8' });
		expect([status, stderr]).toEqual([0, '']);
	};
	/** The commands that delegate a zone with the keys that it has. */
	const delegation = (domain: string): readonly string[] => {
		const { stdout } = spawnSync('dnssec-dsfromkey', ['-2', '-f', '-', domain], { input: ask(domain, 'DNSKEY'), encoding: 'utf8' });
		return stdout.split('\n').flatMap((line) => {
			const [, data] = / DS (.*)$/.exec(line) ?? [];
			return data === undefined ? [] : [`add ${domain}. 0 DS ${data}`];
		});
	};
	/** Starts the validating name server, or starts it again without what it has cached. */
	const startResolver = async () => {
		await validating?.stop();
		validating = await startDaemon('named', ['-g', '-c', join(folder, 'resolver.conf')], 'running');
	};
	const waitUntilSigned = async (zone: string) => {
		for (let waited = 0; waited < 30_000; waited += 100) {
			if (ask(zone, 'DNSKEY').includes('257 3')) return;
			await sleep(100);
		}
		throw new Error(`BIND does not sign ${zone}`);
	};

	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), 'signpost-dnssec-'));
		[zonesPort, resolverPort] = [await freePort(), await freePort()];
		const authority = await createTestAuthority("Let's Encrypt");
		const pair = await authority.leaf({ names: ZONES.map((code) => `imap.${domainOf(code)}`) });
		const key = new X509Certificate(pair.cert).publicKey.export({ type: 'spki', format: 'der' });
		present = createHash('sha256').update(key).digest('hex');
		mail = await startFakeMailServer('imap', true, pair);
		await writeFile(join(folder, 'ca.pem'), authority.ca);

		const names = ZONES.map(domainOf);
		const delegations = names.map((name) => `${name}. NS ns.${name}.\nns.${name}. A 127.0.0.1\n`);
		await writeFile(
			join(folder, 'root.db'),
			`$TTL 0\n. SOA ns. hostmaster. 1 60 60 60 0\n. NS ns.\nns. A 127.0.0.1\n${delegations.join('')}`,
		);
		for (const name of names)
			await writeFile(
				join(folder, `${name}.db`),
				`$TTL 0\n@ SOA ns hostmaster 1 60 60 60 0\n@ NS ns\nns A 127.0.0.1\nimap A 127.0.0.1\nsmtp A 127.0.0.1\n`,
			);
		const options = (port: number, more: string) =>
			`options { directory "${folder}"; listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; }; pid-file none; session-keyfile "${folder}/key-${port}"; ${more} };\ncontrols { };\n`;
		const zone = (name: string, file: string) =>
			`zone "${name}" { type primary; file "${file}"; dnssec-policy default; inline-signing no; allow-update { 127.0.0.1; }; };\n`;
		const all = [zone('.', 'root.db'), ...names.map((name) => zone(name, `${name}.db`))];
		await writeFile(join(folder, 'zones.conf'), options(zonesPort, 'recursion no;') + all.join(''));
		zones = await startDaemon('named', ['-g', '-c', join(folder, 'zones.conf')], 'running');
		for (const name of ['.', ...names]) await waitUntilSigned(name);
		const [, anchor = ''] = /DNSKEY\s+257 3 13 (.*)$/m.exec(ask('.', 'DNSKEY')) ?? [];
		const trust = `trust-anchors { . static-key 257 3 13 "${anchor}"; };\n`;
		const forward = `recursion yes; empty-zones-enable no; dnssec-validation yes; forward only; forwarders { 127.0.0.1 port ${zonesPort}; };`;
		await mkdir(join(folder, 'resolver'));
		await writeFile(join(folder, 'resolver.conf'), options(resolverPort, forward).replace(folder, join(folder, 'resolver')) + trust);
		await startResolver();
	}, 120_000);

	afterAll(async () => {
		await validating?.stop();
		await zones?.stop();
		await mail?.close();
		await rm(folder, { recursive: true });
	});

	async function codes(domain: string): Promise<readonly string[]> {
		const file = join(folder, `${domain}.json`);
		const services = { imap: { host: `imap.${domain}` }, submission: { host: `smtp.${domain}`, starttls: null } };
		await writeFile(file, JSON.stringify({ kind: 'domain', provider: { name: 'Example Mail' }, services }));
		const network = ['--resolver', `127.0.0.1:${resolverPort}`, '--timeout', '5', '--ca', join(folder, 'ca.pem')];
		const connect = ['--connect-to', `:993:127.0.0.1:${mail?.port},::127.0.0.1:1`];
		const { out, err } = await runSignpost(
			['check', domain, '--record', file, ...SITE_ARGUMENTS, '--only', 'dns', '--json', ...network, ...connect],
			folder,
		);
		if (out === '') throw new Error(err);
		const reports = [JSON.parse(out)].flat() as { areas: { findings: { code: string }[] }[] }[];
		return reports.flatMap(({ areas }) => areas.flatMap(({ findings }) => findings.map(({ code }) => code)));
	}

	const tlsa = (code: Code, digest: string) => `_993._tcp.imap.${domainOf(code)}. 0 TLSA 3 1 1 ${digest}`;
	const OLD = '0'.repeat(64);
	const rows: readonly (readonly [code: Code, fault: () => void, advice: () => void])[] = [
		// The zone is signed; without DS above it, that is of no use.
		['dnssec-absent', () => undefined, () => update(...delegation(domainOf('dnssec-absent')))],
		[
			'dns-servfail',
			() => update(`add ${domainOf('dns-servfail')}. 0 DS 1 13 2 ${OLD}`),
			() => update(`delete ${domainOf('dns-servfail')}. DS`, ...delegation(domainOf('dns-servfail'))),
		],
		[
			'tlsa-unsigned',
			() => update(`add ${tlsa('tlsa-unsigned', OLD)}`),
			() => update(`delete _993._tcp.imap.${domainOf('tlsa-unsigned')}. TLSA`),
		],
		[
			'tlsa-mismatch',
			() => {
				update(...delegation(domainOf('tlsa-mismatch')));
				update(`add ${tlsa('tlsa-mismatch', OLD)}`);
			},
			() => update(`add ${tlsa('tlsa-mismatch', present)}`),
		],
		[
			'caa-other-authority',
			() => update(`add ${domainOf('caa-other-authority')}. 0 CAA 0 issue "digicert.com"`),
			() => update(`add ${domainOf('caa-other-authority')}. 0 CAA 0 issue "letsencrypt.org"`),
		],
	];

	it.each(rows)('%s', async (code, fault, advice) => {
		fault();
		await startResolver();
		expect(await codes(domainOf(code))).toContain(code);
		advice();
		await startResolver();
		expect(await codes(domainOf(code))).not.toContain(code);
	});
});
