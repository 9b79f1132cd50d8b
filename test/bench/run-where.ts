/**
 * `npm run bench:where`: where the CPU of a request goes, in microseconds, for the Worker and beside it for a constant: garbage, responses, the
 * runtime, the Worker's own code. It samples the stacks of all of them while they are under load in turn, so that whatever else the machine
 * does falls on all. Needs Linux and `perf` (Debian: linux-perf).
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseEmailAddress } from '../../src/model/names.ts';
import { type BenchRequest, benchRequestsFor } from './bench-requests.ts';
import { runLoad } from './load-round.ts';
import { renderTable } from './report.ts';
import { type BenchResponse, fetchResponses } from './send-request.ts';
import { buildWorker } from './worker-bundle.ts';
import { withV8Flags, writeConstantsConfig, writeWorkerConfig } from './workerd-configs.ts';
import { startWorkerd, type WorkerdServer } from './workerd-server.ts';

const DOMAIN = 'example.com';
const WARM_UP_SECONDS = 4;
/** Seconds of load for each side, in turn second by second. */
const MEASURED_SECONDS = 16;
/** Stacks a second. */
const SAMPLES_PER_SECOND = 3000;

/** What a stack belongs to: the first part of which a frame has one of these words. */
const PARTS: readonly (readonly [string, RegExp])[] = [
	['compiling JavaScript', /OptimizingCompile|Maglev|Sparkplug|Compiler::/],
	['garbage', /CollectGarbage|Sweeper|IncrementalMarking|ConcurrentMarking|SecondPassPhantom|Scavenger/],
	['making the Response', /ConstructorCallback.*Response/],
	['the Request’s URL, method, headers, body', /CallApiCallbackOptimized/],
	['own JavaScript', /^JS:|^RegExp|jsg::Function<workerd::jsg::Promise<workerd::jsg::Ref<workerd::api::Response/],
	['kernel', /do_syscall|entry_SYSCALL/],
	['HTTP', /hyper/],
];
const RUNTIME = 'runtime: request, promises, locks, timers';

interface Side {
	readonly name: string;
	readonly config: string;
	readonly socket: string;
}

async function main(): Promise<number> {
	if (spawnSync('perf', ['--version']).status !== 0) {
		process.stderr.write('perf is not there (Debian: apt install linux-perf).\n');
		return 1;
	}
	const folder = mkdtempSync(join(tmpdir(), 'signpost-where-'));
	try {
		const address = parseEmailAddress(`alice@${DOMAIN}`);
		if (address === null) throw new Error('the address is none');
		const routes = benchRequestsFor(address);
		buildWorker(folder, 'minified');
		const record = readFileSync(join(import.meta.dirname, '../fixtures/records/minimal.json'), 'utf8');
		const ours = writeWorkerConfig(folder, record, DOMAIN, null);
		const answers = await fetchAnswers(ours, routes, join(folder, 'workerd.log'));
		// V8 writes the names of what it compiles where perf looks for them.
		const flags = ['--perf-basic-prof'];
		const constants = withV8Flags(writeConstantsConfig(folder, answers), flags);
		const duties = withV8Flags(writeConstantsConfig(folder, answers, 'baseline'), flags);
		for (const route of routes) {
			process.stderr.write(`${route.id} …\n`);
			const sides: readonly Side[] = [
				{ name: 'constant', config: constants, socket: route.id },
				{ name: 'constant and duties', config: duties, socket: route.id },
				{ name: 'signpost', config: withV8Flags(ours, flags), socket: 'main' },
			];
			process.stdout.write(`${await measureParts(folder, route, sides)}\n`);
		}
		return 0;
	} finally {
		rmSync(folder, { recursive: true });
	}
}

async function fetchAnswers(config: string, routes: readonly BenchRequest[], log: string): Promise<ReadonlyMap<string, BenchResponse>> {
	const server = await startWorkerd(config, ['main'], log);
	try {
		return await fetchResponses(server.ports.get('main') ?? 0, routes);
	} finally {
		await server.stop();
	}
}

