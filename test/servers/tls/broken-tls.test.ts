/**
 * Servers of OpenSSL, GnuTLS, Python, stunnel, nginx, haproxy, Postfix, Dovecot 2.3 and 2.4, Exim and Cyrus with faults: `check` finds it, its advice put
 * into the server's configuration makes the finding go away, and good ones have no finding that costs the grade. With TESTSSL_MATRIX=FILE
 * (npm run test:testssl), testssl.sh looks at each too, and both judgements are written side by side, after each server; with
 * TESTSSL_RESUME=yes, servers that the file has are left out. TLS_ONLY is a pattern of the servers to look at.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAIL_UNCOVERED } from '../../../src/cli/check/check-mail.ts';
import { createPortChecker } from '../../../src/cli/check/check-port.ts';
import { finding } from '../../../src/cli/check/finding.ts';
import type { FindingCode } from '../../../src/cli/check/finding-codes.ts';
import { TLS_FINDING_SETTINGS } from '../../../src/cli/check/tls/tls-finding-codes.ts';
import type { ServerSettings, TlsServerName } from '../../../src/cli/check/tls/tls-settings.ts';
import { createResolver } from '../../../src/cli/dns/resolver.ts';
import type { Network } from '../../../src/cli/probe/network.ts';
import { mapConcurrently } from '../../../src/lib/concurrency.ts';
import type { Port } from '../../../src/model/names.ts';
import { type FakeMailServer, startFakeMailServer } from '../../support/fake-mail-server.ts';
import { createTestAuthority, type TestAuthority } from '../../support/test-authority.ts';
import { domain } from '../../support/valid-names.ts';
import { unpackCyrus } from '../cyrus-lab.ts';
import { debianHostSkipReason, debianTree, prepareDebian } from '../debian-host.ts';
import { unpackExim } from '../exim-lab.ts';
import { PASSWORD, skipReason, USER } from '../mail-server-lab.ts';
import { mailServers } from './broken-mail-servers.ts';
import { tlsProgramServers } from './broken-tls-servers.ts';
import { cyrusServers, dovecot24Servers, eximServers } from './broken-unpacked-servers.ts';
import { type FaultFiles, writeFaultFiles } from './fault-files.ts';
import { LAB_HOST, type LabServer, type RunningServer } from './lab-server.ts';
import { compareWithTestssl, runTestssl, testsslVersion } from './testssl.ts';
import { countFindings, type MatrixRow, matrixRow, parseMatrix, renderMatrix } from './testssl-matrix.ts';

const MATRIX = process.env.TESTSSL_MATRIX;
const ONLY = new RegExp(process.env.TLS_ONLY ?? '');
const has = (program: string) => spawnSync(program, ['--version']).error === undefined;
const PROGRAMS = ['openssl', 'gnutls-serv', 'stunnel', 'nginx', 'haproxy', 'python3', ...(MATRIX === undefined ? [] : ['testssl'])];
const MISSING = PROGRAMS.filter((program) => !has(program));
if (MISSING.length > 0) process.stdout.write(`left out: ${MISSING.join(', ')} not on this machine (npm run test:servers installs them)\n`);
const noMailServers = skipReason();
if (noMailServers !== null) process.stdout.write(`left out: Postfix, Dovecot, Exim: ${noMailServers}\n`);

/** Servers looked at together: much of the time is waiting, but of testssl.sh, which computes. */
const CONCURRENCY = MATRIX === undefined ? 5 : 3;

/** testssl.sh takes a minute for each server, and more where others run beside it. */
const TEST_TIMEOUT_MS = MATRIX === undefined ? 900_000 : 7_200_000;

const SETTINGS: ReadonlyMap<string, ServerSettings> = new Map(Object.entries(TLS_FINDING_SETTINGS));
const ADVISED_CODES = Object.keys(TLS_FINDING_SETTINGS) as (keyof typeof TLS_FINDING_SETTINGS)[];
const FOLLOWING_SERVERS = ['postfix', 'dovecot', 'dovecot24', 'eximGnutls', 'cyrus', 'stunnel', 'nginx', 'haproxy'] as const;

