/**
 * The ratios of an earlier run, which this one is compared with. They are ratios within one run, so that they mean something on another
 * machine too; `npm run bench -- --save-baseline` writes them.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { BenchResult } from './report.ts';

const FILE = join(import.meta.dirname, 'recorded-baseline.json');

const Baseline = v.object({
	/** YYYY-MM-DD, in UTC. */
	date: v.string(),
	cpu: v.string(),
	/** By route: CPU in the isolate over that of the constant which looks at URL and headers. */
	cpuOverConstant: v.record(v.string(), v.number()),
});
export type Baseline = v.InferOutput<typeof Baseline>;

/** @returns null where none was recorded */
export function readBaseline(): Baseline | null {
	return existsSync(FILE) ? v.parse(Baseline, JSON.parse(readFileSync(FILE, 'utf8'))) : null;
}

/** @param date YYYY-MM-DD */
export function writeBaseline(result: BenchResult, date: string): void {
	const rounded = Object.entries(cpuOverConstant(result)).map(([route, ratio]) => [route, Math.round(ratio * 1000) / 1000]);
	const baseline: Baseline = { date, cpu: result.machine.cpu, cpuOverConstant: Object.fromEntries(rounded) };
	writeFileSync(FILE, `${JSON.stringify(baseline, null, '\t')}\n`);
}

export function cpuOverConstant({ isolateCosts }: Pick<BenchResult, 'isolateCosts'>): Readonly<Record<string, number>> {
	return Object.fromEntries(isolateCosts.map(({ route, sides }) => [route, sides.signpost.median / sides.duties.median]));
}
