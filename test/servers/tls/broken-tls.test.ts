/**
 * Servers of OpenSSL, GnuTLS, Python, stunnel, nginx, haproxy, Postfix, Dovecot and Exim with one fault each: `check` finds it, its advice put
 * into the server's configuration makes the finding go away, and good ones have no finding that costs the grade. With TESTSSL_MATRIX=FILE
 * (npm run test:testssl), testssl.sh looks at each too, and both judgements are written side by side, after each server; with
 * TESTSSL_RESUME=yes, servers that the file has are left out. TLS_ONLY is a pattern of the servers to look at.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAIL_UNCOVERED } from '../../../src/cli/check/check-mail.ts';
import { checkPort } from '../../../src/cli/check/check-port.ts';
import type { FindingCode } from '../../../src/cli/check/finding-codes.ts';
import { TLS_FINDING_SETTINGS } from '../../../src/cli/check/tls/tls-finding-codes.ts';
import type { ServerSettings, TlsServerName } from '../../../src/cli/check/tls/tls-settings.ts';
import { createResolver } from '../../../src/cli/dns/resolver.ts';
import type { Network } from '../../../src/cli/probe/network.ts';
import { mapConcurrently } from '../../../src/lib/concurrency.ts';
import { DAY_MS } from '../../../src/lib/time.ts';
import type { Port } from '../../../src/model/names.ts';
import { type FakeMailServer, startFakeMailServer } from '../../support/fake-mail-server.ts';
import { createTestAuthority, rsaKey, type TestAuthority } from '../../support/test-authority.ts';
import { domain } from '../../support/valid-names.ts';
import { unpackExim } from '../exim-lab.ts';
import { skipReason } from '../mail-server-lab.ts';
import { mailServers } from './broken-mail-servers.ts';
import { tlsProgramServers } from './broken-tls-servers.ts';
import { type CertificateFiles, LAB_HOST, type LabServer, type RunningServer } from './lab-server.ts';
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

/** Findings whose advice is followed in a real server of each make. */
const FOLLOWED: Readonly<Partial<Record<TlsServerName, readonly FindingCode[]>>> = {
	postfix: [
		'tls-anonymous',
		'tls-unencrypted',
		'tls-no-forward-secrecy',
		'tls-cbc-only',
		'dh-small',
		'tls-old-too',
		'client-certificate',
		'cert-chain',
	],
	dovecot: ['tls-no-forward-secrecy', 'tls-cbc-only', 'tls-old-too', 'curve-small', 'cert-chain'],
	eximGnutls: ['tls-old-too', 'tls-no-forward-secrecy', 'tls-cbc-only', 'client-certificate', 'cert-chain'],
	stunnel: ['tls-anonymous', 'tls-cbc-only', 'tls-old-too', 'client-certificate', 'cert-chain'],
	nginx: ['tls-anonymous', 'tls-no-forward-secrecy', 'tls-cbc-only', 'tls-old-too', 'client-certificate', 'cert-chain'],
	haproxy: ['tls-anonymous', 'tls-no-forward-secrecy', 'tls-cbc-only', 'tls-old-too', 'client-certificate', 'cert-chain'],
};

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
let eximMissing: string | null;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'signpost-tls-'));
	// Exim and Dovecot read what is in it as users of their own.
	await chmod(folder, 0o755);
	authority = await createTestAuthority();
	writeFileSync(join(folder, 'ca.pem'), authority.ca);
	const files = await writeCertificateFiles();
	smtp = await startFakeMailServer('smtp', false, { key: '', cert: '' }, { authBeforeTls: true, noStarttls: true });
	eximMissing = noMailServers ?? unpackExim(folder);
	if (eximMissing !== null) process.stdout.write(`left out: Exim: ${eximMissing}\n`);
	const eximRoot = eximMissing === null ? join(folder, 'root') : null;
	const all = [
		...(await tlsProgramServers(folder, authority, files, smtp.port)),
		...(noMailServers === null ? await mailServers(folder, authority, files, eximRoot) : []),
	];
	allNames = all.map(({ name }) => name);
	const done = process.env.TESTSSL_RESUME === 'yes' ? new Set(readMatrix().map(({ server }) => server)) : new Set();
	servers = all.filter(({ name }) => ONLY.test(name) && !done.has(name));
}, 300_000);

