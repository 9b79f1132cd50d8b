/**
 * Follows from which logs the lines of each host's servers come. Two servers may log under one name, such as "mail": taken for one, the
 * whole log of the first would hide that the second's ends weeks ago, and the names of the first's services would stand for the second's.
 */
import { daysBetween } from '../../../lib/time.ts';
import type { LogLine } from '../forms/log-line.ts';

/** The times between which the lines of a day stand. */
interface Span {
	first: string;
	last: string;
}

/** The lines of one day in a run. */
interface RunDay {
	/** Lines that no log before had; null where there is none. */
	fresh: Span | null;
	/** Lines of which nobody has looked whether an earlier log has them, too. */
	unknown: Span | null;
	/** Whether there are lines that an earlier log has, too. */
	hasCopies: boolean;
}

/** Lines of a server one after another, without a step back in time: a file, or one of several files in one stream. */
interface Run {
	readonly days: Map<string, RunDay>;
	lastDay: string;
	lastTime: string;
	/** The record of `lastDay`. */
	current: RunDay;
}

interface ServerRuns {
	readonly host: string;
	readonly server: string;
	readonly runs: Run[];
	current: Run | null;
}

/** The pids under which a host's queue manager has logged since Postfix last read its configuration. */
interface QueueManager {
	pid: string;
	earlier: Set<string>;
	day: string;
	time: string;
	returns: number;
}

/** How far time may step back within a log: an hour at the end of summer time, and what logging daemons lag behind. */
const MAX_STEP_BACK_HOURS = 2;

/** Files that were rotated overlap by less. */
const MAX_OVERLAP_SECONDS = 3600;

/** Of two servers whose lines alternate, one queue manager returns after the other with each message. */
const MIN_RETURNS = 3;

const MAX_SERVERS = 2000;
const MAX_RUNS = 5000;
const MAX_PIDS = 100;

export interface LogRuns {
	/** Another file begins. */
	begin(): void;
	/** @param isNew whether no log before has this line; null where nobody has looked */
	line(server: string, line: LogLine, isNew: boolean | null): void;
	/** A line of Postfix's queue manager, of which a host has one at a time. */
	queueManager(line: LogLine): void;
	/** Postfix was restarted or read its configuration anew: its queue manager has another process id now. */
	restarted(host: string): void;
	/** The days on which a server of a host logged. */
	daysOf(host: string, server: string): ReadonlySet<string>;
	/**
	 * Whether lines of several servers stand under the name of this host, as far as can be seen. A line that several logs have counts for the
	 * one that is read first, so that the order may decide where logs are copies of each other in part.
	 */
	isShared(host: string): boolean;
}

export function createLogRuns(): LogRuns {
	const servers = new Map<string, Map<string, ServerRuns>>();
	const queueManagers = new Map<string, QueueManager>();
	/** Hosts with two queue managers at a time. */
	const shared = new Set<string>();
	let count = 0;
	let last: ServerRuns | null = null;

	function runsOf(host: string, server: string): ServerRuns | null {
		if (last !== null && last.host === host && last.server === server) return last;
		const known = servers.get(host)?.get(server);
		if (known === undefined && count >= MAX_SERVERS) return null;
		last = known ?? { host, server, runs: [], current: null };
		if (known === undefined) {
			count += 1;
			const ofHost = servers.get(host) ?? new Map<string, ServerRuns>();
			servers.set(host, ofHost.set(server, last));
		}
		return last;
	}

	return {
		begin() {
			for (const ofHost of servers.values()) for (const runs of ofHost.values()) runs.current = null;
			queueManagers.clear();
		},
		line(server, { host, day, time }, isNew) {
			const found = runsOf(host, server);
			if (found === null) return;
			const run = continuedRun(found, day, time);
			if (run.lastDay !== day) {
				run.current = run.days.get(day) ?? { fresh: null, unknown: null, hasCopies: false };
				run.days.set(day, run.current);
				run.lastDay = day;
			}
			run.lastTime = time;
			const { current } = run;
			if (isNew === false) current.hasCopies = true;
			else if (isNew === true) current.fresh = widened(current.fresh, time);
			else current.unknown = widened(current.unknown, time);
		},
		queueManager({ host, program, pid, day, time }) {
			const key = `${host}|${program}`;
			const known = queueManagers.get(key);
			if (known?.pid === pid || pid === '') return;
			if (known === undefined) {
				if (queueManagers.size < MAX_SERVERS) queueManagers.set(key, { pid, earlier: new Set([pid]), day, time, returns: 0 });
				return;
			}
			if (hoursBetween(day, time, known) > MAX_STEP_BACK_HOURS) known.earlier.clear();
			if (known.earlier.has(pid)) known.returns += 1;
			else if (known.earlier.size < MAX_PIDS) known.earlier.add(pid);
			Object.assign(known, { pid, day, time });
			if (known.returns >= MIN_RETURNS) shared.add(host);
		},
		restarted(host) {
			for (const [key, known] of queueManagers) if (key.startsWith(`${host}|`)) known.earlier.clear();
		},
		daysOf: (host, server) =>
			new Set(
				servers
					.get(host)
					?.get(server)
					?.runs.flatMap(({ days }) => [...days.keys()]),
			),
		isShared: (host) => shared.has(host) || [...(servers.get(host)?.values() ?? [])].some(({ runs }) => areParallel(runs)),
	};
}

