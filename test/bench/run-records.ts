/**
 * Many records through a service as `npm start` starts it: they are imported, imported again, exported, and one of them is changed by many
 * lines; the tool pulls them into files, and compares and pushes files that have not changed. Printed are the clock and the CPU of both.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { spawnService } from '../support/start-service.ts';
import { cpuOfEndedPrograms, cpuOfGroup } from './process-cpu.ts';

const USAGE = `Usage: npm run bench:import -- [--domains N] [--state DIR]

Imports N records (1,000) into a service of its own, and exports, pulls, compares and pushes them.
Store and files are below DIR, the system's folder for temporary files unless said otherwise. On a
disk each new record waits for eleven of its writes, in /dev/shm for none.
`;

const TOKEN = 'operator-token-of-the-benchmarks-0123456789';
const HEADERS = { Authorization: `Bearer ${TOKEN}` };
/** Lines in one request. */
const SLICE = 2500;
/** Lines that change one and the same record. */
const REPEATED_LINES = 300;
function importLine(domain: string, name: string): string {
	const services = { imap: { host: 'imap.example.net' }, submission: { host: 'smtp.example.net' } };
	return JSON.stringify({ domain, record: { kind: 'domain', provider: { name }, services }, tags: ['bulk'] });
}

/** Sends lines in slices. @returns how many had the result */
async function importLines(
	api: string,
	lines: readonly string[],
	query: string,
	result: 'created' | 'changed' | 'unchanged',
): Promise<number> {
	let count = 0;
	for (let at = 0; at < lines.length; at += SLICE) {
		const body = lines.slice(at, at + SLICE).join('\n');
		const response = await fetch(`${api}/import${query}`, { method: 'POST', headers: HEADERS, body });
		const counts: Readonly<Record<string, unknown>> = JSON.parse((await response.text()).trim().split('\n').at(-1) ?? '{}');
		count += Number(counts[result] ?? 0);
	}
	return count;
}

async function exportAll(api: string): Promise<number> {
	let count = 0;
	for (let after: string | null = ''; after !== null; ) {
		const response: Response = await fetch(`${api}/export?after=${encodeURIComponent(after)}`, { headers: HEADERS });
		const lines = (await response.text()).trim().split('\n');
		const last: { readonly next: string | null } = JSON.parse(lines.pop() ?? '{"next": null}');
		count += lines.length;
		after = last.next;
	}
	return count;
}

/** Runs the tool. @throws Error unless it ends with 0 */
async function runTool(origin: string, args: readonly string[]): Promise<void> {
	const env = { ...process.env, SIGNPOST_API: origin, SIGNPOST_TOKEN: TOKEN };
	const tool = spawn(process.execPath, [join(import.meta.dirname, '../../src/cli/main.ts'), ...args], {
		env,
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	let told = '';
	tool.stderr.on('data', (chunk) => {
		told += String(chunk);
	});
	const code = await new Promise<number | null>((resolve) => tool.on('close', resolve));
	if (code !== 0) throw new Error(`signpost ${args[0]} ended with ${code}: ${told}`);
}

async function main(): Promise<number> {
	const { values } = parseArgs({
		options: {
			domains: { type: 'string', default: '1000' },
			state: { type: 'string', default: tmpdir() },
			help: { type: 'boolean', short: 'h' },
		},
	});
	const count = Number(values.domains);
	if (values.help === true || !Number.isInteger(count) || count < 1) {
		process.stdout.write(USAGE);
		return values.help === true ? 0 : 2;
	}
	const folder = await mkdtemp(join(values.state, 'signpost-bench-'));
	const records = join(folder, 'records');
	const service = await spawnService(join(folder, 'state'), { ADMIN_TOKEN: TOKEN });
	const origin = `http://127.0.0.1:${service.port}`;
	const api = `${origin}/admin/api`;
	const lines = Array.from({ length: count }, (_, at) => importLine(`d${String(at).padStart(7, '0')}.example`, `Number ${at}`));
	const repeated = Array.from({ length: REPEATED_LINES }, (_, at) => importLine('same.example', `Number ${at}`));
	const step = async (name: string, expected: number, work: () => Promise<number>) => {
		const [begun, serviceCpu, toolCpu] = [performance.now(), cpuOfGroup(service.group), cpuOfEndedPrograms()];
		const done = await work();
		const seconds = (performance.now() - begun) / 1000;
		const cells = [
			name.padEnd(34),
			seconds.toFixed(1).padStart(9),
			(expected / seconds).toFixed(0).padStart(9),
			(((cpuOfGroup(service.group) - serviceCpu) / expected) * 1000).toFixed(2).padStart(12),
			(((cpuOfEndedPrograms() - toolCpu) / expected) * 1000).toFixed(2).padStart(9),
		];
		process.stdout.write(`${cells.join(' ')}\n`);
		if (done !== expected) throw new Error(`${name}: ${done} of ${expected} records`);
	};
	const tool = (...args: readonly string[]) => runTool(origin, args).then(() => count);
	try {
		process.stdout.write(`${count} records, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, store in ${values.state}\n\n`);
		process.stdout.write(`${'step'.padEnd(34)}   seconds  a second   service ms   tool ms   (CPU for each record)\n`);
		await step('import', count, () => importLines(api, lines, '', 'created'));
		await step('import again, unchanged', count, () => importLines(api, lines, '', 'unchanged'));
		// The seeded example of npm start is in it.
		await step('export', count + 1, () => exportAll(api));
		await step('signpost pull', count, () => tool('pull', '--dir', records));
		await step('signpost diff, nothing changed', count, () => tool('diff', '--dir', records));
		await step('signpost push, nothing changed', count, () => tool('push', '--dir', records));
		await step('import, one record in every line', REPEATED_LINES - 1, () => importLines(api, repeated, '?existing=replace', 'changed'));
		return 0;
	} catch (error) {
		process.stderr.write(`The last that the service has said:\n${service.output().slice(-2000)}\n`);
		throw error;
	} finally {
		await service.stop();
		await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
	}
}

process.exitCode = await main();
