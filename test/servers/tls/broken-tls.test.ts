/**
 * Servers of OpenSSL, GnuTLS, Python, stunnel, Postfix, Dovecot and Exim with one fault each: `check` finds it, and gives good ones no finding
 * that costs the grade. With TESTSSL_MATRIX=FILE (npm run test:testssl), testssl.sh looks at each too, and both judgements are written side by
 * side, after each server; with TESTSSL_RESUME=yes, servers that the file has are left out. TLS_ONLY is a pattern of the servers to look at.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAIL_UNCOVERED } from '../../../src/cli/check/check-mail.ts';
import { checkPort } from '../../../src/cli/check/check-port.ts';
import { createResolver } from '../../../src/cli/dns/resolver.ts';
import type { Network } from '../../../src/cli/probe/network.ts';
import { mapConcurrently } from '../../../src/lib/concurrency.ts';
import type { Port } from '../../../src/model/names.ts';
import { type FakeMailServer, startFakeMailServer } from '../../support/fake-mail-server.ts';
import { createTestAuthority, type TestAuthority } from '../../support/test-authority.ts';
import { domain } from '../../support/valid-names.ts';
import { unpackExim } from '../exim-lab.ts';
import { skipReason } from '../mail-server-lab.ts';
import { mailServers } from './broken-mail-servers.ts';
import { tlsProgramServers } from './broken-tls-servers.ts';
import { LAB_HOST, type LabServer, type RunningServer } from './lab-server.ts';
import { compareWithTestssl, runTestssl, testsslVersion } from './testssl.ts';
import { countFindings, type MatrixRow, matrixRow, parseMatrix, renderMatrix } from './testssl-matrix.ts';

const MATRIX = process.env.TESTSSL_MATRIX;
const ONLY = new RegExp(process.env.TLS_ONLY ?? '');
const has = (program: string) => spawnSync(program, ['--version']).error === undefined;
const PROGRAMS = ['openssl', 'gnutls-serv', 'stunnel', 'python3', ...(MATRIX === undefined ? [] : ['testssl'])];
const MISSING = PROGRAMS.filter((program) => !has(program));
if (MISSING.length > 0) process.stdout.write(`left out: ${MISSING.join(', ')} not on this machine (npm run test:servers installs them)\n`);
const noMailServers = skipReason();
if (noMailServers !== null) process.stdout.write(`left out: Postfix, Dovecot, Exim: ${noMailServers}\n`);

/** Servers looked at together: much of the time is waiting, but of testssl.sh, which computes. */
const CONCURRENCY = MATRIX === undefined ? 5 : 3;

/** testssl.sh takes a minute for each server, and more where others run beside it. */
const TEST_TIMEOUT_MS = MATRIX === undefined ? 900_000 : 7_200_000;

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
	smtp = await startFakeMailServer('smtp', false, { key: '', cert: '' }, { authBeforeTls: true, noStarttls: true });
	eximMissing = noMailServers ?? unpackExim(folder);
	if (eximMissing !== null) process.stdout.write(`left out: Exim: ${eximMissing}\n`);
	const eximRoot = eximMissing === null ? join(folder, 'root') : null;
	const all = [
		...(await tlsProgramServers(folder, authority, smtp.port)),
		...(noMailServers === null ? await mailServers(folder, authority, eximRoot) : []),
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

function readMatrix(): readonly MatrixRow[] {
	return MATRIX !== undefined && existsSync(MATRIX) ? parseMatrix(readFileSync(MATRIX, 'utf8')) : [];
}

/** Puts a row in place of the server's row before, so that a run that is broken off keeps what it has. */
function writeRow(row: MatrixRow): void {
	if (MATRIX === undefined) return;
	const rows = new Map([...readMatrix(), row].map((each) => [each.server, each]));
	const sorted = allNames.flatMap((name) => rows.get(name) ?? []);
	writeFileSync(MATRIX, renderMatrix(sorted, testsslVersion()));
}

/** Everything that `check` finds, advice too. */
async function judge({ address, port }: RunningServer, { protocol, isMailServer }: LabServer) {
	const resolver = createResolver('127.0.0.1:1', 100);
	if (!resolver.ok) throw new Error(resolver.error.message);
	const route = { address, port };
	const network: Network = {
		resolver: resolver.value,
		// What never greets is waited for three times as long.
		timeoutMs: isMailServer ? 5000 : 1000,
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

/** Looks at one server; what is wrong is said in words. */
async function lookAt(server: LabServer, wrong: string[]): Promise<void> {
	const started = await server.start();
	running.add(started);
	try {
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
		if (unlisted.length > 0)
			wrong.push(`${server.name}: neither found nor named as not covered: ${unlisted.map(({ id }) => id).join(', ')}`);
	} finally {
		running.delete(started);
		await started.stop();
	}
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
			expect(servers.filter(({ codes }) => codes.length > 0).length).toBeGreaterThanOrEqual(40);
			expect(servers.filter(({ codes }) => codes.length === 0).length).toBeGreaterThanOrEqual(10);
		},
		TEST_TIMEOUT_MS,
	);
});
