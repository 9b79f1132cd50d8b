/** What becomes of a session that ends otherwise than recorded. The sessions here are numbers: which run of its job each is. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { runSessions } from './session-runs.ts';

interface Job {
	readonly name: string;
	readonly mailbox: string;
	/** The run that ends as recorded, counted from 1. */
	readonly succeedsAt: number;
}

function job(name: string, succeedsAt: number, mailbox = name): Job {
	return { name, mailbox, succeedsAt };
}

/** Runs the jobs, and says which runs each took, what was reported, and which jobs ran at the same time as another. */
async function play(jobs: readonly Job[]) {
	const runs = new Map<Job, number>();
	const reports: string[] = [];
	const running = new Set<Job>();
	const beside: string[] = [];
	const sessions = await runSessions(jobs, {
		async run(each) {
			const number = (runs.get(each) ?? 0) + 1;
			runs.set(each, number);
			for (const other of running) beside.push(`${each.name} ${number} beside ${other.name} (${other.mailbox === each.mailbox})`);
			running.add(each);
			await sleep(1);
			running.delete(each);
			return number;
		},
		mailbox: (each) => each.mailbox,
		difference: (each, session) => (session >= each.succeedsAt ? null : `run ${session} differs`),
		report: (line) => reports.push(line),
		title: (each) => each.name,
	});
	return { sessions: Object.fromEntries([...sessions].map(([each, session]) => [each.name, session])), reports, beside };
}

describe('runSessions', () => {
	it('runs a session once that ends as recorded', async () => {
		expect(await play([job('a', 1), job('b', 1)])).toMatchObject({ sessions: { a: 1, b: 1 }, reports: [] });
	});

	it('runs again what differs, first beside the others and then alone, and reports each run', async () => {
		const { sessions, reports, beside } = await play([job('a', 1), job('b', 3), job('c', 4)]);
		expect(sessions).toEqual({ a: 1, b: 3, c: 4 });
		expect(reports.filter((line) => line.includes('alone'))).toEqual([
			'driven again alone (1 of 2): b: run 2 differs',
			'driven again alone (1 of 2): c: run 2 differs',
			'driven again alone (2 of 2): c: run 3 differs',
		]);
		expect(beside.filter((line) => /^\w [34] /.test(line))).toEqual([]);
	});

	it('keeps the last session of a job that never ends as recorded', async () => {
		expect((await play([job('a', 99)])).sessions).toEqual({ a: 4 });
	});

	it('runs nothing alone where so many differ that the machine cannot be the reason', async () => {
		const { sessions, reports } = await play(Array.from({ length: 16 }, (_, index) => job(`job${index}`, 99)));
		expect(Object.values(sessions)).toEqual(Array.from({ length: 16 }, () => 2));
		expect(reports.at(-1)).toBe('16 sessions differ, more than 15: none is driven alone');
	});

	it('never runs two sessions with one mailbox at the same time', async () => {
		const { beside } = await play(Array.from({ length: 12 }, (_, index) => job(`job${index}`, 1, `mailbox${index % 2}`)));
		expect(beside.filter((line) => line.endsWith('(true)'))).toEqual([]);
	});
});
