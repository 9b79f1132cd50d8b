/** Renders the measurements as a text. */

import type { ClientPart } from '../support/client-part.ts';
import type { InIsolateCost } from './in-isolate.ts';
import type { RouteMeasurement } from './measure.ts';
import { type Baseline, cpuOverConstant } from './recorded-baseline.ts';
import type { SigningCost } from './signing-cost.ts';
import type { Spread } from './statistics.ts';
import type { WorkerBundle } from './worker-bundle.ts';

export interface BenchResult {
	readonly record: string;
	readonly machine: { readonly cpu: string; readonly node: string; readonly workerd: string; readonly cores: string };
	readonly rounds: number;
	readonly seconds: number;
	readonly routes: readonly RouteMeasurement[];
	readonly isolateCosts: readonly InIsolateCost[];
	readonly bundle: Omit<WorkerBundle, 'file'> & { readonly clientPart: ClientPart };
	readonly signing: readonly SigningCost[];
	/** Milliseconds from starting the process to its first good answer; `boundConstant`: a constant with the bindings of the Worker. */
	readonly start: Readonly<Record<'worker' | 'boundConstant' | 'constant', number>>;
}

/** @param baseline what was recorded earlier; null where nothing was */
export function renderReport(result: BenchResult, baseline: Baseline | null): string {
	const { record, machine, rounds, seconds, routes, isolateCosts, bundle, start, signing } = result;
	const rows = routes.flatMap(({ route, bodyBytes, sides }) =>
		sides.map(({ side, median, firstSecond, rateRatio, cpuRatio }, at) => [
			at === 0 ? route : '',
			at === 0 ? String(bodyBytes) : '',
			side,
			median.rate.toFixed(0),
			median.cpuMs.toFixed(0),
			at === 0 ? '' : renderSpread(rateRatio),
			at === 0 ? '' : renderSpread(cpuRatio),
			`${(median.busy * 100).toFixed(0)} %`,
			`${median.p50.toFixed(1)}/${median.p99.toFixed(1)}`,
			firstSecond.cpuMs.toFixed(0),
		]),
	);
	const heads = [
		'route',
		'bytes',
		'side',
		'req/s',
		'CPU ms/1000',
		'of constant: req/s',
		'of constant: CPU',
		'core used',
		'ms p50/p99',
		'CPU, 1st s',
	];
	// A server that waits for its core, or for the load generator, does not show its own speed.
	const disturbed = routes.some(({ sides }) => sides.some(({ median }) => median.busy < 0.9));
	const caveat = disturbed ? 'DISTURBED: a server had less than 90 % of its core. Trust the CPU, not the rates, and measure again.\n' : '';
	return `${renderTable([heads, ...rows])}${caveat}
Medians of ${rounds} rounds, each in new processes: four seconds of warming up, of which the last column has the first, then ${seconds} s a side, taken in turn second by second. Ratios are of each round: median (least to most). CPU's ratio is the constant's over ours.
Record: ${record}. ${machine.cpu}; ${machine.cores}. workerd ${machine.workerd}, load from autocannon on Node ${machine.node}.

In the isolate alone, CPU of a call, µs (medians of as many rounds of 5,000 calls):
${renderIsolateCosts(isolateCosts)}${renderBaseline(result, baseline)}
Bundle, minified: ${bundle.bytes} bytes, ${bundle.gzipBytes} with gzip; of that, what answers mail clients has ${bundle.clientPart.bytes}, ${bundle.clientPart.gzipBytes} with gzip. Its modules load in ${bundle.importMs.toFixed(1)} ms (node, median of 9).
Start, process to first answer: ${start.worker.toFixed(0)} ms, the constant's ${start.constant.toFixed(0)} ms: ${(start.worker - start.constant).toFixed(0)} ms more, of which ${(start.boundConstant - start.constant).toFixed(0)} ms for its bindings, which a constant with the same has too (medians of 9, in turn).

A signature over a profile, key parsed, leaf and two intermediates, ms: ${signing.map(({ kind, ms }) => `${kind} ${renderSpread(ms)}`).join(', ')}.
`;
}

function renderIsolateCosts(costs: readonly InIsolateCost[]): string {
	const rows = costs.map(({ route, sides, beyondDuties }) => [
		route,
		sides.constant.median.toFixed(1),
		sides.duties.median.toFixed(1),
		sides.signpost.median.toFixed(1),
		renderSpread(beyondDuties),
	]);
	return renderTable([['route', 'constant', 'and duties', 'signpost', 'beyond duties'], ...rows]);
}

function renderBaseline(result: BenchResult, baseline: Baseline | null): string {
	if (baseline === null) return 'No baseline is recorded: --save-baseline records one.\n';
	const lines = Object.entries(cpuOverConstant(result)).map(([route, ratio]) => {
		const recorded = baseline.cpuOverConstant[route];
		return recorded === undefined
			? `${route} ${ratio.toFixed(2)} (not recorded)`
			: `${route} ${ratio.toFixed(2)} (recorded ${recorded.toFixed(2)})`;
	});
	return `CPU over that of the constant with duties, beside the baseline of ${baseline.date} (${baseline.cpu}): ${lines.join(', ')}.\n`;
}

function renderSpread({ min, median, max }: Spread): string {
	return `${median.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)})`;
}

/** Columns as wide as their widest entry; the first and the third to the left, the others to the right. */
export function renderTable(rows: readonly (readonly string[])[]): string {
	const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
	const line = (row: readonly string[]) =>
		row
			.map((entry, column) => (column === 0 || column === 2 ? entry.padEnd(widths[column] ?? 0) : entry.padStart(widths[column] ?? 0)))
			.join('  ')
			.trimEnd();
	return `${rows.map(line).join('\n')}\n`;
}
