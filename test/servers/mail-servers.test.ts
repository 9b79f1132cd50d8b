/** Real servers: what the tool prints runs, `check` passes it, finds each fault, and `usage` counts what was really submitted. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/lib/time.ts';
import { startFakeMailServer } from '../support/fake-mail-server.ts';
import { runSignpost } from '../support/run-signpost.ts';
import { createTestAuthority, type KeyPair, type TestAuthority } from '../support/test-authority.ts';
import {
	ADDRESS,
	type ConfigEdits,
	createMailServerLab,
	HOST,
	type MailServerLab,
	PASSWORD,
	PORTS,
	skipReason,
	USER,
} from './mail-server-lab.ts';

const skipped = skipReason();
if (skipped !== null) process.stdout.write(`skipped: the real servers: ${skipped}\n`);

interface CheckFinding {
	readonly severity: string;
	readonly code: string;
	readonly place: string;
}

describe.skipIf(skipped !== null)('Postfix and Dovecot', () => {
	let authority: TestAuthority;
	let good: KeyPair;
	let lab: MailServerLab;

	beforeAll(async () => {
		authority = await createTestAuthority();
		good = await authority.leaf({ names: [HOST] });
		lab = await createMailServerLab(good);
		writeFileSync(join(lab.folder, 'ca.pem'), authority.ca);
		await lab.start();
	}, 120_000);
	afterAll(() => lab.stop());

	/** What `check` finds of the mail servers, advice left out: code and the port it is about. */
	async function found(
		options: readonly string[] = ['--ca', join(lab.folder, 'ca.pem')],
		detours = lab.connectTo,
	): Promise<readonly string[]> {
		const base = ['check', USER, '--record', lab.record, '--only', 'mail', '--json', '--timeout', '3', '--connect-to', detours];
		const { out, err } = await runSignpost([...base, ...options], lab.folder);
		if (out === '') throw new Error(err);
		const reports = [JSON.parse(out)].flat() as { areas: { findings: CheckFinding[] }[] }[];
		return reports
			.flatMap(({ areas }) => areas.flatMap(({ findings }) => findings))
			.filter(({ severity }) => severity !== 'advice')
			.map(({ code, place }) => `${code} ${place.replace(`${HOST}:`, '')}`)
			.sort();
	}

	const everywhere = (code: string) => PORTS.map((port) => `${code} ${port}`).sort();

	it('run from what the tool prints, and check finds nothing', async () => {
		expect(await found()).toEqual([]);
	});

	it('are what Postfix and Dovecot themselves take them for', () => {
		const postconf = spawnSync('postconf', ['-c', join(lab.folder, 'postfix'), '-n'], { encoding: 'utf8' });
		// postconf warns of parameters that it does not know.
		expect([postconf.status, postconf.stderr]).toEqual([0, '']);
		const doveconf = spawnSync('doveconf', ['-n', '-c', lab.files.dovecot], { encoding: 'utf8' });
		expect([doveconf.status, doveconf.stderr]).toEqual([0, '']);
	});

	const faults: readonly (readonly [name: string, edits: () => Promise<ConfigEdits> | ConfigEdits, wanted: () => readonly string[]])[] = [
		[
			'an expired certificate',
			async () => ({ pair: await authority.leaf({ names: [HOST], from: Date.now() - 60 * DAY_MS, until: Date.now() - DAY_MS }) }),
			() => everywhere('cert-expired'),
		],
		[
			'one that ends soon',
			async () => ({ pair: await authority.leaf({ names: [HOST], until: Date.now() + 3 * DAY_MS }) }),
			() => everywhere('cert-expires'),
		],
		['another name', async () => ({ pair: await authority.leaf({ names: ['elsewhere.example.com'] }) }), () => everywhere('cert-name')],
		[
			'a missing intermediate',
			async () => ({ pair: await authority.leaf({ names: [HOST], by: 'intermediate' }) }),
			() => everywhere('cert-chain'),
		],
		[
			'465 in the clear',
			() => ({ master: (text) => text.replace('-o smtpd_tls_wrappermode=yes', '-o smtpd_tls_wrappermode=no') }),
			() => ['tls-cleartext 465'],
		],
		[
			'587 without TLS',
			() => ({ master: (text) => text.replace('-o smtpd_tls_security_level=encrypt', '-o smtpd_tls_security_level=none') }),
			() => ['starttls-absent 587'],
		],
		[
			'587 with AUTH before TLS',
			() => ({
				master: (text) =>
					text.replace('-o smtpd_tls_security_level=encrypt', '-o smtpd_tls_security_level=may\n  -o smtpd_tls_auth_only=no'),
			}),
			() => ['auth-before-tls 587'],
		],
		[
			'IMAP and POP3 with passwords before TLS',
			() => ({
				dovecot: (text) => `${text.replace('ssl = required', 'ssl = yes')}disable_plaintext_auth = no\n`,
			}),
			() => ['auth-before-tls 110', 'auth-before-tls 143', 'auth-before-tls 4190'],
		],
		[
			'nobody on 587',
			() => ({
				master: (text) =>
					text
						.replace(/^127[.\d]+:\d+ inet(?=[^\n]*\n(?: .*\n)*? {2}-o syslog_name=postfix\/submission\n)/m, '#$&')
						.replace(/(#127[^\n]*\n)((?: {2}.*\n)+)/, (_, head, rest) => head + rest.replace(/^/gm, '#')),
			}),
			() => ['port-closed 587'],
		],
		[
			'nobody may log in on 465',
			() => ({ master: (text) => text.replace('-o smtpd_sasl_auth_enable=yes', '-o smtpd_sasl_auth_enable=no') }),
			() => ['auth-missing 465'],
		],
		[
			'a key that is not the certificate’s',
			async () => ({
				master: (text) =>
					text.replace(
						/smtpd_tls_chain_files=.*/g,
						`smtpd_tls_key_file=${lab.folder}/other.pem\n  -o smtpd_tls_cert_file=${lab.folder}/cert.pem`,
					),
			}),
			() => ['starttls-fails 587', 'tls-fails 465'],
		],
		[
			'TLS 1.1 beside the new ones',
			() => ({
				dovecot: (text) => `${text}ssl_min_protocol = TLSv1.1\nssl_cipher_list = ALL:@SECLEVEL=0\n`,
			}),
			() => ['tls-old-too 110', 'tls-old-too 143', 'tls-old-too 4190', 'tls-old-too 993', 'tls-old-too 995'],
		],
		[
			'TLS 1.0 alone',
			() => ({
				main: (text) => `${text}tls_high_cipherlist = ALL:@SECLEVEL=0\ntls_medium_cipherlist = ALL:@SECLEVEL=0\n`,
				master: (text) => text.replace(/smtpd_tls_mandatory_protocols=.*/g, 'smtpd_tls_mandatory_protocols=TLSv1'),
			}),
			() => ['tls-old-only 465', 'tls-old-only 587'],
		],
	];

	it.each(faults)('%s is found, and nothing else', async (_, edits, wanted) => {
		writeFileSync(join(lab.folder, 'other.pem'), (await authority.leaf({ names: [HOST] })).key);
		await lab.start(await edits());
		expect(await found()).toEqual(wanted());
	});

	it('are good again without a fault', async () => {
		await lab.start();
		expect(await found()).toEqual([]);
	});

	it('an authority that nobody knows looks like a chain that is cut short', async () => {
		expect(await found([])).toEqual(everywhere('cert-chain'));
	});

	/** Puts another server in the place of a port. */
	const instead = (port: number, other: number) =>
		lab.connectTo.replace(new RegExp(`:${port}:[\\d.]+:\\d+`), `:${port}:127.0.0.1:${other}`);

	it('a port that hangs is found', async () => {
		const silent: Server = createServer(() => undefined);
		await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
		const bound = silent.address();
		expect(await found(undefined, instead(587, typeof bound === 'object' && bound !== null ? bound.port : 0))).toEqual(['port-hangs 587']);
		silent.close();
	});

	it('a server that runs what was smuggled in behind STARTTLS is found', async () => {
		const stub = await startFakeMailServer('smtp', false, good, { smuggling: true });
		expect(await found(undefined, instead(587, stub.port))).toEqual(['starttls-smuggling 587']);
		await stub.close();
	});

	it('take mail on 465 and on 587 from a client that knows nothing of us, and usage counts it', async () => {
		writeFileSync(lab.files.log, '');
		const send = (port: number, tls: readonly string[]) => {
			const who = ['--from', USER, '--to', USER, '--auth', 'PLAIN', '--auth-user', USER, '--auth-password', PASSWORD];
			const where = ['--server', ADDRESS, '--port', String(port), '--helo', 'client.example.com'];
			const { status, stdout } = spawnSync('swaks', [...where, ...tls, ...who], { encoding: 'utf8' });
			if (status !== 0) throw new Error(stdout);
		};
		for (let times = 0; times < 3; times += 1) send(lab.ports[465], ['--tls-on-connect']);
		for (let times = 0; times < 2; times += 1) send(lab.ports[587], ['--tls']);
		for (let waited = 0; lab.delivered() < 5 && waited < 10_000; waited += 100) await sleep(100);
		expect(lab.delivered()).toBe(5);
		const { out } = await runSignpost(['usage', lab.files.log, '--json'], lab.folder);
		const said = JSON.parse(out);
		expect(said, out + readFileSync(lab.files.log, 'utf8')).toMatchObject({
			submission: { implicit: 3, starttls: 2, unknown: 0 },
			accounts: [{ name: USER, count: 2 }],
		});
	});

	it('refuse mail before TLS on 587', () => {
		const args = ['--server', ADDRESS, '--port', String(lab.ports[587]), '--from', USER, '--to', USER];
		const { stdout } = spawnSync('swaks', args, { encoding: 'utf8' });
		expect(stdout).toContain('530 5.7.0 Must issue a STARTTLS command first');
	});
});
