/**
 * What the keeper of custom hostnames asks of Cloudflare: creates those that are wanted, looks after those that exist, and removes those
 * whose time has come. A few requests each time; what breaks off is gone on with, after a crash too.
 */
import type { CustomHostnamesApi, HostnameFailure, HostnameQuota } from '../../../hostnames/custom-hostnames-api.ts';
import { type KnownHostname, meaningOf } from '../../../hostnames/hostname-states.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../lib/time.ts';
import type { HostnameRow, HostnameTables } from './hostname-tables.ts';

/** Requests to Cloudflare in one go: a Worker on the free plan may make fifty, and the records cost some of them. */
const MAX_REQUESTS = 10;
/** Of these, how many creations may use, so that hostnames that exist are looked after during an import too. */
const MAX_CREATION_REQUESTS = 6;
/** Between two goes. Cloudflare takes 1200 requests in five minutes from all programs of a user. */
const SPACING_MS = 5 * SECOND_MS;
/** From one look at a hostname that waits to the next: doubled each time, up to the longest. */
const FIRST_LOOK_MS = MINUTE_MS;
const LONGEST_LOOK_MS = HOUR_MS;
/** From one look at a hostname that is ready to the next. Its certificate may fail to be renewed. */
const READY_LOOK_MS = DAY_MS;
/** Until a hostname that Cloudflare has refused is tried again: doubled each time, up to a day. */
const FIRST_REFUSED_MS = HOUR_MS;
/** Until creations are tried again where there is no room. */
const NO_ROOM_MS = HOUR_MS;
/** Cloudflare bars a user who has sent too much for five minutes. */
const TOO_MANY_MS = 5 * MINUTE_MS;

export interface HostnameRequestsDependencies {
	readonly api: CustomHostnamesApi;
	readonly tables: HostnameTables;
	readonly now: () => number;
	/** Hostnames that there may be in the zone, those of others included. */
	readonly limit: number;
	/** Reads again what the record of a domain asks for: a hostname is removed only after that. False where it could not be read. */
	readonly lookAt: (domain: string) => Promise<boolean>;
	readonly logFailure: (reason: string) => void;
}

/** Sends the requests that are due. */
export async function sendHostnameRequests(dependencies: HostnameRequestsDependencies): Promise<void> {
	const { tables, now } = dependencies;
	if (tables.progress().quietUntil > now()) return;
	const run = createRun(dependencies);
	await createHostnames(run);
	for (const row of tables.nextToAskAbout(now(), MAX_REQUESTS)) {
		if (!run.mayAsk(MAX_REQUESTS)) break;
		await (row.leavesAt !== null && row.leavesAt <= now() ? removeHostname(run, row) : lookAtHostname(run, row));
	}
	if (run.requests() > 0) tables.setProgress({ quietUntil: Math.max(tables.progress().quietUntil, now() + SPACING_MS) });
}

interface Run extends HostnameRequestsDependencies {
	readonly requests: () => number;
	/** Whether another request may be sent. */
	readonly mayAsk: (limit: number) => boolean;
	/** Takes note of a failure. */
	readonly fail: (failure: HostnameFailure, row: HostnameRow | null) => void;
	/** Takes note of what Cloudflare says about a hostname. */
	readonly keep: (row: HostnameRow, known: KnownHostname) => HostnameRow;
	readonly update: (row: HostnameRow, changed: Partial<HostnameRow>) => HostnameRow;
}

