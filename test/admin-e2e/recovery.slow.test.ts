/**
 * Each store is really deleted, in a service that was really started, and put back with the tool. RECOVERY_DOMAINS says of how many domains
 * (300 unless said otherwise); the output has the time of each command and the size of the backup.
 */
import { spawn } from 'node:child_process';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { MAX_LINES_PER_REQUEST } from '../../src/contract/limits.ts';
import {
	type DomainResponse,
	OPERATOR_HEADERS,
	OPERATOR_TOKEN,
	readPublicName,
	readWholeHistory,
	sampleRecord,
	useAdminService,
	waitUntil,
} from '../support/admin-service.ts';
import { runSignpost, type ToolResult } from '../support/run-signpost.ts';

const service = useAdminService(() => ({}));

const COUNT = Number(process.env.RECOVERY_DOMAINS ?? '300');
const DOMAINS = Array.from({ length: COUNT }, (_, at) => `d${String(at).padStart(6, '0')}.example`);
// Most of the time goes into saving each record, about twice in this file, and into publishing it at the tool's rate.
vi.setConfig({ testTimeout: 180_000 + COUNT * 60 });

const first = DOMAINS[0] ?? '';
const deleted = DOMAINS[1] ?? '';

const environment = () => ({ SIGNPOST_API: service.origin, SIGNPOST_TOKEN: OPERATOR_TOKEN });

async function signpost(...args: readonly string[]): Promise<ToolResult> {
	const begun = Date.now();
	const result = await runSignpost(args, service.state, { env: environment() });
	console.log(`signpost ${args[0]} ${args[1]}: ${Date.now() - begun} ms, ${COUNT} domains\n${result.out}${result.err}`);
	return result;
}

async function call(path: string, init: RequestInit = {}): Promise<Response> {
	return fetch(`${service.api}${path}`, { ...init, headers: { ...OPERATOR_HEADERS, ...init.headers } });
}

async function status(domain: string): Promise<number> {
	return (await fetch(`${service.origin}/mail/config-v1.1.xml?emailaddress=a@${domain}`)).status;
}

/** Folders of the state, by what their path contains: `kv`, or the class of a Durable Object. */
async function folders(part: string): Promise<readonly string[]> {
	const all = await readdir(service.state, { recursive: true, withFileTypes: true });
	return all.filter((each) => each.isDirectory() && each.name.includes(part)).map((each) => join(each.parentPath, each.name));
}

/** Stops the service, deletes these parts of its state, and starts it again. */
async function lose(...parts: readonly string[]): Promise<void> {
	await service.stop();
	for (const part of parts) {
		const found = await folders(part);
		expect(found, part).not.toHaveLength(0);
		for (const folder of found) await rm(folder, { recursive: true, force: true });
	}
	await service.restart();
}

/** The mark counts two minutes after it was written: here it was written earlier. */
async function ageStoreMark(): Promise<void> {
	await service.stop();
	const [folder = ''] = await folders('-Directory');
	let aged = 0;
	for (const name of await readdir(folder)) {
		if (!name.endsWith('.sqlite') || name.startsWith('metadata')) continue;
		const database = new DatabaseSync(join(folder, name));
		aged += Number(database.prepare('UPDATE store_mark SET at = at - 600000').run().changes);
		database.close();
	}
	expect(aged).toBe(1);
	await service.restart();
}

async function health(): Promise<string> {
	return (await fetch(`${service.origin}/health`)).text();
}

async function auditLines(): Promise<number> {
	let count = 0;
	for (let before = ''; ; ) {
		const page = (await (await call(`/audit?limit=1000${before}`)).json()) as { lines: readonly object[]; next: string | number | null };
		count += page.lines.length;
		if (page.next === null) return count;
		before = `&before=${page.next}`;
	}
}

async function listed(state: string): Promise<readonly string[]> {
	const names: string[] = [];
	for (let after = ''; ; ) {
		const page = (await (await call(`/domains?prefix=d0&limit=1000&state=${state}${after}`)).json()) as {
			domains: readonly { domain: string }[];
			next: string | null;
		};
		names.push(...page.domains.map(({ domain }) => domain));
		if (page.next === null) return names;
		after = `&after=${page.next}`;
	}
}

