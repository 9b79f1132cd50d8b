/** Starts the service the way its users do, `npm start`, on a free port and with a state of its own, before the browser tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestProject } from 'vitest/node';
import { getPlatformProxy } from 'wrangler';
import { freePort } from '../support/free-port.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Which fixture record each domain has. */
const FIXTURE_BY_DOMAIN = {
	'example.com': 'branded',
	'plain.example.com': 'minimal',
	'pop.example.com': 'pop3-only',
	'logins.example.com': 'logins',
	'policy.example.com': 'policy-only',
	'markup.example.com': 'markup',
} as const;

/** Colours that operators may have and that cannot be read on one ground or the other. */
const COLOUR_BY_DOMAIN = { 'yellow.example.com': '#ffe600', 'navy.example.com': '#00001f' } as const;

/** Milliseconds in which the service must answer. A cold start on a busy machine has taken thirty seconds. */
const START_TIMEOUT_MS = 120_000;

declare module 'vitest' {
	interface ProvidedContext {
		/** The port on 127.0.0.1. */
		readonly port: number;
		/** The operator's. */
		readonly token: string;
	}
}

export default async function startService(project: TestProject): Promise<() => Promise<void>> {
	const state = await mkdtemp(join(tmpdir(), 'signpost-browser-'));
	await writeFixtureRecords(state);
	const port = await freePort();
	const token = 'operator-token-of-the-browser-tests-0123456';
	const service = spawn(process.execPath, ['src/tools/start.ts', '--port', String(port), '--state', state], {
		cwd: ROOT,
		stdio: 'pipe',
		env: { ...process.env, ADMIN_TOKEN: token },
	});
	let log = '';
	for (const stream of [service.stdout, service.stderr]) stream.on('data', (chunk: Buffer) => (log += chunk.toString()));
	try {
		await waitUntilReady(service, port);
	} catch (error) {
		service.kill();
		throw new Error(`the service did not start: ${String(error)}\n${log}`);
	}
	project.provide('port', port);
	project.provide('token', token);
	return async () => {
		await stopService(service);
		await rm(state, { recursive: true, force: true });
	};
}

async function writeFixtureRecords(state: string): Promise<void> {
	const { env, dispose } = await getPlatformProxy<{ readonly RECORDS: { put(key: string, value: string): Promise<void> } }>({
		configPath: join(ROOT, 'wrangler.toml'),
		remoteBindings: false,
		persist: { path: join(state, 'v3') },
	});
	for (const [domain, name] of Object.entries(FIXTURE_BY_DOMAIN)) await env.RECORDS.put(`record:${domain}`, await readFixture(name));
	for (const [domain, colour] of Object.entries(COLOUR_BY_DOMAIN))
		await env.RECORDS.put(`record:${domain}`, (await readFixture('branded')).replace(/#0F766E/, colour));
	await dispose();
}

function readFixture(name: string): Promise<string> {
	return readFile(join(ROOT, `test/fixtures/records/${name}.json`), 'utf8');
}

async function waitUntilReady(service: ChildProcess, port: number): Promise<void> {
	const until = Date.now() + START_TIMEOUT_MS;
	while (Date.now() < until) {
		if (service.exitCode !== null) throw new Error(`it ended with ${service.exitCode}`);
		const up = await fetch(`http://127.0.0.1:${port}/robots.txt`).then(
			({ ok }) => ok,
			() => false,
		);
		if (up) return;
		await sleep(200);
	}
	throw new Error('it did not answer in time');
}

async function stopService(service: ChildProcess): Promise<void> {
	if (service.exitCode !== null) return;
	const exit = new Promise((resolve) => service.once('exit', resolve));
	service.kill('SIGTERM');
	await exit;
}
