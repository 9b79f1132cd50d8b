/** Each fault of a mail server, switched on by itself, is found, and nothing else is. */
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkMail } from '../../../src/cli/check/check-mail.ts';
import { createPortChecker } from '../../../src/cli/check/check-port.ts';
import type { AreaReport } from '../../../src/cli/check/finding.ts';
import { judgePort, judgeUnlistedPort, type MailPort } from '../../../src/cli/check/mail-findings.ts';
import { createResolver } from '../../../src/cli/dns/resolver.ts';
import type { ProbeResult } from '../../../src/cli/probe/dialogues.ts';
import type { Network, SocketAddress } from '../../../src/cli/probe/network.ts';
import { DAY_MS } from '../../../src/lib/time.ts';
import type { ClientConfig, SocketOffer } from '../../../src/model/config.ts';
import type { Port } from '../../../src/model/names.ts';
import { type FakeMailServer, type MailServerFaults, type MailServerKind, startFakeMailServer } from '../../support/fake-mail-server.ts';
import { createTestAuthority, type KeyPair, type TestAuthority } from '../../support/test-authority.ts';
import { domain } from '../../support/valid-names.ts';

const HOST = domain('mail.example.com');

let authority: TestAuthority;
let good: KeyPair;
beforeAll(async () => {
	authority = await createTestAuthority();
	good = await authority.leaf({ names: [HOST] });
});

/**
 * Listens with a queue that is full and never read, so that the system passes over every further connection in silence (listen(2)), as a
 * firewall does for a host that is down.
 */
