/**
 * `npm run bench:scale`: what a look-up costs the Worker when the store has one domain, a thousand, or a million, and how much memory an
 * isolate takes that has been asked for a million names. It prints and never judges; it fails only when it cannot measure, or when an answer
 * is wrong.
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseRecordText } from '../../src/model/record.ts';
import { renderStored } from '../../src/model/stored-record.ts';
import { type KvDatabase, startKvDatabase } from './kv-database.ts';
import { renderTable } from './report.ts';
import { type Spread, spread } from './statistics.ts';
import { buildWorker } from './worker-bundle.ts';
import { writeScaleConfig } from './workerd-configs.ts';
import { startWorkerd, type WorkerdServer } from './workerd-server.ts';

const USAGE = `Usage: npm run bench:scale -- [--domains N] [--rounds N]

N domains are in the largest store: 1000000 by default. It takes about ten minutes.
`;

/** Domains that one round asks for. */
const DOMAINS_PER_ROUND = 500;
/** How often a round asks for each of its domains when the isolate knows them. */
const TIMES_WARM = 10;
/** Names in one call to the isolate. */
const NAMES_PER_CALL = 1000;

const domainOf = (at: number) => `d${at}.example`;

interface Store {
	readonly size: number;
	readonly kv: KvDatabase;
	readonly server: WorkerdServer;
}

interface Costs {
	/** Microseconds of CPU for a look-up of a domain that the isolate knows. */
	readonly warm: number[];
	/** Microseconds of CPU for a look-up of a domain that the isolate has not been asked for. */
	readonly cold: number[];
}

async function main(): Promise<number> {
	const { values } = parseArgs({
		options: {
			domains: { type: 'string', default: '1000000' },
			rounds: { type: 'string', default: '7' },
			help: { type: 'boolean', short: 'h' },
		},
	});
	const [domains, rounds] = [Number(values.domains), Number(values.rounds)];
	const isNumber = [domains, rounds].every((number) => Number.isInteger(number) && number > 0);
	if (values.help || !isNumber || domains < DOMAINS_PER_ROUND * (rounds + 1)) {
		(values.help ? process.stdout : process.stderr).write(USAGE);
		return values.help ? 0 : 2;
	}
	const folder = mkdtempSync(join(tmpdir(), 'signpost-scale-'));
	const stores: Store[] = [];
	try {
		buildWorker(folder, 'minified');
		// The smallest store has as many domains as all rounds ask for once.
		for (const size of [DOMAINS_PER_ROUND * (rounds + 1), domains]) stores.push(await openStore(folder, size));
		process.stdout.write(renderCosts(stores, await measureLookUps(stores, rounds)));
		const largest = stores.at(-1);
		if (largest !== undefined) process.stdout.write(await measureMemory(largest));
		return 0;
	} finally {
		for (const { server, kv } of stores) {
			await server.stop();
			await kv.close();
		}
		rmSync(folder, { recursive: true });
	}
}

async function openStore(folder: string, size: number): Promise<Store> {
	const parsed = parseRecordText(readFileSync(join(import.meta.dirname, '../fixtures/records/minimal.json'), 'utf8'));
	if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
	const file = join(folder, `${size}.sqlite`);
	const kv = await startKvDatabase(file, size, (at) => `record:${domainOf(at)}`, renderStored(parsed.value, 1, []));
	process.stdout.write(`${size} domains: a database of ${Math.round(statSync(file).size / 2 ** 20)} MiB\n`);
	const server = await startWorkerd(writeScaleConfig(folder, String(size), kv.port), ['main'], join(folder, `${size}.log`));
	return { size, kv, server };
}

/** Rounds of all stores in turn, so that whatever else the machine does falls on each of them. */
async function measureLookUps(stores: readonly Store[], rounds: number): Promise<readonly Costs[]> {
	const costs = stores.map((): Costs => ({ warm: [], cold: [] }));
	// The first round compiles the code, and is not counted.
	for (let round = 0; round <= rounds; round += 1)
		for (const [at, store] of stores.entries()) {
			// Spread over the whole store.
			const step = Math.floor(store.size / (DOMAINS_PER_ROUND * (rounds + 1)));
			const names = Array.from({ length: DOMAINS_PER_ROUND }, (_, name) => domainOf((round * DOMAINS_PER_ROUND + name) * step));
			const before = store.kv.keysRead();
			const cold = await askFor(store, names, 1, 200);
			const keys = store.kv.keysRead() - before;
			// One more key in a minute says whether the store is whole.
			if (keys < names.length || keys > names.length + 10) throw new Error(`${keys} keys were read for ${names.length} domains`);
			const warm = await askFor(store, names, TIMES_WARM, 200);
			if (round > 0) {
				costs[at]?.cold.push(cold);
				costs[at]?.warm.push(warm);
			}
		}
	return costs;
}

/** @returns microseconds of the server's CPU for each name */
async function askFor({ server }: Store, domains: readonly string[], times: number, status: number): Promise<number> {
	const before = server.cpu();
	const port = server.ports.get('main');
	const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: JSON.stringify({ domains, times }) });
	const text = await response.text();
	const asked = domains.length * times;
	if (text !== JSON.stringify({ [status]: asked })) throw new Error(`asked for ${asked} domains: ${response.status} ${text.slice(0, 500)}`);
	return ((server.cpu() - before) / asked) * 1_000_000;
}

function renderCosts(stores: readonly Store[], costs: readonly Costs[]): string {
	const [base] = costs;
	const rows = stores.map(({ size }, at) => {
		const own = costs[at];
		if (base === undefined || own === undefined) throw new Error('no costs');
		return [
			String(size),
			...(['warm', 'cold'] as const).flatMap((kind) => [render(spread(own[kind])), render(ratios(own[kind], base[kind]))]),
		];
	});
	const head = ['domains', 'known, µs', 'of the smallest', 'not known, µs', 'of the smallest'];
	return `\nCPU of a look-up in the isolate; medians of ${base?.warm.length} rounds (least to most). ${cpus()[0]?.model ?? 'unknown CPU'}\n${renderTable([head, ...rows])}`;
}

function ratios(own: readonly number[], base: readonly number[]): Spread {
	return spread(own.map((cost, round) => cost / (base[round] ?? cost)));
}

function render({ min, median, max }: Spread): string {
	return `${median.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)})`;
}

/** Asks one isolate for every domain of the store and as many made-up names, and looks at the memory of its process as it goes. */
async function measureMemory(store: Store): Promise<string> {
	const lines = [`\nMemory of the isolate's process (resident) after so many different names, half of them not recorded:\n`];
	const marks = [0, 0.1, 0.2, 0.5, 1].map((part) => Math.round(store.size * part));
	let asked = 0;
	for (const mark of marks) {
		while (asked < mark) {
			const names = Array.from({ length: Math.min(NAMES_PER_CALL, mark - asked) / 2 }, (_, at) => asked / 2 + at);
			await askFor(store, names.map(domainOf), 1, 200);
			await askFor(
				store,
				names.map((at) => `unknown-${at}.example`),
				1,
				404,
			);
			asked += names.length * 2;
		}
		lines.push(`  ${String(asked).padStart(8)}: ${Math.round(store.server.memory() / 2 ** 20)} MiB\n`);
	}
	return lines.join('');
}

process.exitCode = await main();
