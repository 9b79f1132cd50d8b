/** How much is asked, by whom: numbers over time, from wherever they are counted. */
import { USAGE_STEPS } from '../contract/limits.ts';
import type { ApiProblem } from '../contract/problems.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { STEPS, startOf, type UsageQuery, type UsageRow } from '../store/usage.ts';
import { type Handler, queryWord, time } from './ask.ts';

/** Where the numbers are read. */
export interface Usage {
	readonly source: 'analytics-engine' | 'counter';
	/** In the order of time. */
	readonly read: (query: UsageQuery) => Promise<Result<readonly UsageRow[], 'unreachable'>>;
}

/** Steps shown when nothing is said. */
const SHOWN = { hour: 24, day: 30 } as const;

export const readUsage: Handler = async ({ url, parts }) => {
	const step = queryWord(url, 'step', ['hour', 'day']);
	if (!step.ok) return step;
	const query = span(url, step.value, parts.now());
	if (!query.ok) return query;
	const rows = await parts.usage.read(query.value);
	if (!rows.ok) return err({ code: 'source-unreachable' });
	const { from, to } = query.value;
	return ok({
		body: {
			from: time(from),
			to: time(to),
			step: step.value,
			rows: rows.value.map((row) => ({ ...row, at: time(row.at) })),
			source: parts.usage.source,
		},
	});
};

/** Whole steps, the one that `to` falls into included: half an hour drawn beside whole ones would look like a slump. */
function span(url: URL, step: UsageQuery['step'], now: number): Result<UsageQuery, ApiProblem> {
	const asked = { from: queryTime(url, 'from'), to: queryTime(url, 'to') };
	if (!asked.from.ok) return asked.from;
	if (!asked.to.ok) return asked.to;
	const size = STEPS[step];
	const to = startOf(step, (asked.to.value ?? now) + size - 1);
	const from = asked.from.value === null ? to - SHOWN[step] * size : startOf(step, asked.from.value);
	if (from < to && to - from <= USAGE_STEPS * size) return ok({ from, to, step });
	return err({ code: 'invalid', errors: [{ path: 'from', reason: `must be before to, by at most ${USAGE_STEPS} steps` }] });
}

/** A day, or a time in UTC; null where there is none. */
function queryTime(url: URL, name: string): Result<number | null, ApiProblem> {
	const text = url.searchParams.get(name);
	if (text === null) return ok(null);
	const value = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z)?$/.test(text) ? Date.parse(text) : Number.NaN;
	if (value >= 0) return ok(value);
	return err({ code: 'invalid', errors: [{ path: name, reason: 'must be a time such as 2026-11-24T09:00:00Z, or a day, 2026-11-24' }] });
}