/** The run that a line continues, or a new one where the time steps back. */
function continuedRun(found: ServerRuns, day: string, time: string): Run {
	const { current, runs } = found;
	const isBehind = current !== null && (day < current.lastDay || (day === current.lastDay && time < current.lastTime));
	const hasSteppedBack = isBehind && hoursBetween(day, time, { day: current.lastDay, time: current.lastTime }) > MAX_STEP_BACK_HOURS;
	if (current !== null && (!hasSteppedBack || runs.length >= MAX_RUNS)) return current;
	const first: RunDay = { fresh: null, unknown: null, hasCopies: false };
	const run = { days: new Map([[day, first]]), lastDay: day, lastTime: time, current: first };
	runs.push(run);
	found.current = run;
	return run;
}

function hoursBetween(day: string, time: string, later: { readonly day: string; readonly time: string }): number {
	return daysBetween(day, later.day) * 24 + (secondsOf(later.time) - secondsOf(time)) / 3600;
}

function secondsOf(time: string): number {
	return Number(time.slice(0, 2)) * 3600 + Number(time.slice(3, 5)) * 60 + Number(time.slice(6, 8));
}

function widened(span: Span | null, time: string): Span {
	if (span === null) return { first: time, last: time };
	if (time < span.first) span.first = time;
	if (time > span.last) span.last = time;
	return span;
}

/**
 * Whether two runs have lines of their own side by side: on two days or more, for over an hour, or those of a day all among the other's. Of
 * a server's files that were rotated one ends where the next begins, and a copy has no lines of its own.
 */
function areParallel(runs: readonly Run[]): boolean {
	if (runs.length >= MAX_RUNS) return true;
	const byDay = new Map<string, { readonly run: number; readonly span: Span }[]>();
	for (const [run, { days }] of runs.entries())
		for (const [day, lines] of days) {
			const span = ownLines(lines);
			if (span !== null) byDay.set(day, [...(byDay.get(day) ?? []), { run, span }]);
		}
	const shared = new Set<string>();
	for (const spans of byDay.values())
		for (const [at, { run, span }] of spans.entries())
			for (const other of spans.slice(at + 1)) {
				const pair = `${run} ${other.run}`;
				if (shared.has(pair) || isWithin(span, other.span) || isWithin(other.span, span)) return true;
				if (overlapSeconds(span, other.span) > MAX_OVERLAP_SECONDS) return true;
				shared.add(pair);
			}
	return false;
}

/** When the lines of a day stand that no other log has. Where nobody has looked, they are taken for such lines. */
function ownLines({ fresh, unknown, hasCopies }: RunDay): Span | null {
	return fresh ?? (hasCopies ? null : unknown);
}

function isWithin(one: Span, other: Span): boolean {
	return one.first > other.first && one.last < other.last;
}

function overlapSeconds(one: Span, other: Span): number {
	const [first, last] = [one.first > other.first ? one.first : other.first, one.last < other.last ? one.last : other.last];
	return secondsOf(last) - secondsOf(first);
}
