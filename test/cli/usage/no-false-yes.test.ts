/**
 * "587 can go" is never said while 587 is in use, whatever becomes of names, logs and lines. FALSE_YES_RUNS says how many mixtures are tried:
 * 10,000 in CI. They are the same each time, so that a failure comes again; FALSE_YES_SEED=N tries others.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { judgeUsage } from '../../../src/cli/usage/evidence/usage-verdict.ts';
import { labelledLogs } from './random-mixtures.ts';
import { countLogs, TODAY } from './sample-logs.ts';

const RUNS = Number(process.env.FALSE_YES_RUNS ?? '300');
const SEED = Number(process.env.FALSE_YES_SEED ?? '587465');
// Some 200 accounts are too few for a share of 2 % to be measured: five of them may be wrong by chance.
const LEAST_SHARE = RUNS < 3000 ? 0.95 : 0.98;

it(`in ${RUNS} random mixtures of hosts, days, names lost and found, gaps and filters`, { timeout: 1_200_000 }, async () => {
	const answers: Record<string, number> = {};
	const holdouts = { right: 0, wrong: 0, missed: 0 };
	await fc.assert(
		fc.asyncProperty(labelledLogs, async ({ made, files, inUse, accounts }) => {
			const counts = await countLogs(files.map((file) => [file]));
			const log = files.join('');
			const { answer } = judgeUsage(counts, 30, TODAY);
			answers[`${answer}, ${inUse ? 'in use' : 'not in use'}`] = (answers[`${answer}, ${inUse ? 'in use' : 'not in use'}`] ?? 0) + 1;
			const found = new Set(counts.accounts.map(({ name }) => name).filter((name) => name.startsWith('user@')));
			for (const name of found) holdouts[accounts.has(name) || log.includes(name) ? 'right' : 'wrong'] += 1;
			for (const name of counts.accounts.map(({ name: each }) => each)) if (!name.startsWith('user@')) holdouts.wrong += 1;
			for (const name of accounts) if (!found.has(name) && counts.submission.unknown === 0) holdouts.missed += 1;
			expect([inUse, answer], made).not.toEqual([true, 'yes']);
		}),
		{ numRuns: RUNS, seed: SEED },
	);
	// The generator makes both, and the answer is not "cannot tell" for all of them.
	expect(answers['yes, not in use'] ?? 0, JSON.stringify(answers)).toBeGreaterThan(RUNS / 50);
	expect(answers['no, in use'] ?? 0, JSON.stringify(answers)).toBeGreaterThan(RUNS / 20);
	const { right, wrong, missed } = holdouts;
	expect(right / (right + wrong), JSON.stringify(holdouts)).toBeGreaterThanOrEqual(LEAST_SHARE);
	expect(right / (right + missed), JSON.stringify(holdouts)).toBeGreaterThanOrEqual(LEAST_SHARE);
	process.stdout.write(`${JSON.stringify({ answers, holdouts })}\n`);
});