/** Advice that cannot be followed here, because the server cannot be made to have the fault. Debian has no Exim with OpenSSL. */
const NOT_FOLLOWED: readonly {
	readonly code: FindingCode;
	readonly servers: readonly TlsServerName[];
	/** Why there is no such server. */
	readonly reason: string;
}[] = [
	{ code: 'tls-broken-cipher', servers: FOLLOWING_SERVERS, reason: 'Node’s TLS and Debian’s OpenSSL have none of these ciphers' },
	{ code: 'dh-broken', servers: FOLLOWING_SERVERS, reason: 'Debian’s OpenSSL reads no such group, and GnuTLS has groups of its own' },
	{ code: 'dh-small', servers: ['nginx', 'haproxy'], reason: 'they read it with Debian’s security level of 2, whatever the ciphers say' },
	{ code: 'dh-small', servers: ['eximGnutls'], reason: 'GnuTLS has groups of its own' },
	{ code: 'tls-anonymous', servers: ['eximGnutls'], reason: 'Exim has no anonymous credentials' },
	{ code: 'tls-old-only', servers: ['dovecot', 'dovecot24'], reason: 'Dovecot has no highest version' },
];

/** What servers are found with that are no mail servers: they do not greet, and list nothing. */
const NO_MAIL_SERVER: readonly string[] = ['port-hangs', 'greeting-strange', 'capabilities-refused', 'auth-missing'];

let folder: string;
let authority: TestAuthority;
let servers: readonly LabServer[];
/** Names of all servers, in their order, whatever TLS_ONLY says. */
let allNames: readonly string[];
/** Servers that run: a test that is broken off for its time does not end them itself. */
const running = new Set<RunningServer>();
let smtp: FakeMailServer;
/** Whether no server is left out for what is missing here. */
let isComplete = noMailServers === null;

// Debian's packages are fetched first, and a tree of Debian 13 is made where there is none yet.
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'signpost-tls-'));
	// Exim and Dovecot read what is in it as users of their own.
	await chmod(folder, 0o755);
	authority = await createTestAuthority();
	writeFileSync(join(folder, 'ca.pem'), authority.ca);
	const files = await writeFaultFiles(folder, authority);
	smtp = await startFakeMailServer('smtp', false, { key: '', cert: '' }, { authBeforeTls: true, noStarttls: true });
	const all = [
		...(await tlsProgramServers(files, authority, smtp.port)),
		...(noMailServers === null ? mailServers(files) : []),
		...(noMailServers === null ? unpackedServers(files) : []),
	];
	allNames = all.map(({ name }) => name);
	const done = process.env.TESTSSL_RESUME === 'yes' ? new Set(readMatrix().map(({ server }) => server)) : new Set();
	servers = all.filter(({ name }) => ONLY.test(name) && !done.has(name));
}, 900_000);

afterAll(async () => {
	await Promise.allSettled([...running].map((server) => server.stop()));
	await smtp.close();
	await rm(folder, { recursive: true, force: true });
});

/** The servers whose packages can be unpacked here; those that cannot are named. */
function unpackedServers(files: FaultFiles): readonly LabServer[] {
	const [exim, cyrus] = [join(folder, 'exim'), join(folder, 'cyrus')];
	const makes: readonly (readonly [name: string, missing: string | null, servers: () => readonly LabServer[]])[] = [
		['Exim', unpackExim(exim), () => eximServers(files, join(exim, 'root'))],
		['Cyrus', unpackCyrus(cyrus), () => cyrusServers(files, join(cyrus, 'root'))],
		['Dovecot 2.4', debianHostSkipReason() ?? prepareDebian('trixie'), () => dovecot24Servers(files, debianTree('trixie'))],
	];
	return makes.flatMap(([name, missing, servers]) => {
		if (missing === null) return servers();
		process.stdout.write(`left out: ${name}: ${missing}\n`);
		isComplete = false;
		return [];
	});
}