async function startSilentListener(): Promise<{ readonly port: number; close(): Promise<void> }> {
	const script = `const { parentPort } = require('node:worker_threads');
const server = require('node:net').createServer();
server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
	parentPort.postMessage(server.address().port);
	Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});`;
	const worker = new Worker(script, { eval: true });
	const port = await new Promise<number>((resolve) => worker.once('message', resolve));
	const queued = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
	await Promise.race(queued.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
	return {
		port,
		async close() {
			for (const socket of queued) socket.destroy();
			await worker.terminate();
		},
	};
}

const stubs: FakeMailServer[] = [];
afterAll(async () => {
	for (const stub of stubs) await stub.close();
});

/** Checks the mail servers of one domain alone. */
function lookAt(config: ClientConfig, network: Network): Promise<AreaReport> {
	return checkMail(config, network, createPortChecker(network), Date.now());
}

const STANDARD_PORTS = { imap: [993, 143], pop3: [995, 110], smtp: [465, 587], sieve: [4191, 4190] } as const satisfies Record<
	MailServerKind,
	readonly [number, number]
>;

function offerOf(kind: MailServerKind, implicit: boolean): SocketOffer {
	const port = STANDARD_PORTS[kind][implicit ? 0 : 1] as Port;
	return { kind, host: HOST, port, security: implicit ? 'tls' : 'starttls', login: '%EMAILADDRESS%', auth: ['password'] };
}

function configOf(offers: readonly SocketOffer[]): ClientConfig {
	const asking = domain('example.com');
	const provider = { name: 'Example', shortName: null, website: null, help: null };
	return {
		scope: { kind: 'domain', domain: asking },
		domain: asking,
		provider,
		offers,
		oauth: null,
		mtaSts: null,
		tlsReports: [],
		names: null,
		autodiscover: null,
		activesync: null,
	};
}

/** Redirects the standard ports to the stubs; the other ports are closed (port 1 of the loopback). */
function networkToPorts(ports: Readonly<Record<number, number>>, timeoutMs = 4000): Network {
	return networkToAddresses((port) => [{ address: '127.0.0.1', port: ports[port] ?? 1 }], timeoutMs);
}

function networkToAddresses(
	routes: (port: number) => readonly SocketAddress[],
	timeoutMs = 4000,
	unanswered: readonly ('A' | 'AAAA')[] = [],
): Network {
	const resolver = createResolver('127.0.0.1:1', 100);
	if (!resolver.ok) throw new Error(resolver.error.message);
	const network: Network = {
		resolver: resolver.value,
		timeoutMs,
		ca: authority.ca,
		findSocketAddress: async (_, port) => routes(port)[0] ?? 'no-address',
		findSocketAddresses: async (_, port) => ({ addresses: routes(port), unanswered }),
		withoutDnsCache: () => network,
	};
	return network;
}

async function findingCodes(
	kind: MailServerKind,
	implicit: boolean,
	faults: MailServerFaults,
	timeoutMs?: number,
): Promise<readonly string[]> {
	const stub = await startFakeMailServer(kind, implicit, good, faults);
	stubs.push(stub);
	const offer = offerOf(kind, implicit);
	const { findings } = await lookAt(configOf([offer]), networkToPorts({ [offer.port]: stub.port }, timeoutMs));
	return findings.map(({ code }) => code);
}

const KINDS = ['imap', 'pop3', 'smtp', 'sieve'] as const;

describe.each(KINDS)('%s', (kind) => {
	it.concurrent('a good server with implicit TLS', async () => {
		expect(await findingCodes(kind, true, {})).toEqual([]);
	});

	it.concurrent('a good server with STARTTLS', async () => {
		expect(await findingCodes(kind, false, {})).toEqual([]);
	});

	it.concurrent.each<[string, MailServerFaults, readonly string[]]>([
		['a login before TLS', { authBeforeTls: true }, ['auth-unlooked']],
		['no STARTTLS', { noStarttls: true }, ['starttls-absent']],
		['no STARTTLS, and a login in the clear', { noStarttls: true, authBeforeTls: true }, ['auth-unlooked', 'starttls-absent']],
		['STARTTLS refused', { refusesStarttls: true }, ['starttls-fails']],
		['STARTTLS granted, no TLS', { breaksHandshake: true }, ['starttls-fails']],
		['commands smuggled in', { smuggling: true }, ['starttls-smuggling']],
		['STARTTLS inside TLS', { offersStarttlsAgain: true }, ['starttls-again']],
		['no login inside TLS', { noAuth: true }, ['auth-missing']],
		['the server speaks on behind its go-ahead', { speaksEarly: true }, ['starttls-early']],
	])('STARTTLS: %s', async (_, faults, codes) => {
		expect(await findingCodes(kind, false, faults)).toEqual(codes);
	});

	it.concurrent('cleartext where TLS should be', async () => {
		expect(await findingCodes(kind, true, { cleartext: true })).toEqual(['tls-cleartext']);
	});
});

it.concurrent('IMAP: a PREAUTH greeting', async () => {
	expect(await findingCodes('imap', false, { preauth: true })).toEqual(['preauth']);
});

describe('certificates', () => {
	it.concurrent.each<[string, () => Promise<KeyPair>, readonly string[]]>([
		['expired', () => authority.leaf({ names: [HOST], until: Date.now() - DAY_MS }), ['cert-expired']],
		['five days left', () => authority.leaf({ names: [HOST], until: Date.now() + 5 * DAY_MS }), ['cert-expires']],
		[
			'five days left of six: born short',
			() => authority.leaf({ names: [HOST], from: Date.now() - DAY_MS, until: Date.now() + 5 * DAY_MS }),
			[],
		],
		['another name', () => authority.leaf({ names: ['www.example.com'] }), ['cert-name']],
		['a wildcard that covers it', () => authority.leaf({ names: ['*.example.com'] }), []],
		['the intermediate is missing', () => authority.leaf({ names: [HOST], by: 'intermediate' }), ['cert-chain']],
		['an unknown root', async () => (await createTestAuthority()).leaf({ names: [HOST] }), ['cert-untrusted']],
		[
			'expired and another name',
			() => authority.leaf({ names: ['www.example.com'], until: Date.now() - DAY_MS }),
			['cert-expired', 'cert-name'],
		],
	])('%s', async (_, make, codes) => {
		expect(await findingCodes('smtp', true, { pair: await make() })).toEqual(codes);
	});
});

describe('TLS versions', () => {
	it.concurrent.each<[string, MailServerFaults, readonly string[]]>([
		['1.2 alone', { maxVersion: 'TLSv1.2' }, ['tls13-absent']],
		['1.0 too', { minVersion: 'TLSv1' }, ['tls-old-too', 'tls-sha1-signature']],
		['1.0 alone', { minVersion: 'TLSv1', maxVersion: 'TLSv1' }, ['tls-old-only']],
	])('%s', async (_, faults, codes) => {
		expect(await findingCodes('imap', true, faults)).toEqual(codes);
		expect(await findingCodes('smtp', false, faults)).toEqual(codes);
	});
});

describe('a login before TLS', () => {
	const visit: ProbeResult = {
		greeting: '* OK',
		unexpectedGreeting: false,
		preauth: false,
		capabilitiesBeforeTls: ['IMAP4rev1', 'STARTTLS', 'AUTH=PLAIN'],
		starttls: 'done',
		reason: null,
		earlyBytes: 0,
		tls: null,
		capabilitiesInsideTls: null,
		interruption: null,
	};
	// The servers of these tests run on the same machine as the tests, so the finding for other machines is tested by calling the function
	// directly.
	it.each([
		[false, ['auth-before-tls', 'starttls-unlisted']],
		[true, ['auth-unlooked', 'starttls-unlisted']],
	])('from the server’s own address (%s): %j', (isOwnAddress, codes) => {
		expect(judgeUnlistedPort('mail.example.com:143', offerOf('imap', false), visit, isOwnAddress).map(({ code }) => code)).toEqual(codes);
		expect(judgePort('mail.example.com:143', offerOf('imap', false), visit, isOwnAddress, 0).map(({ code }) => code)).toEqual(
			codes.slice(0, 1),
		);
	});
});

describe('ports', () => {
	it.concurrent('a closed port', async () => {
		const { findings } = await lookAt(configOf([offerOf('smtp', true)]), networkToPorts({}));
		expect(findings.map(({ code, place }) => [code, place])).toEqual([['port-closed', 'mail.example.com:465']]);
	});

	it.concurrent('a host that is down is waited for once, and not as long as a greeting', async () => {
		const silent = await startSilentListener();
		try {
			const { findings } = await lookAt(configOf([offerOf('smtp', true)]), networkToPorts({ 465: silent.port }, 500));
			expect(findings.map(({ code, found }) => [code, found])).toEqual([['port-hangs', 'none within 0.5 s']]);
		} finally {
			await silent.close();
		}
	});

	it.concurrent('a login in the clear on a port that the record does not offer', async () => {
		const [secure, leaking] = [
			await startFakeMailServer('imap', true, good),
			await startFakeMailServer('imap', false, good, { authBeforeTls: true }),
		];
		stubs.push(secure, leaking);
		const { findings } = await lookAt(configOf([offerOf('imap', true)]), networkToPorts({ 993: secure.port, 143: leaking.port }));
		expect(findings.map(({ code, place }) => `${code} ${place}`)).toEqual([
			'auth-unlooked mail.example.com:143',
			'starttls-unlisted mail.example.com:143',
		]);
	});

	it.concurrent('implicit TLS that the record does not know of', async () => {
		const [implicit, starttls] = [await startFakeMailServer('smtp', true, good), await startFakeMailServer('smtp', false, good)];
		stubs.push(implicit, starttls);
		const { findings } = await lookAt(configOf([offerOf('smtp', false)]), networkToPorts({ 465: implicit.port, 587: starttls.port }));
		expect(findings.map(({ code, place }) => `${code} ${place}`)).toEqual(['implicit-unlisted mail.example.com:465']);
	});
});

describe('a host of several addresses', () => {
	const told = async (routes: readonly SocketAddress[]) => {
		const network = networkToAddresses((port) => (port === 465 ? routes : [{ address: '127.0.0.1', port: 1 }]));
		const { findings } = await lookAt(configOf([offerOf('smtp', true)]), network);
		return findings.map(({ code, place }) => `${code} ${place}`);
	};
	const stubFor = async (faults: MailServerFaults): Promise<SocketAddress> => {
		const stub = await startFakeMailServer('smtp', true, good, faults);
		stubs.push(stub);
		return { address: '127.0.0.1', port: stub.port };
	};

	it.concurrent('the fault of one of them is found, and which one it is', async () => {
		const old = { ...(await stubFor({ maxVersion: 'TLSv1.2' })), address: '::ffff:127.0.0.1' };
		expect(await told([await stubFor({}), old])).toEqual(['tls13-absent mail.example.com:465 at ::ffff:127.0.0.1']);
		expect(await told([await stubFor({}), { address: '127.0.0.1', port: 1 }])).toEqual(['port-closed mail.example.com:465 at 127.0.0.1']);
	});

	it.concurrent('what they have in common is said once', async () => {
		const faults = { maxVersion: 'TLSv1.2' } as const;
		expect(await told([await stubFor(faults), await stubFor(faults)])).toEqual(['tls13-absent mail.example.com:465']);
	});

	it.concurrent('one to which this machine has no way is told as that', async () => {
		// Linux has no route for TCP to the broadcast address, just as it has none to IPv6 where there is none.
		const nowhere = { address: '255.255.255.255', port: 465 };
		expect(await told([await stubFor({}), nowhere])).toEqual(['address-unlooked mail.example.com at 255.255.255.255']);
	});
});

describe('what is not connected to', () => {
	const reportOf = async (routes: (port: number) => readonly SocketAddress[], unanswered: readonly ('A' | 'AAAA')[] = []) => {
		const { findings, unlooked } = await lookAt(configOf([offerOf('smtp', true)]), networkToAddresses(routes, 4000, unanswered));
		return { codes: findings.map(({ code, place }) => `${code} ${place}`), unlooked };
	};

	it.concurrent('a host without an address is a fault of DNS', async () => {
		expect(await reportOf(() => [])).toEqual({ codes: ['host-unknown mail.example.com'], unlooked: [] });
	});

	it.concurrent('a host for which DNS does not answer is not said to have none', async () => {
		expect(await reportOf(() => [], ['A', 'AAAA'])).toEqual({
			codes: [],
			unlooked: [{ place: HOST, reason: 'DNS did not answer for its addresses (A and AAAA)' }],
		});
	});

	it.concurrent('addresses of one kind, where DNS does not answer for the other', async () => {
		expect(await reportOf(() => [{ address: '127.0.0.1', port: 1 }], ['AAAA'])).toEqual({
			codes: ['port-closed mail.example.com:465'],
			unlooked: [{ place: HOST, reason: 'DNS did not answer for its addresses (AAAA)' }],
		});
	});

	it.concurrent('addresses beyond those that are followed', async () => {
		const { unlooked } = await reportOf(() => Array.from({ length: 20 }, () => ({ address: '127.0.0.1', port: 1 })));
		expect(unlooked).toEqual([{ place: `${HOST}:465`, reason: '4 of the 20 addresses of the host were left out' }]);
	});

	it.concurrent('a port for which --connect-to names no address, of a host that is not in DNS yet', async () => {
		const stub = await startFakeMailServer('smtp', true, good);
		stubs.push(stub);
		const network = networkToAddresses((port) => (port === 465 ? [{ address: '127.0.0.1', port: stub.port }] : []));
		const { unlooked } = await lookAt(configOf([offerOf('smtp', true), offerOf('imap', true)]), network);
		expect(unlooked).toEqual([
			{ place: `${HOST}:993`, reason: 'DNS has no address for the host, and --connect-to names none for this port' },
		]);
	});
});

it.concurrent('never logs in', async () => {
	const stub = await startFakeMailServer('smtp', false, good, { authBeforeTls: true });
	stubs.push(stub);
	await lookAt(configOf([offerOf('smtp', false)]), networkToPorts({ 587: stub.port }));
	expect(new Set(stub.commands)).toEqual(new Set(['EHLO signpost.invalid', 'STARTTLS', 'QUIT']));
});

describe('a mail server that several domains have', () => {
	const commandsOf = async (...offers: readonly MailPort[]) => {
		const stub = await startFakeMailServer('smtp', false, good, {});
		const network = networkToPorts({ 587: stub.port });
		const checkPort = createPortChecker(network);
		const route = { address: '127.0.0.1', port: stub.port };
		const reports = await Promise.all(offers.map((offer) => checkPort({ offer, listed: true, route }, Date.now())));
		await stub.close();
		return { reports, commands: stub.commands.length };
	};
	const submission = offerOf('smtp', false);

	it('is examined once in a run, whatever its users log in with', async () => {
		const once = await commandsOf(submission);
		const several = await commandsOf(...['%EMAILADDRESS%', '%EMAILLOCALPART%', 'shared'].map((login) => ({ ...submission, login })));
		expect(several.commands).toBe(once.commands);
		expect(once.commands).toBeGreaterThan(5);
		expect(new Set(several.reports).size).toBe(1);
	});

	it.each<[string, Partial<MailPort>]>([
		['another host name, which its certificate may not have', { host: domain('mail.example.net') }],
		['other ways to log in', { auth: ['password', 'oauth2'] }],
		['implicit TLS', { security: 'tls' }],
		['another protocol', { kind: 'imap' }],
		['another port', { port: 2587 as Port }],
	])('is examined again for %s', async (_, difference) => {
		const { reports } = await commandsOf(submission, { ...submission, ...difference });
		expect(reports).toHaveLength(2);
		expect(reports[0]).not.toBe(reports[1]);
	});

	it('is examined a second time where it could not be reached, and then no more', async () => {
		const stub = await startFakeMailServer('smtp', false, good, {});
		const checkPort = createPortChecker(networkToPorts({}));
		const look = (port: number) => checkPort({ offer: submission, listed: true, route: { address: '127.0.0.1', port } }, Date.now());
		await stub.close();
		const [first, beside] = await Promise.all([look(stub.port), look(stub.port)]);
		const [second, third] = [await look(stub.port), await look(stub.port)];
		expect(first.findings.map(({ code }) => code)).toEqual(['port-closed']);
		expect([first === second, second === third, first.findings === beside.findings]).toEqual([false, true, true]);
		expect(second.findings).toEqual(first.findings);
	});
});