/** Counts the requests of one go, and ends it where Cloudflare is not to be asked any more. */
function createRun(dependencies: HostnameRequestsDependencies): Run {
	const { api, tables, now } = dependencies;
	let requests = 0;
	let isOver = false;

	function counted<Arguments extends readonly unknown[], T>(
		call: (...values: Arguments) => Promise<T>,
	): (...values: Arguments) => Promise<T> {
		return (...values) => {
			requests += 1;
			return call(...values);
		};
	}

	function update(row: HostnameRow, changed: Partial<HostnameRow>): HostnameRow {
		// Somebody may have asked for a check during the request.
		const current = tables.find(row.hostname) ?? row;
		const updated = { ...current, ...changed };
		tables.put(updated);
		return updated;
	}

	function pause(milliseconds: number, failure: string): void {
		isOver = true;
		tables.setProgress({ quietUntil: now() + milliseconds, failure });
		dependencies.logFailure(failure);
	}

	function fail(failure: HostnameFailure, row: HostnameRow | null): void {
		const { kind, retryAfterSeconds } = failure;
		const failures = tables.progress().failures;
		switch (kind) {
			case 'later':
				pause(Math.min(retryAfterSeconds === null ? TOO_MANY_MS : retryAfterSeconds * SECOND_MS, DAY_MS), describe(failure));
				break;
			case 'unreachable':
				tables.setProgress({ failures: failures + 1 });
				pause(Math.max((retryAfterSeconds ?? 0) * SECOND_MS, growing(FIRST_LOOK_MS, failures, LONGEST_LOOK_MS)), describe(failure));
				break;
			case 'denied':
				pause(LONGEST_LOOK_MS, describe(failure));
				break;
			case 'quota':
				tables.setProgress({ creationsFrom: now() + NO_ROOM_MS, creationFailure: describe(failure) });
				tables.markOverLimit();
				break;
			case 'unreadable':
			case 'refused':
			case 'duplicate':
			case 'not-found':
				if (row === null) pause(LONGEST_LOOK_MS, describe(failure));
				else
					update(row, {
						phase: row.leavesAt === null ? 'refused' : 'leaving',
						failure: describe(failure),
						attempts: row.attempts + 1,
						nextLookAt: now() + growing(FIRST_REFUSED_MS, row.attempts, DAY_MS),
					});
		}
	}

	function keep(row: HostnameRow, known: KnownHostname): HostnameRow {
		const { id, status, certificateStatus, errors, validationRecords } = known;
		const meaning = meaningOf(known);
		const attempts = meaning === 'ready' ? 0 : row.attempts + 1;
		const calm = meaning === 'ready' || meaning === 'refused';
		const nextLookAt = now() + (calm ? READY_LOOK_MS : growing(FIRST_LOOK_MS, row.attempts, LONGEST_LOOK_MS));
		tables.setProgress({ failures: 0, failure: null });
		return update(row, {
			id,
			status,
			certificateStatus,
			errors,
			validationRecords,
			isCreating: false,
			failure: null,
			attempts,
			...(row.leavesAt === null ? { phase: meaning ?? 'unknown', nextLookAt } : { phase: 'leaving', nextLookAt: row.leavesAt }),
		});
	}

	return {
		...dependencies,
		api: {
			listPage: counted(api.listPage),
			find: counted(api.find),
			read: counted(api.read),
			readQuota: counted(api.readQuota),
			create: counted(api.create),
			recheck: counted(api.recheck),
			remove: counted(api.remove),
		},
		requests: () => requests,
		mayAsk: (limit) => !isOver && requests < limit,
		fail,
		keep,
		update,
	};
}

function describe({ message, hint }: HostnameFailure): string {
	return hint === undefined ? message : `${message} ${hint}`;
}

function growing(first: number, attempts: number, longest: number): number {
	return Math.min(first * 2 ** Math.min(attempts, 20), longest);
}

/** Creates hostnames as long as there is room. The number of those that exist is read before, because others use the zone too. */
async function createHostnames(run: Run): Promise<void> {
	const { tables, api, now, limit } = run;
	if (tables.progress().creationsFrom > now() || tables.nextToCreate(now(), false, 1).length === 0) return;
	const quota = await api.readQuota();
	if (!quota.ok) return run.fail(quota.error, null);
	let used = quota.value.used;
	tables.setProgress({ failures: 0, failure: null, ...usageOf(quota.value) });
	while (run.mayAsk(MAX_CREATION_REQUESTS) && tables.progress().creationsFrom <= now()) {
		const hasRoom = used < Math.min(limit, quota.value.hardCap);
		const row = tables.nextToCreate(now(), !hasRoom, 1)[0];
		if (row === undefined) {
			if (hasRoom) return;
			tables.markOverLimit();
			return tables.setProgress({ creationsFrom: now() + NO_ROOM_MS, creationFailure: null });
		}
		if (!hasRoom) await adopt(run, row);
		else {
			used += 1;
			// Kept before the request is sent: where its answer is lost, the hostname is looked up before anything else is done about it.
			if (!(await createHostname(run, run.update(row, { isCreating: true, phase: 'queued' })))) used -= 1;
			tables.setProgress({ used });
		}
	}
}