function readMatrix(): readonly MatrixRow[] {
	return MATRIX !== undefined && existsSync(MATRIX) ? parseMatrix(readFileSync(MATRIX, 'utf8')) : [];
}

/** Puts a row in place of the server's row before, so that a run that is broken off keeps what it has. */
function writeRow(row: MatrixRow): void {
	if (MATRIX === undefined) return;
	const rows = new Map([...readMatrix(), row].map((each) => [each.server, each]));
	const sorted = allNames.flatMap((name) => rows.get(name) ?? []);
	writeFileSync(MATRIX, renderMatrix(sorted, allNames.length, testsslVersion()));
}

/** Everything that `check` finds, advice too. */
async function judge({ address, port }: RunningServer, { protocol, isMailServer, showsAtLogin }: LabServer) {
	if (showsAtLogin === true) {
		const answer = await logIn(address, port);
		return { findings: /client.*certificate/i.test(answer) ? [finding('client-certificate', LAB_HOST, 'OK', answer)] : [], unlooked: [] };
	}
	const resolver = createResolver('127.0.0.1:1', 100);
	if (!resolver.ok) throw new Error(resolver.error.message);
	const route = { address, port };
	const network: Network = {
		resolver: resolver.value,
		// What never greets is waited for three times as long.
		timeoutMs: isMailServer ? 15_000 : 1000,
		ca: authority.ca,
		findSocketAddress: async () => route,
		findSocketAddresses: async () => ({ addresses: [route], unanswered: [] }),
		withoutDnsCache: () => network,
	};
	const offer = {
		kind: protocol,
		host: domain(LAB_HOST),
		port: (protocol === 'smtp' ? 465 : 993) as Port,
		security: 'tls',
		login: '%EMAILADDRESS%',
		auth: ['password'],
	} as const;
	const { findings, unlooked } = await createPortChecker(network)({ offer, listed: true, route }, Date.now());
	return {
		findings: findings.filter(({ code }) => isMailServer || !NO_MAIL_SERVER.includes(code)),
		unlooked,
	};
}

/** What an IMAP server answers to a log-in. */
function logIn(host: string, port: number): Promise<string> {
	return new Promise((resolve, reject) => {
		const socket = connect({ host, port, ca: authority.ca, servername: LAB_HOST, timeout: 10_000 });
		socket.setEncoding('utf8');
		let said = '';
		socket.on('data', (text: string) => {
			if (said === '') socket.write(`a LOGIN ${USER} ${PASSWORD}\r\n`);
			said += text;
			const answer = /^a .*$/m.exec(said);
			if (answer === null) return;
			socket.destroy();
			resolve(answer[0]);
		});
		socket.on('timeout', () => socket.destroy());
		socket.on('error', reject);
		// After an answer it changes nothing any more.
		socket.on('close', () => reject(new Error(`no answer to the log-in: ${said}`)));
	});
}

/** Looks at one server, and at what advice makes of it; what is wrong is said in words. */
async function lookAt(server: LabServer, wrong: string[]): Promise<void> {
	await withServer(await server.start(), (started) => lookAtFault(server, started, wrong));
	const { software } = server;
	if (MATRIX !== undefined || software === null) return;
	// Many findings have the same advice: it is followed once.
	const advised = new Map(
		server.codes.flatMap((code) => {
			const advice = settingsOf(code, software);
			return advice === null ? [] : [[advice.join(' and '), advice] as const];
		}),
	);
	for (const [text, advice] of advised) {
		const codes = server.codes.filter((code) => settingsOf(code, software)?.join(' and ') === text);
		followed.push(...codes.map((code) => [software, code] as const));
		await withServer(await server.start(advice), async (started) => {
			const { findings, unlooked } = await judge(started, server);
			for (const { code, found } of findings.filter((each) => codes.includes(each.code)))
				wrong.push(`${server.name}: ${code} is still there (${found}) with ${text}`);
			if (unlooked.length > 0 && server.isMailServer) wrong.push(`${server.name}: with ${text}: ${unlooked[0]?.reason}`);
		});
	}
}

