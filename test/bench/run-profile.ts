/**
 * `npm run bench:profile`: where the time of a request goes in the isolate, by part of the program. The profiler slows what it watches several
 * times, calls of small functions most: read the shares as an order, and the microseconds in `npm run bench`.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEmailAddress } from '../../src/model/names.ts';
import { freePort } from '../support/free-port.ts';
import { benchRequestsFor } from './bench-requests.ts';
import { type CpuProfile, connectInspector } from './cpu-profile.ts';
import { callInIsolate } from './in-isolate.ts';
import { renderTable } from './report.ts';
import { buildWorker } from './worker-bundle.ts';
import { writeWorkerConfig } from './workerd-configs.ts';
import { startWorkerd } from './workerd-server.ts';

const DOMAIN = 'example.com';
const CALLS = 20_000;

/** Parts of the program, by how the path of a source file begins; the first that fits. */
const PARTS = [
	['digests of the address (uuid)', /^node_modules\/uuid|^src\/lib\/digest/],
	['filling in: template, escapes', /^src\/protocols\/template|^src\/lib\/xml|^src\/model\/placeholders/],
	['who asks for what: query, body, client', /^src\/(?:protocols|model)\//],
	['the record and its answer, from memory', /^src\/store|^src\/lib\/bounded-map|^src\/http\/response-cache/],
	[
		'URL, route, headers',
		/^src\/http\/(?:router|method-dispatch|request-url|wire-request|dependencies)|^src\/worker\/entry|^node_modules\/hono/,
	],
	['making the response', /^src\/http\/(?:endpoint-handler|responses)/],
	['counting, and what went wrong', /^src\/http|^src\/worker|^src\/lib/],
	['of other libraries', /^node_modules/],
] as const;
const RUNTIME = 'the runtime and the benchmark: Request, Response, garbage';

async function main(): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), 'signpost-profile-'));
	const { file } = buildWorker(folder, 'readable');
	const record = readFileSync(join(import.meta.dirname, '../fixtures/records/minimal.json'), 'utf8');
	const inspectorPort = await freePort();
	const config = writeWorkerConfig(folder, record, DOMAIN, 'in-isolate');
	const server = await startWorkerd(config, ['main'], join(folder, 'workerd.log'), [`--inspector-addr=127.0.0.1:${inspectorPort}`]);
	const inspector = await connectInspector(inspectorPort, 'main');
	try {
		const address = parseEmailAddress(`alice@${DOMAIN}`);
		if (address === null) throw new Error('the address is none');
		const partOf = partsByLine(readFileSync(file, 'utf8'));
		const columns = new Map<string, ReadonlyMap<string, number>>();
		for (const route of benchRequestsFor(address)) {
			const call = () => callInIsolate(server.ports.get('main') ?? 0, route, 'signpost', CALLS, { status: 200, headers: {}, body: '' });
			// The first calls compile the code.
			await call();
			columns.set(route.id, sharesOf(await inspector.profile(call), partOf));
		}
		const parts = [...PARTS.map(([part]) => part), RUNTIME];
		const rows = parts.map((part) => [part, ...[...columns.values()].map((shares) => `${((shares.get(part) ?? 0) * 100).toFixed(1)} %`)]);
		process.stdout.write(renderTable([['part of the samples', ...columns.keys()], ...rows]));
	} finally {
		inspector.close();
		await server.stop();
		rmSync(folder, { recursive: true });
	}
}

/** The part that each line of the bundle belongs to: esbuild writes the path of each source file before it. */
function partsByLine(bundle: string): readonly (string | null)[] {
	let file = '';
	return bundle.split('\n').map((line) => {
		file = /^\/\/ ((?:src|node_modules)\/.*)$/.exec(line)?.[1] ?? /^\s*"((?:src|node_modules)\/[^"]+)"\(/.exec(line)?.[1] ?? file;
		return PARTS.find(([, pattern]) => pattern.test(file))?.[0] ?? null;
	});
}

/** The share of each part in the time in which the isolate was not idle. */
function sharesOf({ nodes, samples, timeDeltas }: CpuProfile, partOf: readonly (string | null)[]): ReadonlyMap<string, number> {
	const times = new Map<number, number>();
	for (const [at, node] of samples.entries()) times.set(node, (times.get(node) ?? 0) + (timeDeltas[at] ?? 0));
	const parts = new Map<string, number>();
	let total = 0;
	for (const { id, callFrame } of nodes) {
		const time = times.get(id) ?? 0;
		if (callFrame.functionName === '(idle)') continue;
		const part = callFrame.url.endsWith('entry.js') ? (partOf[callFrame.lineNumber] ?? RUNTIME) : RUNTIME;
		parts.set(part, (parts.get(part) ?? 0) + time);
		total += time;
	}
	return new Map([...parts].map(([part, time]) => [part, time / total]));
}

await main();
