/**
 * `npm run bench`: the built Worker under `workerd serve` against the same workerd answering constants of the same bytes.
 * It prints and never judges; it fails only when it cannot measure, or when an answer is wrong.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseEmailAddress } from '../../src/model/names.ts';
import { measureClientPart } from '../support/client-part.ts';
import { benchRequestsFor } from './bench-requests.ts';
import { PINNING } from './cpu-pinning.ts';
import { type InIsolateCost, measureInIsolate } from './in-isolate.ts';
import { measureRoute, measureStarts, type RouteMeasurement } from './measure.ts';
import { readBaseline, writeBaseline } from './recorded-baseline.ts';
import { type BenchResult, renderReport } from './report.ts';
import { fetchResponses } from './send-request.ts';
import { measureSigning } from './signing-cost.ts';
import { buildWorker } from './worker-bundle.ts';
import { compatibilityDate, writeBoundConstantConfig, writeConstantsConfig, writeWorkerConfig } from './workerd-configs.ts';
import { startWorkerd, type WorkerdServer } from './workerd-server.ts';

const USAGE = `Usage: npm run bench -- [--json] [--record NAME] [--rounds N] [--seconds N] [--save-baseline]

NAME is a record of test/fixtures/records: "minimal" by default.
--save-baseline keeps the ratios of this run, which later runs are compared with.
`;

const DOMAIN = 'example.com';

interface Options {
	readonly json: boolean;
	readonly record: string;
	readonly rounds: number;
	readonly seconds: number;
	readonly 'save-baseline': boolean;
}

async function main(): Promise<number> {
	const options = readOptions();
	if (typeof options === 'number') return options;
	const folder = mkdtempSync(join(tmpdir(), 'signpost-bench-'));
	const servers: WorkerdServer[] = [];
	try {
		const result = await runBench(folder, servers, options);
		process.stdout.write(options.json ? `${JSON.stringify(result, null, '\t')}\n` : renderReport(result, readBaseline()));
		if (options['save-baseline']) writeBaseline(result, new Date().toISOString().slice(0, 10));
		return 0;
	} finally {
		await Promise.all(servers.map((server) => server.stop()));
		rmSync(folder, { recursive: true });
	}
}

function readOptions(): Options | number {
	try {
		const { values } = parseArgs({
			options: {
				json: { type: 'boolean', default: false },
				record: { type: 'string', default: 'minimal' },
				rounds: { type: 'string', default: '5' },
				seconds: { type: 'string', default: '3' },
				'save-baseline': { type: 'boolean', default: false },
				help: { type: 'boolean', short: 'h' },
			},
		});
		if (values.help) {
			process.stdout.write(USAGE);
			return 0;
		}
		const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
		if ([rounds, seconds].every((number) => Number.isInteger(number) && number > 0)) return { ...values, rounds, seconds };
		process.stderr.write(`--rounds and --seconds must be whole numbers.\n\n${USAGE}`);
	} catch (error) {
		process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
	}
	return 2;
}

async function runBench(folder: string, servers: WorkerdServer[], { record, rounds, seconds }: Options): Promise<BenchResult> {
	const address = parseEmailAddress(`alice@${DOMAIN}`);
	if (address === null) throw new Error('the address is none');
	const routes = benchRequestsFor(address);
	const { file: _, ...bundle } = buildWorker(folder, 'minified');
	const recordText = readFileSync(join(import.meta.dirname, `../fixtures/records/${record}.json`), 'utf8');
	const started = async (name: string, config: string, sockets: readonly string[]) => {
		const server = await startWorkerd(config, sockets, join(folder, `${name}.log`));
		servers.push(server);
		return server;
	};
	const oursConfig = writeWorkerConfig(folder, recordText, DOMAIN, null);
	const ours = await started('ours', oursConfig, ['main']);
	const answers = await fetchResponses(portOf(ours, 'main'), routes);
	const constants = writeConstantsConfig(folder, answers);
	const baseline = writeConstantsConfig(folder, answers, 'baseline');
	const measured: RouteMeasurement[] = [];
	for (const route of routes) {
		const wanted = answers.get(route.id);
		if (wanted === undefined) throw new Error(`no answer for ${route.id}`);
		const sides = [
			{ name: 'constant', config: constants, socket: route.id },
			{ name: 'constant and duties', config: baseline, socket: route.id },
			{ name: 'signpost', config: oursConfig, socket: 'main' },
		] as const;
		measured.push(await measureRoute(route, sides, wanted, { rounds, seconds }, join(folder, 'rounds.log')));
	}
	const inIsolate = await started('in-isolate', writeWorkerConfig(folder, recordText, DOMAIN, 'in-isolate'), ['main']);
	const isolateCosts: InIsolateCost[] = [];
	for (const route of routes) {
		const wanted = answers.get(route.id);
		if (wanted !== undefined) isolateCosts.push(await measureInIsolate(inIsolate, portOf(inIsolate, 'main'), route, wanted, rounds));
	}
	const [first] = routes;
	if (first === undefined) throw new Error('no routes');
	const log = join(folder, 'start.log');
	const start = await measureStarts(
		{
			worker: { config: oursConfig, socket: 'main' },
			boundConstant: { config: writeBoundConstantConfig(folder), socket: 'main' },
			constant: { config: constants, socket: first.id },
		},
		first,
		log,
	);
	const profile = answers.get('mobileconfig')?.body ?? '';
	const signing = await measureSigning(folder, compatibilityDate, profile, rounds, servers);
	return {
		record,
		machine: machine(),
		rounds,
		seconds,
		routes: measured,
		isolateCosts,
		bundle: { ...bundle, clientPart: await measureClientPart() },
		start,
		signing,
	};
}

function portOf(server: WorkerdServer, socket: string): number {
	const port = server.ports.get(socket);
	if (port === undefined) throw new Error(`no socket ${socket}`);
	return port;
}

function machine(): BenchResult['machine'] {
	const { version } = JSON.parse(readFileSync('node_modules/workerd/package.json', 'utf8')) as { readonly version: string };
	return { cpu: cpus()[0]?.model ?? 'unknown CPU', node: process.versions.node, workerd: version, cores: PINNING };
}

process.exitCode = await main();