/** Advice that was followed. */
const followed: (readonly [TlsServerName, FindingCode])[] = [];

/** The settings that the advice for a finding names for a server; null where there are none. */
function settingsOf(code: FindingCode, software: TlsServerName): readonly string[] | null {
	const settings = SETTINGS.get(code) ?? {};
	return settings[software] ?? (software === 'dovecot24' ? settings.dovecot : undefined) ?? null;
}

async function withServer(started: RunningServer, look: (started: RunningServer) => Promise<void>): Promise<void> {
	running.add(started);
	try {
		await look(started);
	} finally {
		running.delete(started);
		await started.stop();
	}
}

async function lookAtFault(server: LabServer, started: RunningServer, wrong: string[]): Promise<void> {
	const { findings, unlooked } = await judge(started, server);
	const costly = [...new Set(findings.filter(({ severity }) => severity !== 'advice').map(({ code }) => code))];
	const missed = server.codes.filter((code) => !findings.some((each) => each.code === code));
	const isGood = server.codes.length === 0;
	if (missed.length > 0) wrong.push(`${server.name}: missed ${missed.join(', ')}, found ${costly.join(', ') || 'nothing'}`);
	if (isGood && costly.length > 0) wrong.push(`${server.name}: ${costly.join(', ')}`);
	if (isGood && unlooked.length > 0 && server.isMailServer) wrong.push(`${server.name}: could not look: ${unlooked[0]?.reason}`);
	const codes = new Set<string>(findings.map(({ code }) => code));
	if (MATRIX === undefined || server.showsAtLogin === true) return;
	const compared = compareWithTestssl(await runTestssl(started, folder), codes);
	writeRow(matrixRow(server.name, isGood, costly, compared));
	const listed = MAIL_UNCOVERED.map(({ reason }) => reason).join(' ');
	const unlisted = compared.filter(({ ours }) => ours !== 'found' && ours !== 'missed' && !listed.includes(ours));
	if (unlisted.length > 0) wrong.push(`${server.name}: neither found nor named as not covered: ${unlisted.map(({ id }) => id).join(', ')}`);
}

describe.skipIf(MISSING.length > 0)('TLS servers of different make', () => {
	it(
		'each fault is found, and good servers have none',
		async ({ signal }) => {
			const wrong: string[] = [];
			await mapConcurrently(servers, CONCURRENCY, async (server) => {
				if (signal.aborted) return;
				try {
					await lookAt(server, wrong);
				} catch (error) {
					// A server that does not start is one line among the others: the rest is looked at all the same.
					wrong.push(`${server.name}: ${error instanceof Error ? error.message : String(error)}`);
				}
			});
			if (MATRIX !== undefined) expect(countFindings(readMatrix()).recall).toBeGreaterThanOrEqual(0.95);
			expect(wrong).toEqual([]);
			if (process.env.TLS_ONLY !== undefined || process.env.TESTSSL_RESUME !== undefined) return;
			if (MATRIX === undefined && isComplete) {
				const pair = (code: FindingCode, software: TlsServerName) => `${code}: ${software}`;
				const given = ADVISED_CODES.flatMap((code) =>
					FOLLOWING_SERVERS.flatMap((software) => (settingsOf(code, software) === null ? [] : [pair(code, software)])),
				);
				const impossible = NOT_FOLLOWED.flatMap(({ code, servers: makes }) => makes.map((software) => pair(code, software)));
				const run = [...new Set(followed.map(([software, code]) => pair(code, software)))];
				expect(run.sort()).toEqual(given.filter((each) => !impossible.includes(each)).sort());
			}
			expect(servers.filter(({ codes }) => codes.length > 0).length).toBeGreaterThanOrEqual(40);
			expect(servers.filter(({ codes }) => codes.length === 0).length).toBeGreaterThanOrEqual(10);
		},
		TEST_TIMEOUT_MS,
	);
});
