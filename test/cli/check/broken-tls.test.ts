/** TLS servers with one fault each: every fault is found and costs the grade, and good servers of every make have none. */
import type { TlsOptions } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkMail } from '../../../src/cli/check/check-mail.ts';
import { createPortChecker } from '../../../src/cli/check/check-port.ts';
import { type AreaReport, gradeOf } from '../../../src/cli/check/finding.ts';
import type { FindingCode } from '../../../src/cli/check/finding-codes.ts';
import { createResolver } from '../../../src/cli/dns/resolver.ts';
import type { Network } from '../../../src/cli/probe/network.ts';
import { DAY_MS } from '../../../src/lib/time.ts';
import type { SocketOffer } from '../../../src/model/config.ts';
import type { Port } from '../../../src/model/names.ts';
import { type FakeMailServer, type MailServerFaults, startFakeMailServer } from '../../support/fake-mail-server.ts';
import { oakleyGroup2 } from '../../support/oakley-group.ts';
import { createTestAuthority, type KeyPair, type LeafOptions, rsaKey, type TestAuthority } from '../../support/test-authority.ts';
import { domain } from '../../support/valid-names.ts';

const HOST = domain('mail.example.com');

let authority: TestAuthority;
let good: KeyPair;
let rsa: KeyPair;
beforeAll(async () => {
	authority = await createTestAuthority();
	good = await authority.leaf({ names: [HOST] });
	rsa = await authority.leaf({ names: [HOST], key: rsaKey(2048) });
});

const servers: FakeMailServer[] = [];
afterAll(async () => {
	for (const server of servers) await server.close();
});

/** What is found at a server behind port 465 or 587. */
async function reportOf(faults: MailServerFaults, implicit: boolean): Promise<AreaReport> {
	const server = await startFakeMailServer('smtp', implicit, good, faults);
	servers.push(server);
	const port = (implicit ? 465 : 587) as Port;
	const offer: SocketOffer = {
		kind: 'smtp',
		host: HOST,
		port,
		security: implicit ? 'tls' : 'starttls',
		login: '%EMAILADDRESS%',
		auth: ['password'],
	};
	const resolver = createResolver('127.0.0.1:1', 100);
	if (!resolver.ok) throw new Error(resolver.error.message);
	const route = (asked: number) => ({ address: '127.0.0.1', port: asked === port ? server.port : 1 });
	const network: Network = {
		resolver: resolver.value,
		timeoutMs: 8000,
		ca: authority.ca,
		findSocketAddress: async (_, asked) => route(asked),
		findSocketAddresses: async (_, asked) => ({ addresses: [route(asked)], unanswered: [] }),
		withoutDnsCache: () => network,
	};
	const asking = domain('example.com');
	return checkMail(
		{
			scope: { kind: 'domain', domain: asking },
			domain: asking,
			provider: { name: 'Example', shortName: null, website: null, help: null },
			offers: [offer],
			oauth: null,
			mtaSts: null,
			tlsReports: [],
			names: null,
			autodiscover: null,
			activesync: null,
		},
		network,
		createPortChecker(network),
		Date.now(),
	);
}

const codesOf = ({ findings }: AreaReport) => [...new Set(findings.map(({ code }) => code))].sort();

const tls12 = (ciphers: string, more: TlsOptions = {}): MailServerFaults => ({
	maxVersion: 'TLSv1.2',
	tls: { ciphers: `${ciphers}:@SECLEVEL=0`, ...more },
});

/** Number of the option in OpenSSL (SSL_OP_NO_EXTENDED_MASTER_SECRET), which Node has no name for. */
const NO_EXTENDED_MASTER_SECRET = 1;
const NO_RENEGOTIATION = 1 << 30;

type Case = readonly [name: string, faults: () => Promise<MailServerFaults> | MailServerFaults, codes: readonly FindingCode[]];

const withLeaf =
	(options: Partial<LeafOptions>, more: MailServerFaults = {}) =>
	async (): Promise<MailServerFaults> => ({
		...more,
		pair: await authority.leaf({ names: [HOST], ...options }),
	});