describe('a service of many domains', () => {
	let secret = '';
	let backupBytes = 0;

	it('is filled: records, a history, a deletion, a token', async () => {
		const begun = Date.now();
		for (let from = 0; from < COUNT; from += MAX_LINES_PER_REQUEST) {
			const part = DOMAINS.slice(from, from + MAX_LINES_PER_REQUEST);
			const body = part.map((domain) => `${JSON.stringify({ domain, record: sampleRecord(domain), tags: ['gold'] })}\n`).join('');
			const imported = await call('/import', { method: 'POST', body });
			expect(await imported.text()).toContain(`"created":${part.length},`);
		}
		console.log(`import: ${Date.now() - begun} ms, ${COUNT} domains`);
		await call(`/domains/${first}`, {
			method: 'PUT',
			headers: { 'If-Match': '"1"' },
			body: JSON.stringify({ record: sampleRecord('Second'), note: 'second' }),
		});
		await call(`/domains/${deleted}`, { method: 'DELETE', headers: { 'If-Match': '"1"' } });
		const minted = await call('/tokens', { method: 'POST', body: JSON.stringify({ name: 'deploy', role: 'write', domains: [first] }) });
		({ secret } = (await minted.json()) as { secret: string });
		await waitUntil('all are published', async () => (await readPublicName(service, DOMAINS.at(-1) ?? '')) !== null);
		await waitUntil('the change is published', async () => (await readPublicName(service, first)) === 'Second');
	});

	it('is backed up; killed in the middle, the backup goes on', async () => {
		const child = spawn(process.execPath, [join(import.meta.dirname, '../../src/cli/main.ts'), 'backup', 'killed.backup'], {
			cwd: service.state,
			env: { ...process.env, ...environment() },
		});
		const file = join(service.state, 'killed.backup');
		await waitUntil('it has begun', async () => (await stat(file).catch(() => null)) !== null && (await stat(file)).size > 0);
		child.kill('SIGKILL');
		await new Promise((resolve) => child.on('close', resolve));
		// Half a line, as a power cut would leave it.
		await writeFile(file, `${await readFile(file, 'utf8')}0123456789abcdef {"kind":"rev`);
		expect((await signpost('backup', 'killed.backup')).code).toBe(0);
		expect((await signpost('backup', 'whole.backup')).code).toBe(0);
		backupBytes = (await stat(join(service.state, 'whole.backup'))).size;
		const bare = async (name: string) =>
			(await readFile(join(service.state, name), 'utf8'))
				.split('\n')
				.map((line) => line.slice(33))
				.filter((line) => !/^\{"kind":"(header|page)"/.test(line));
		expect(await bare('killed.backup')).toEqual(await bare('whole.backup'));
		expect((await signpost('restore', 'whole.backup', '--dry-run')).out).toContain('new: 0, changed: 0');
	});

	it('refuses a damaged and an unfinished backup, and sends nothing of it', async () => {
		const text = await readFile(join(service.state, 'whole.backup'), 'utf8');
		const lines = text.split('\n');
		for (const spoilt of [
			text.replace('Second', 'Sec0nd'),
			lines.slice(0, -2).join('\n'),
			[...lines.slice(0, 3), ...lines.slice(4)].join('\n'),
			`${text}${lines[1]}\n`,
		]) {
			await writeFile(join(service.state, 'spoilt.backup'), spoilt);
			const { code, err } = await signpost('restore', 'spoilt.backup', '--yes');
			expect([code, err]).toEqual([2, expect.stringContaining('Nothing was sent')]);
		}
	});

	it('answers 503 where KV was lost, never 404, and publishes again', async () => {
		await ageStoreMark();
		await lose('kv');
		expect(await status(first)).toBe(503);
		expect(await status('unknown.example')).toBe(503);
		expect(await health()).toContain('store-lost');
		expect((await signpost('rebuild', 'kv')).code).toBe(0);
		await sleep(6000);
		expect(await readPublicName(service, first)).toBe('Second');
		expect([await status(deleted), await status('unknown.example')]).toEqual([404, 404]);
	});

	it('has its directory back, deleted names and the audit trail too', async () => {
		const before = { audit: await auditLines(), live: await listed('live') };
		await lose('-Directory');
		// npm start has begun to rebuild it by itself; what was deleted and the tokens' lines are the command's.
		expect(await health()).toContain('directory-lost');
		expect((await signpost('rebuild', 'directory')).code).toBe(0);
		// A look at the service's health is repeated for ten seconds.
		await waitUntil('the directory is whole', async () => !(await health()).includes('directory-lost'));
		expect(await listed('live')).toEqual(before.live);
		expect(await listed('deleted')).toEqual([deleted]);
		expect(await auditLines()).toBe(before.audit);
	});

	it('has its tokens back', async () => {
		await lose('-TokenKeeper');
		const read = () => fetch(`${service.api}/domains/${first}`, { headers: { Authorization: `Bearer ${secret}` } });
		expect((await read()).status).toBe(401);
		expect((await signpost('restore', 'whole.backup', '--only', 'token', '--yes')).code).toBe(0);
		expect((await read()).status).toBe(200);
	});

	it('has everything back where everything was lost; killed in the middle, the restore goes on', async () => {
		const history = await readWholeHistory(service, first);
		const audit = await auditLines();
		await lose('kv', '-Directory', '-TokenKeeper', '-RecordKeeper', '-ImportKeeper');
		expect(await listed('any')).toEqual([]);
		const asked = await signpost('restore', 'whole.backup');
		expect([asked.code, asked.out]).toEqual([2, expect.stringContaining('refused: 0')]);
		expect(await listed('any')).toEqual([]);
		const child = spawn(process.execPath, [join(import.meta.dirname, '../../src/cli/main.ts'), 'restore', 'whole.backup', '--yes'], {
			cwd: service.state,
			env: { ...process.env, ...environment() },
		});
		await waitUntil('it has begun', async () => (await listed('any')).length > 0);
		child.kill('SIGKILL');
		expect((await signpost('restore', 'whole.backup', '--yes')).code).toBe(0);
		await waitUntil('the directory has all', async () => (await listed('any')).length === COUNT);
		expect(await listed('deleted')).toEqual([deleted]);
		expect(await readWholeHistory(service, first)).toEqual(history);
		await waitUntil('the last is published', async () => (await readPublicName(service, DOMAINS.at(-1) ?? '')) !== null);
		expect(await auditLines()).toBe(audit);
		expect((await fetch(`${service.api}/domains/${first}`, { headers: { Authorization: `Bearer ${secret}` } })).status).toBe(200);
		expect((await signpost('restore', 'whole.backup', '--yes')).out).toContain('new: 0, changed: 0');
		console.log(`${backupBytes} bytes`);
	});

	it('refuses a backup over what was saved since, unless it is told to', async () => {
		const put = await call(`/domains/${first}`, {
			method: 'PUT',
			headers: { 'If-Match': '"2"' },
			body: JSON.stringify({ record: sampleRecord('Third') }),
		});
		expect(put.status).toBe(200);
		const refused = await signpost('restore', 'whole.backup', '--yes');
		expect([refused.code, refused.out]).toEqual([1, expect.stringContaining(`refused: revision ${first}`)]);
		expect((await signpost('restore', 'whole.backup', '--yes', '--replace-newer')).out).toContain('changed: 1');
		const now = (await (await call(`/domains/${first}`)).json()) as DomainResponse;
		expect([now.revision, now.record?.provider.name]).toEqual([4, 'Second']);
	});

	it('has back what was imported and nobody has called for since', async () => {
		const [imported, ...others] = Array.from({ length: 20 }, (_, at) => `imported${at}.example`);
		const body = [imported, ...others].map((domain) => JSON.stringify({ domain, record: sampleRecord('Imported'), tags: ['gold'] }));
		expect(await (await call('/import', { method: 'POST', body: body.join('\n') })).text()).toContain('"created":20,');
		expect((await signpost('backup', 'imported.backup')).code).toBe(0);
		await lose('-ImportKeeper');
		const read = async () => (await (await call(`/domains/${imported}`)).json()) as DomainResponse;
		// Clients are answered as before; nobody knows any more who has saved it, and no import makes a record over it.
		expect(await readPublicName(service, imported ?? '')).toBe('Imported');
		expect((await read()).revision).toBe(0);
		const again = JSON.stringify({ domain: imported, record: sampleRecord('Another') });
		expect(await (await call('/import', { method: 'POST', body: again })).text()).toContain('"refused":1,');
		// Records that were restored before, and that nobody has called for since, were there as well.
		expect((await signpost('restore', 'imported.backup', '--yes')).out).toMatch(/^new: \d+, changed: 0, .*refused: 0$/m);
		for (const other of others) expect(await readWholeHistory(service, other)).toHaveLength(1);
		expect((await read()).revision).toBe(1);
		expect(await readWholeHistory(service, imported ?? '')).toHaveLength(1);
	});
});
