/** Usage numbers over time: requests by protocol, client family and outcome, from Analytics Engine or the embedded counter. */

import type { ApiProblem } from '../../contract/api-problems.ts';
import { MAX_USAGE_STEPS } from '../../contract/limits.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { isoTime } from '../../lib/time.ts';
import { STEP_MS, startOfStep, type UsageQuery } from '../../store/ports/usage-store.ts';
import type { Handler } from '../handler.ts';
import { parseQueryEnum } from '../request-input.ts';

/** The default number of steps. */
const DEFAULT_STEPS = { hour: 24, day: 30 } as const;

export const readUsage: Handler = async ({ url, dependencies }) => {
	const step = parseQueryEnum(url, 'step', ['hour', 'day']);
	if (!step.ok) return step;
	const query = parseUsageQuery(url, step.value, dependencies.now());
	if (!query.ok) return query;
	const rows = await dependencies.usage.read(query.value);
	if (!rows.ok) return err({ code: 'source-unreachable' });
	const { from, to } = query.value;
	return ok({
		body: {
			from: isoTime(from),
			to: isoTime(to),
			step: step.value,
			rows: rows.value.map((row) => ({ ...row, at: isoTime(row.at) })),
			source: dependencies.usage.source,
		},
	});
};

/** The range in whole steps, with the step that `to` falls into: a partial step in a chart would look like a decline. */
function parseUsageQuery(url: URL, step: UsageQuery['step'], now: number): Result<UsageQuery, ApiProblem> {
	const asked = { from: parseQueryTime(url, 'from'), to: parseQueryTime(url, 'to') };
	if (!asked.from.ok) return asked.from;
	if (!asked.to.ok) return asked.to;
	const size = STEP_MS[step];
	const to = startOfStep(step, (asked.to.value ?? now) + size - 1);
	const from = asked.from.value === null ? to - DEFAULT_STEPS[step] * size : startOfStep(step, asked.from.value);
	if (from < to && to - from <= MAX_USAGE_STEPS * size) return ok({ from, to, step });
	return err({ code: 'invalid', errors: [{ path: 'from', reason: `must be before to, by at most ${MAX_USAGE_STEPS} steps` }] });
}

/** Parses a day, or a time in UTC; null where the text is neither. */
function parseQueryTime(url: URL, name: string): Result<number | null, ApiProblem> {
	const text = url.searchParams.get(name);
	if (text === null) return ok(null);
	const value = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z)?$/.test(text) ? Date.parse(text) : Number.NaN;
	if (value >= 0) return ok(value);
	return err({ code: 'invalid', errors: [{ path: name, reason: 'must be a time such as 2026-11-24T09:00:00Z, or a day, 2026-11-24' }] });
}