/** A table: microseconds of CPU for a request by part, for each side. */
async function measureParts(folder: string, route: BenchRequest, sides: readonly Side[]): Promise<string> {
	const running: { readonly name: string; readonly server: WorkerdServer; readonly port: number }[] = [];
	try {
		for (const { name, config, socket } of sides) {
			const server = await startWorkerd(config, [socket], join(folder, 'workerd.log'));
			const port = server.ports.get(socket) ?? 0;
			running.push({ name, server, port });
			await runLoad(server, port, route, WARM_UP_SECONDS);
		}
		const samples = join(folder, 'perf.data');
		const recording = startPerf(
			running.map(({ server }) => server.pid),
			samples,
		);
		// perf says nothing when it has begun: requests that it does not see would be counted all the same.
		await setTimeout(1000);
		const requests = running.map(() => 0);
		for (let second = 0; second < MEASURED_SECONDS; second++) {
			// Every other second backwards: none of them always comes after the same one.
			const numbered = [...running.entries()];
			for (const [at, { server, port }] of second % 2 === 0 ? numbered : numbered.toReversed())
				requests[at] = (requests[at] ?? 0) + (await runLoad(server, port, route, 1)).requests;
		}
		await recording.stop();
		const columns = countParts(
			samples,
			running.map(({ server }) => server.pid),
		);
		const parts = [...PARTS.map(([part]) => part), RUNTIME];
		const cost = (side: number, count: number) => ((count * 1e6) / SAMPLES_PER_SECOND / (requests[side] ?? 1)).toFixed(1);
		const rows = parts.map((part) => [part, ...columns.map((counts, side) => cost(side, counts.get(part) ?? 0))]);
		const totals = columns.map((counts, side) =>
			cost(
				side,
				[...counts.values()].reduce((sum, count) => sum + count, 0),
			),
		);
		return renderTable([[`${route.id}, µs of CPU`, ...running.map(({ name }) => name)], ...rows, ['all', ...totals]]);
	} finally {
		for (const { server } of running) {
			await server.stop();
			rmSync(join(tmpdir(), `perf-${server.pid}.map`), { force: true });
		}
	}
}

function startPerf(pids: readonly number[], file: string): { readonly stop: () => Promise<void> } {
	const options = ['-F', String(SAMPLES_PER_SECOND), '-e', 'cpu-clock', '-g', '-p', pids.join(','), '-o', file];
	const child = spawn('perf', ['record', ...options], { stdio: 'ignore' });
	const ended = new Promise<void>((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', () => resolve());
	});
	return {
		stop() {
			child.kill('SIGINT');
			return ended;
		},
	};
}

/** Samples by part, for each process. */
function countParts(file: string, pids: readonly number[]): readonly ReadonlyMap<string, number>[] {
	const run = spawnSync('perf', ['script', '-i', file, '-F', 'pid,ip,sym'], { encoding: 'utf8', maxBuffer: 2 ** 30 });
	if (run.status !== 0) throw new Error(`perf script failed:\n${run.stderr}`);
	const columns = pids.map(() => new Map<string, number>());
	for (const block of run.stdout.split('\n\n')) {
		const [head = '', ...frames] = block.split('\n');
		const counts = columns[pids.indexOf(Number(head))];
		const names = frames.map((frame) => frame.trim().replace(/^[0-9a-f]+ /, ''));
		const part = PARTS.find(([, pattern]) => names.some((name) => pattern.test(name)))?.[0] ?? RUNTIME;
		counts?.set(part, (counts.get(part) ?? 0) + 1);
	}
	if (columns.some((counts) => counts.size === 0)) throw new Error(`perf has seen nothing of a process: ${run.stdout.slice(0, 300)}`);
	return columns;
}

process.exitCode = await main();