/** A second certificate of another kind, in addition to an RSA one. */
const beside =
	(options: Partial<LeafOptions>, more: MailServerFaults = {}) =>
	async (): Promise<MailServerFaults> => {
		const other = await authority.leaf({ names: [HOST], ...options });
		return { ...more, tls: { key: [good.key, other.key], cert: [good.cert, other.cert], ...more.tls } };
	};

const FAULTS: readonly Case[] = [
	['anonymous ciphers beside good ones', () => tls12('HIGH:aNULL:!eNULL'), ['tls-anonymous']],
	['anonymous ciphers, of which one has no encryption', () => tls12('HIGH:aNULL'), ['tls-anonymous', 'tls-unencrypted']],
	['anonymous ciphers of finite fields', () => tls12('HIGH:ADH', { dhparam: 'auto' }), ['tls-anonymous']],
	['ciphers without encryption', () => tls12('HIGH:!aNULL:eNULL:!kRSA'), ['tls-unencrypted']],
	['anonymous and without encryption in one', () => tls12('ECDHE+AESGCM:AECDH-NULL-SHA'), ['tls-unencrypted']],
	['no forward secrecy', () => ({ ...tls12('kRSA+AESGCM'), pair: rsa }), ['tls-no-forward-secrecy']],
	['CBC alone', () => tls12('ECDHE+AES:!AESGCM:!AESCCM'), ['tls-cbc-only']],
	['CBC and no forward secrecy', () => ({ ...tls12('AES128-SHA'), pair: rsa }), ['tls-cbc-only', 'tls-no-forward-secrecy']],
	['a group of 1024 bits', () => ({ ...tls12('HIGH:!aNULL', { dhparam: oakleyGroup2() }), pair: rsa }), ['dh-small']],
	['a curve of 192 bits', () => ({ pair: rsa, ...tls12('HIGH:!aNULL:!kRSA', { ecdhCurve: 'P-256:P-192' }) }), ['curve-small']],
	['a curve of 192 bits beside an ECDSA certificate', () => tls12('HIGH:!aNULL:!kRSA', { ecdhCurve: 'P-192:P-256' }), ['curve-small']],
	['RSA of 1024 bits', withLeaf({ key: rsaKey(1024) }, { tls: { ciphers: 'DEFAULT:@SECLEVEL=0' } }), ['cert-key-small']],
	['a leaf signed with SHA-1', withLeaf({ hash: 'SHA-1' }, { tls: { ciphers: 'DEFAULT:@SECLEVEL=0' } }), ['cert-signature-weak']],
	['a leaf of ten years', withLeaf({ until: Date.now() + 3650 * DAY_MS }), ['cert-life', 'cert-untrusted']],
	['a leaf of two years', withLeaf({ from: Date.now() - 500 * DAY_MS, until: Date.now() + 230 * DAY_MS }), ['cert-long']],
	['a name in the subject alone', withLeaf({ withoutAlternativeNames: true }), ['cert-no-alternative-name']],
	['must-staple, and nothing stapled', withLeaf({ mustStaple: true }), ['cert-staple-missing']],
	['not valid yet', withLeaf({ from: Date.now() + 5 * DAY_MS }), ['cert-not-yet']],
	['a certificate for clients', withLeaf({ uses: ['1.3.6.1.5.5.7.3.2'] }), ['cert-untrusted', 'cert-usage']],
	['RSA that has expired beside good ECDSA', beside({ key: rsaKey(2048), until: Date.now() - DAY_MS }), ['cert-expired']],
	['RSA of another name beside good ECDSA', beside({ key: rsaKey(2048), names: ['www.example.com'] }), ['cert-name']],
	['RSA of 1024 bits beside good ECDSA', beside({ key: rsaKey(1024) }, { tls: { ciphers: 'DEFAULT:@SECLEVEL=0' } }), ['cert-key-small']],
	[
		'RSA that has expired beside good ECDSA, in TLS 1.3 alone',
		beside({ key: rsaKey(2048), until: Date.now() - DAY_MS }, { minVersion: 'TLSv1.3' }),
		['cert-expired'],
	],
	[
		'a certificate of the client demanded in TLS 1.3',
		() => ({ minVersion: 'TLSv1.3', tls: { requestCert: true, rejectUnauthorized: true } }),
		['client-certificate'],
	],
	[
		'a certificate of the client demanded in TLS 1.2',
		() => ({ maxVersion: 'TLSv1.2', tls: { requestCert: true, rejectUnauthorized: true } }),
		['client-certificate'],
	],
	[
		'a certificate of the client asked for, and the connection closed without a word',
		() => ({ tls: { requestCert: true, rejectUnauthorized: false }, closesAfterHandshake: true }),
		['client-certificate'],
	],
	['renegotiation at a client’s wish', () => ({ tls: { secureOptions: 0 } }), ['tls-renegotiation']],
	['TLS 1.0 and 1.1 too', () => ({ minVersion: 'TLSv1' }), ['tls-old-too']],
	['TLS 1.1 alone', () => ({ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', tls: { ciphers: 'DEFAULT:@SECLEVEL=0' } }), ['tls-old-only']],
	['AUTH= alone', () => ({ oldAuthSpelling: true }), ['auth-old-spelling']],
];

/** Leaves out advice, which does not lower the grade and which these servers get in addition to their fault. */
const costly = ({ findings }: AreaReport) =>
	[...new Set(findings.filter(({ severity }) => severity !== 'advice').map(({ code }) => code))].sort();

describe.each([
	['465', true],
	['587', false],
] as const)('on %s', (_, implicit) => {
	it.concurrent.each(FAULTS)('%s', async (_name, faults, codes) => {
		const report = await reportOf(await faults(), implicit);
		const expected = codes.filter((code) => code !== 'cert-usage' && code !== 'cert-untrusted');
		expect(costly(report).filter((code) => code !== 'cert-untrusted')).toEqual([...expected].sort());
		expect(codesOf(report)).toEqual(expect.arrayContaining([...codes].filter((code) => code !== 'cert-untrusted')));
		expect(gradeOf(report)).not.toBe('A');
	});
});

describe('good servers', () => {
	it.concurrent.each<[string, () => Promise<MailServerFaults> | MailServerFaults]>([
		['ECDSA, TLS 1.2 and 1.3', () => ({})],
		['RSA', () => ({ pair: rsa })],
		['RSA of 4096 bits', withLeaf({ key: rsaKey(4096) })],
		['P-384', withLeaf({ key: { name: 'ECDSA', namedCurve: 'P-384' } })],
		['RSA and ECDSA, both good', beside({ key: rsaKey(2048) })],
		['TLS 1.3 alone', () => ({ minVersion: 'TLSv1.3' })],
		['TLS 1.3 alone, both certificates', beside({ key: rsaKey(2048) }, { minVersion: 'TLSv1.3' })],
		['TLS 1.2 alone', () => ({ maxVersion: 'TLSv1.2' })],
		['ECDHE and AES-GCM alone', () => tls12('ECDHE+AESGCM')],
		['ChaCha20 alone', () => tls12('ECDHE+CHACHA20')],
		['DHE of 2048 bits or more', () => ({ pair: rsa, ...tls12('HIGH:!aNULL:!kRSA', { dhparam: 'auto' }) })],
		['X25519 alone', () => ({ tls: { ecdhCurve: 'X25519' } })],
		['the longest life that is taken everywhere', withLeaf({ until: Date.now() + 300 * DAY_MS })],
		['a pause before the greeting', () => ({ greetingPauseMs: 300 })],
	])('%s: grade A', async (_, faults) => {
		for (const implicit of [true, false]) {
			const report = await reportOf(await faults(), implicit);
			expect([costly(report), report.unlooked, gradeOf(report)]).toEqual([[], [], 'A']);
		}
	});
});

describe('a server that has no time', () => {
	it.concurrent.each([true, false])('from the first connection on is not judged (implicit TLS: %s)', async (implicit) => {
		const report = await reportOf({ connections: 0 }, implicit);
		expect([codesOf(report), gradeOf(report)]).toEqual([[], null]);
		expect(report.unlooked).toEqual([expect.objectContaining({ reason: 'busy, not judged: 421 4.7.0 too many connections' })]);
	});

	it.concurrent('from the third on has no letter', async () => {
		const report = await reportOf({ connections: 2 }, false);
		expect(gradeOf(report)).toBeNull();
		expect(report.unlooked.some(({ reason }) => reason.includes('TLS 1.2'))).toBe(true);
	});

	it.concurrent('at the first connection alone is judged by the second', async () => {
		const report = await reportOf({ busyConnections: 1 }, false);
		expect([costly(report), gradeOf(report)]).toEqual([[], 'A']);
	});
});

it.concurrent('the extended master secret, and signatures with SHA-1: advice', async () => {
	const report = await reportOf(
		{ maxVersion: 'TLSv1.2', tls: { secureOptions: NO_EXTENDED_MASTER_SECRET | NO_RENEGOTIATION, ciphers: 'DEFAULT:@SECLEVEL=0' } },
		true,
	);
	expect(codesOf(report)).toEqual(['tls-no-ems', 'tls-sha1-signature', 'tls13-absent']);
});

describe('what kinds of clients make of it', () => {
	const verdicts = async (faults: MailServerFaults) =>
		Object.fromEntries((await reportOf(faults, true)).clients.map(({ client, verdict }) => [client.split(' ')[0], verdict]));
	const all = {
		iOS: 'connects',
		Thunderbird: 'connects',
		Outlook: 'connects',
		Android: 'connects',
		'K-9': 'connects',
		Java: 'connects',
		Printers: 'refuses',
	};

	it.concurrent.each<[string, () => Promise<MailServerFaults> | MailServerFaults, Readonly<Record<string, string>>]>([
		['a good server', () => ({}), {}],
		['TLS 1.3 alone', () => ({ minVersion: 'TLSv1.3' }), { Java: 'refuses' }],
		[
			'an old server with CBC and RSA key exchange',
			() => ({ minVersion: 'TLSv1', pair: rsa, tls: { ciphers: 'AES128-SHA:ECDHE+AESGCM:@SECLEVEL=0' } }),
			{ Printers: 'connects' },
		],
		[
			'DHE alone',
			() => ({ pair: rsa, ...tls12('kDHE:!aNULL', { dhparam: 'auto' }) }),
			{ iOS: 'refuses', Thunderbird: 'refuses', Android: 'refuses', 'K-9': 'refuses' },
		],
		['a leaf of ten years', withLeaf({ until: Date.now() + 330 * DAY_MS, from: Date.now() - 600 * DAY_MS }), { iOS: 'warns' }],
		['must-staple, and nothing stapled', withLeaf({ mustStaple: true }), { Thunderbird: 'warns' }],
		['RSA of 1024 bits', withLeaf({ key: rsaKey(1024) }, { tls: { ciphers: 'DEFAULT:@SECLEVEL=0' } }), { iOS: 'warns' }],
		[
			'a name in the subject alone',
			withLeaf({ withoutAlternativeNames: true }),
			{ iOS: 'warns', Thunderbird: 'warns', Outlook: 'warns', Android: 'warns', 'K-9': 'warns' },
		],
		[
			'an unknown root',
			async () => ({ pair: await (await createTestAuthority()).leaf({ names: [HOST] }) }),
			{ iOS: 'warns', Thunderbird: 'warns', Outlook: 'warns', Android: 'warns', 'K-9': 'warns', Java: 'refuses' },
		],
	])('%s', async (_, faults, differing) => {
		expect(await verdicts(await faults())).toEqual({ ...all, ...differing });
	});
});
