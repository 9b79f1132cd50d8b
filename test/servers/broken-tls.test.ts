/**
 * Servers of OpenSSL, GnuTLS, Python and stunnel with one fault each: `check` finds it, and gives good ones no finding that costs the grade.
 * With TESTSSL_MATRIX=FILE, testssl.sh looks at each too, which takes an hour, and both judgements are written side by side; TESTSSL_ONLY is
 * a pattern of the servers to look at.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkPort } from '../../src/cli/check/check-port.ts';
import { createResolver } from '../../src/cli/dns/resolver.ts';
import type { Network } from '../../src/cli/probe/network.ts';
import type { Port } from '../../src/model/names.ts';
import { type FakeMailServer, startFakeMailServer } from '../support/fake-mail-server.ts';
import { freePort } from '../support/free-port.ts';
import { domain } from '../support/valid-names.ts';
import { LAB_HOST, type LabServer, labServers } from './broken-tls-servers.ts';

const MATRIX = process.env.TESTSSL_MATRIX;
const ONLY = new RegExp(process.env.TESTSSL_ONLY ?? '');
const has = (program: string) => spawnSync(program, ['--version']).error === undefined;
const MISSING = (['openssl', 'gnutls-serv', 'stunnel', 'python3'] as const).filter((program) => !has(program));
if (MISSING.length > 0) process.stdout.write(`left out: ${MISSING.join(', ')} not on this machine (npm run test:servers installs them)\n`);

/** testssl.sh takes a minute for each server. */
const TEST_TIMEOUT_MS = MATRIX === undefined ? 600_000 : 3_600_000;

/** What these servers are found with because they are no mail servers: they do not greet, and list nothing. */
const NO_MAIL_SERVER = ['port-hangs', 'greeting-strange', 'capabilities-refused', 'auth-missing'];

let folder: string;
let ca: string;
let servers: readonly LabServer[];
let smtp: FakeMailServer;
const children: ChildProcess[] = [];

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'signpost-tls-'));
	({ ca, servers } = await labServers(folder));
	smtp = await startFakeMailServer('smtp', false, { key: '', cert: '' }, { authBeforeTls: true, noStarttls: true });
	if (MATRIX !== undefined) writeFileSync(MATRIX, MATRIX_HEAD);
}, 120_000);

afterAll(async () => {
	for (const child of children) child.kill('SIGKILL');
	await smtp.close();
	await rm(folder, { recursive: true });
});

async function startServer({ program, args }: LabServer): Promise<number> {
	const port = await freePort();
	const filled = args.map((each) => {
		if (program === 'stunnel' && existsSync(each)) {
			const text = readFileSync(each, 'utf8').replace('PORT', String(port)).replace('SMTP', String(smtp.port));
			writeFileSync(each, text);
		}
		return each.replace('PORT', String(port));
	});
	const child = spawn(program, filled, { stdio: ['pipe', 'ignore', 'ignore'] });
	children.push(child);
	for (let waited = 0; waited < 15_000; waited += 100) {
		if (child.exitCode !== null) throw new Error(`${program} ${filled.join(' ')} ended with ${child.exitCode}`);
		if (await isOpen(port)) return port;
		await sleep(100);
	}
	throw new Error(`${program} does not listen`);
}

function isOpen(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect(port, '127.0.0.1');
		socket.once('connect', () => {
			socket.destroy();
			resolve(true);
		});
		socket.once('error', () => resolve(false));
	});
}

async function judge(port: number) {
	const resolver = createResolver('127.0.0.1:1', 100);
	if (!resolver.ok) throw new Error(resolver.error.message);
	const route = { address: '127.0.0.1', port };
	const network: Network = {
		resolver: resolver.value,
		// s_server never greets, and one that waits for it waits three times as long.
		timeoutMs: 1000,
		ca,
		findSocketAddress: async () => route,
		findSocketAddresses: async () => [route],
		withoutDnsCache: () => network,
	};
	const offer = {
		kind: 'smtp',
		host: domain(LAB_HOST),
		port: 465 as Port,
		security: 'tls',
		login: '%EMAILADDRESS%',
		auth: ['password'],
	} as const;
	return checkPort({ offer, listed: true, route }, network, Date.now());
}

const MATRIX_HEAD = `# What check finds, and what testssl.sh finds

Written by TESTSSL_MATRIX=docs/tls-matrix.md npx vitest run --project servers test/servers/broken-tls.test.ts

| server | check | testssl.sh, medium and above |
| --- | --- | --- |
`;

/** What testssl.sh finds of medium weight and above. */
async function testssl(port: number): Promise<readonly string[]> {
	const file = join(folder, `${port}.json`);
	const args = [
		'--quiet',
		'--color',
		'0',
		'--jsonfile',
		file,
		'--add-ca',
		join(folder, 'ca.pem'),
		'--warnings',
		'batch',
		'-p',
		'-s',
		'-f',
		'-S',
		'-R',
	];
	await new Promise((resolve) =>
		spawn('testssl', [...args, `127.0.0.1:${port}`], { stdio: 'ignore', timeout: 240_000 }).once('exit', resolve),
	);
	if (!existsSync(file)) return ['did not run'];
	const found: unknown = JSON.parse(readFileSync(file, 'utf8'));
	if (!Array.isArray(found)) return ['did not run'];
	if (found.some(({ severity }) => severity === 'FATAL')) return ['did not run'];
	return found.filter(({ severity }) => ['MEDIUM', 'HIGH', 'CRITICAL'].includes(severity)).map(({ id, severity }) => `${id} (${severity})`);
}

describe.skipIf(MISSING.length > 0)('TLS servers of different make', () => {
	it(
		'each fault is found, and good servers have none',
		async () => {
			const wrong: string[] = [];
			const queue = servers.filter(({ name }) => ONLY.test(name));
			const worker = async () => {
				for (let server = queue.shift(); server !== undefined; server = queue.shift()) {
					const { name, codes } = server;
					const port = await startServer(server);
					const { findings } = await judge(port);
					const costly = new Set(
						findings.filter(({ severity, code }) => severity !== 'advice' && !NO_MAIL_SERVER.includes(code)).map(({ code }) => code),
					);
					const missed = codes.filter((code) => !costly.has(code));
					const alarms = codes.length === 0 ? [...costly] : [];
					if (missed.length > 0) wrong.push(`${name}: missed ${missed.join(', ')}, found ${[...costly].join(', ') || 'nothing'}`);
					if (alarms.length > 0) wrong.push(`${name}: ${alarms.join(', ')}`);
					if (MATRIX !== undefined)
						appendFileSync(MATRIX, `| ${name} | ${[...costly].join(', ') || '–'} | ${(await testssl(port)).join(', ') || '–'} |\n`);
				}
			};
			await Promise.all(Array.from({ length: MATRIX === undefined ? 6 : 3 }, worker));
			expect(wrong).toEqual([]);
			expect(servers.filter(({ codes }) => codes.length > 0).length).toBeGreaterThanOrEqual(40);
			expect(servers.filter(({ codes }) => codes.length === 0).length).toBeGreaterThanOrEqual(10);
		},
		TEST_TIMEOUT_MS,
	);
});