afterAll(async () => {
	await Promise.allSettled([...running].map((server) => server.stop()));
	await smtp.close();
	await rm(folder, { recursive: true, force: true });
});

/** A good certificate with its intermediate, for advice that names files. */
async function writeCertificateFiles(): Promise<CertificateFiles> {
	const { key, cert } = await authority.leaf({ names: [LAB_HOST], key: rsaKey(2048), until: Date.now() + 90 * DAY_MS, by: 'intermediate' });
	const chain = `${cert}\n${authority.intermediate}`;
	const write = (name: string, text: string) => {
		writeFileSync(join(folder, name), text);
		return join(folder, name);
	};
	return {
		fullchain: write('fullchain.pem', chain),
		privkey: write('privkey.pem', key),
		both: write('both.pem', `${key}\n${chain}`),
	};
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
async function judge({ address, port }: RunningServer, { protocol, isMailServer }: LabServer) {
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
	const { findings, unlooked } = await checkPort({ offer, listed: true, route }, network, Date.now());
	return {
		findings: findings.filter(({ code }) => isMailServer || !NO_MAIL_SERVER.includes(code)),
		unlooked,
	};
}

/** Looks at one server, and at what advice makes of it; what is wrong is said in words. */
async function lookAt(server: LabServer, wrong: string[]): Promise<void> {
	await withServer(await server.start(), (started) => lookAtFault(server, started, wrong));
	if (MATRIX !== undefined || server.software === null) return;
	for (const code of server.codes) {
		const advice = settingsOf(code)[server.software];
		if (advice === undefined) continue;
		followed.push([server.software, code]);
		await withServer(await server.start(advice), async (started) => {
			const { findings, unlooked } = await judge(started, server);
			const left = findings.find((each) => each.code === code);
			if (left !== undefined) wrong.push(`${server.name}: ${code} is still there (${left.found}) with ${advice.join(' and ')}`);
			if (unlooked.length > 0 && server.isMailServer) wrong.push(`${server.name}: with ${advice.join(' and ')}: ${unlooked[0]?.reason}`);
		});
	}
}

/** Advice that was followed. */
const followed: (readonly [TlsServerName, FindingCode])[] = [];

const settingsOf = (code: FindingCode): ServerSettings =>
	new Map<string, ServerSettings>(Object.entries(TLS_FINDING_SETTINGS)).get(code) ?? {};

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
	const missed = server.codes.filter((code) => !costly.includes(code));
	const isGood = server.codes.length === 0;
	if (missed.length > 0) wrong.push(`${server.name}: missed ${missed.join(', ')}, found ${costly.join(', ') || 'nothing'}`);
	if (isGood && costly.length > 0) wrong.push(`${server.name}: ${costly.join(', ')}`);
	if (isGood && unlooked.length > 0 && server.isMailServer) wrong.push(`${server.name}: could not look: ${unlooked[0]?.reason}`);
	const codes = new Set<string>(findings.map(({ code }) => code));
	if (MATRIX === undefined) return;
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
			if (MATRIX === undefined && eximMissing === null) {
				for (const [name, codes] of Object.entries(FOLLOWED))
					expect(new Set(followed.filter(([software]) => software === name).map(([, code]) => code)), name).toEqual(new Set(codes));
			}
			expect(servers.filter(({ codes }) => codes.length > 0).length).toBeGreaterThanOrEqual(40);
			expect(servers.filter(({ codes }) => codes.length === 0).length).toBeGreaterThanOrEqual(10);
		},
		TEST_TIMEOUT_MS,
	);
});
