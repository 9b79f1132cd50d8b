/** `signpost usage --plan` and `--share FILE` as they are called: on a log in which 587 is in use, and on one in which it is not. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays } from '../../../src/lib/time.ts';
import { runSignpost } from '../../support/run-signpost.ts';
import { rfc3339Timestamp, sampleLog } from './sample-logs.ts';

const TODAY = new Date().toISOString().slice(0, 10);
const UNTIL = addDays(TODAY, 60);

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'signpost-plan-'));
	const write = (name: string, over587: (ago: number) => number) =>
		writeFile(
			join(folder, name),
			sampleLog(60, (_, ago) => over587(ago), rfc3339Timestamp, TODAY),
		);
	await write('used.log', () => 40);
	await write('quiet.log', (ago) => (ago >= 40 ? 40 : 0));
});
afterAll(() => rm(folder, { recursive: true }));

const run = (...args: string[]) => runSignpost(['usage', ...args], folder, {});

describe('--plan', () => {
	it('587 is in use: who is left, what to tell them, and that it is not safe yet', async () => {
		const { code, out, err } = await run('used.log', '--plan', '--until', UNTIL);
		expect([code, err]).toEqual([1, '']);
		for (const text of [
			'No: 587 was last used on',
			'People (phones, tablets',
			'user0@example.org',
			'Subject: One setting in your mail program',
			'The log does not say that it is safe',
			UNTIL,
			addDays(UNTIL, 30),
			`587’s service was last knocked at on ${TODAY}`,
		])
			expect(out).toContain(text);
	});

	it('587 is not in use: it is safe, and nobody knocks', async () => {
		const { code, out, err } = await run('quiet.log', '--plan', '--until', UNTIL);
		expect([code, err]).toEqual([0, '']);
		expect(out).toContain('safe to end it');
		expect(out).toContain(`Nobody knocks any more: the last line of 587’s service is of ${addDays(TODAY, -40)}`);
		expect(out).not.toContain('does not say that it is safe');
	});

	it('for programs: with --json', async () => {
		const { code, out } = await run('used.log', '--plan', '--until', UNTIL, '--json', '--anonymous');
		const { plan } = JSON.parse(out);
		expect([code, plan.dates.until, plan.letters.length > 0]).toEqual([1, UNTIL, true]);
		expect(out).not.toContain('example.org');
	});
});

describe('--share', () => {
	it.each([
		['used.log', 1],
		['quiet.log', 0],
	])('%s: shares per week, and no name, address or host', async (log, code) => {
		const answer = await run(log, '--share', 'shares.json');
		expect(answer).toMatchObject({ code, err: 'wrote shares.json: shares per week, and nothing else\n' });
		const text = await readFile(join(folder, 'shares.json'), 'utf8');
		const { format, weeks } = JSON.parse(text);
		expect([format, weeks.length > 0]).toEqual(['signpost-usage-shares/1', true]);
		expect(text).not.toMatch(/example|192\.|mx|user/);
	});

	it('where there is no folder: 2, and the answer all the same', async () => {
		const { code, out, err } = await run('used.log', '--share', 'nowhere/shares.json');
		expect([code, err]).toEqual([2, expect.stringContaining('there is no file or folder nowhere/shares.json')]);
		expect(out).toContain('No: 587 was last used');
	});
});