function usageOf({ used, allocated, hardCap }: HostnameQuota) {
	return { used, included: allocated, hardCap } as const;
}

/** @returns whether the hostname counts now, or may */
async function createHostname(run: Run, row: HostnameRow): Promise<boolean> {
	const created = await run.api.create(row.hostname);
	if (created.ok) {
		run.tables.setProgress({ creationFailure: null });
		run.keep(row, created.value);
		return true;
	}
	switch (created.error.kind) {
		case 'unreachable':
			run.fail(created.error, null);
			return true;
		case 'unreadable':
			run.update(row, { failure: describe(created.error), nextLookAt: run.now() + FIRST_LOOK_MS });
			return true;
		case 'duplicate':
			await adopt(run, run.update(row, { isCreating: false }));
			return false;
		case 'later':
		case 'denied':
		case 'refused':
		case 'quota':
		case 'not-found':
			run.fail(created.error, run.update(row, { isCreating: false }));
			return false;
	}
}

/** Looks up a hostname of which no id is known, and takes it as it is where it exists. */
async function adopt(run: Run, row: HostnameRow): Promise<HostnameRow | null> {
	const found = await run.api.find(row.hostname);
	if (!found.ok) {
		run.fail(found.error, row);
		return null;
	}
	if (found.value !== null) return run.keep(row, found.value);
	if (row.leavesAt !== null) run.tables.forget(row.hostname);
	else if (row.isCreating) run.update(row, { isCreating: false, phase: 'queued', nextLookAt: run.now() });
	else if (row.isSought)
		run.fail({ kind: 'refused', message: 'Cloudflare has this hostname in another zone', retryAfterSeconds: null }, row);
	else run.update(row, { isSought: true });
	return null;
}

async function lookAtHostname(run: Run, row: HostnameRow): Promise<void> {
	if (row.id === null) return void (await adopt(run, row));
	if (row.leavesAt !== null) return void run.update(row, { nextLookAt: row.leavesAt });
	const read = await run.api.read(row.id);
	if (!read.ok) return failAbout(run, row, read.error);
	const kept = run.keep(row, read.value);
	const isAsked = row.toRecheck && kept.phase !== 'ready' && kept.phase !== 'going' && kept.phase !== 'unknown';
	if (row.toRecheck) run.update(kept, { toRecheck: false });
	if ((kept.phase !== 'stuck' && !isAsked) || !run.mayAsk(MAX_REQUESTS + 1)) return;
	const rechecked = await run.api.recheck(row.id);
	if (!rechecked.ok) return failAbout(run, kept, rechecked.error);
	run.keep(kept, rechecked.value);
}

/** A hostname that somebody has removed at Cloudflare is created again as long as a record asks for it. */
function failAbout(run: Run, row: HostnameRow, failure: HostnameFailure): void {
	if (failure.kind !== 'not-found') run.fail(failure, row);
	else run.update(row, { id: null, isSought: false, phase: 'queued', status: null, certificateStatus: null, nextLookAt: run.now() });
}

async function removeHostname(run: Run, row: HostnameRow): Promise<void> {
	if (!(await run.lookAt(row.domain))) return void run.update(row, { nextLookAt: run.now() + FIRST_REFUSED_MS });
	const current = run.tables.find(row.hostname);
	// The record is there again, or asks for it again.
	if (current === null || current.leavesAt === null || current.leavesAt > run.now()) return;
	const known = current.id === null ? await adopt(run, current) : current;
	if (known === null || known.id === null || !run.mayAsk(MAX_REQUESTS + 1)) return;
	const removed = await run.api.remove(known.id);
	if (!removed.ok && removed.error.kind !== 'not-found' && removed.error.kind !== 'unreadable') return run.fail(removed.error, known);
	run.tables.forget(row.hostname);
	// A place is free.
	run.tables.setProgress({ failures: 0, failure: null, creationsFrom: 0 });
}
