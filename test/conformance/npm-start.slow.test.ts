/** `npm start` keeps what the README promises: its state survives, it seeds only an empty store, and it leaves no process running. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { spawnService } from '../support/start-service.ts';
import { httpRequest } from './raw-http-request.ts';

const ROOT = join(import.meta.dirname, '../..');
const AUTOCONFIG_URL = 'https://autoconfig.example.com/mail/config-v1.1.xml';

function putRecord(state: string, name: string, file: string): void {
	const args = ['src/cli/main.ts', 'record', 'put', name, file, '--state', state];
	const run = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
	if (run.status !== 0) throw new Error(run.stdout + run.stderr);
}

describe('npm start', () => {
	it('seeds an empty store, keeps what is there, and survives being killed', { timeout: 120_000 }, async () => {
		const state = await mkdtemp(join(tmpdir(), 'signpost-'));
		const first = await spawnService(state);
		expect(first.output()).toContain('Seeded a record for example.com');
		expect((await httpRequest(AUTOCONFIG_URL, {}, first.port)).status).toBe(200);
		putRecord(state, 'example.com', 'test/fixtures/records/starttls-only.json');
		putRecord(state, 'example.net', 'test/fixtures/records/minimal.json');
		await first.crash();

		const second = await spawnService(state);
		expect(second.output()).not.toContain('Seeded');
		expect((await httpRequest(AUTOCONFIG_URL, {}, second.port)).body).toContain('mail.example.com');
		expect((await httpRequest('https://autoconfig.example.net/mail/config-v1.1.xml', {}, second.port)).status).toBe(200);
		// It throws where a process is still running.
		await second.stop('SIGTERM');
		await rm(state, { recursive: true });
	});

	it.each([
		['--port', 'x'],
		['--prot', '8787'],
		['--var', 'SELF_SERVICE'],
	])('refuses %s %s, and says how', (...args) => {
		const run = spawnSync(process.execPath, ['src/tools/start.ts', ...args], { cwd: ROOT, encoding: 'utf8' });
		expect([run.status, run.stderr.includes('Usage: npm start')]).toEqual([2, true]);
	});
});
