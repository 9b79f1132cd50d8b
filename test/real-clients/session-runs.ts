/** Runs the sessions of the clients: some at a time; again where one ends otherwise than recorded; and what still differs alone, at the end. */
import { setTimeout as sleep } from 'node:timers/promises';

/** How many sessions run at a time. */
const CONCURRENT_SESSIONS = 4;
/** How often a session that differs is run again beside the others. */
const RETRIES = 1;
/** How often a session that still differs is run alone. */
const RETRIES_ALONE = 2;
/** Where more sessions than this differ at the end, no busy machine is the reason, and none of them is run alone. */
const MOST_ALONE = 15;

export interface SessionRunner<Job, Session> {
	/** Runs the session of a job; no two sessions with the same slot run at the same time. */
	run(job: Job, slot: number): Promise<Session>;
	/** What two sessions may not use at the same time. */
	mailbox(job: Job): string;
	/** How a session differs from what was recorded, and where it ended; null where it does not. */
	difference(job: Job, session: Session): string | null;
	/** Takes a line about a session that is run again. */
	report(line: string): void;
	title(job: Job): string;
}

/**
 * A dialog that was driven too early on a busy machine is driven again; the last session of a job stands, and every run but the first is reported.
 *
 * @returns the last session of every job
 */
export async function runSessions<Job, Session>(
	jobs: readonly Job[],
	runner: SessionRunner<Job, Session>,
): Promise<ReadonlyMap<Job, Session>> {
	const finished = new Map<Job, Session>();
	const differing: Job[] = [];
	await inParallel(jobs, runner.mailbox, async (job, slot) => {
		finished.set(job, await runner.run(job, slot));
		if (!(await runAgain(job, slot, RETRIES, 'driven again', runner, finished))) differing.push(job);
	});
	if (differing.length > MOST_ALONE) {
		runner.report(`${differing.length} sessions differ, more than ${MOST_ALONE}: none is driven alone`);
		return finished;
	}
	for (const job of differing) await runAgain(job, 0, RETRIES_ALONE, 'driven again alone', runner, finished);
	return finished;
}

/** Runs a session again until it ends as recorded; says whether it did. */
async function runAgain<Job, Session>(
	job: Job,
	slot: number,
	times: number,
	what: string,
	runner: SessionRunner<Job, Session>,
	finished: Map<Job, Session>,
): Promise<boolean> {
	for (let again = 0; ; again += 1) {
		const session = finished.get(job);
		const difference = session === undefined ? null : runner.difference(job, session);
		if (difference === null) return true;
		if (again === times) return false;
		runner.report(`${what} (${again + 1} of ${times}): ${runner.title(job)}: ${difference}`);
		finished.set(job, await runner.run(job, slot));
	}
}

/** Runs all jobs, some at a time, and never two with the same mailbox: what the logs say of it is then of one client. */
async function inParallel<Job>(
	jobs: readonly Job[],
	mailbox: (job: Job) => string,
	run: (job: Job, slot: number) => Promise<void>,
): Promise<void> {
	const waiting = [...jobs];
	const busy = new Set<string>();
	const work = async (slot: number) => {
		while (waiting.length > 0) {
			const next = waiting.findIndex((job) => !busy.has(mailbox(job)));
			const job = next < 0 ? undefined : waiting.splice(next, 1)[0];
			if (job === undefined) {
				await sleep(200);
				continue;
			}
			busy.add(mailbox(job));
			await run(job, slot);
			busy.delete(mailbox(job));
		}
	};
	await Promise.all(Array.from({ length: CONCURRENT_SESSIONS }, (_, slot) => work(slot)));
}
