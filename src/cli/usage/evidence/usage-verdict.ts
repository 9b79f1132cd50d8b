/** Judges from the counts whether 587 can be ended, and says why. */

import { daysBetween } from '../../../lib/time.ts';
import { coveredDays, type DoubtReason, type HostDay, type HostEvidence, type LogCounts, sumCounts } from './log-counts.ts';
import { notLookedAt } from './not-looked-at.ts';

/** The mark of a proof. It stays in this file: nobody else can write an object that has it, and proveQuiet() is the only function here that does. */
const PROOF: unique symbol = Symbol('proof');

/** Proofs as they were made: a copy with other days in it is none. */
const proofs = new WeakSet<object>();

/** Nobody has used STARTTLS for long enough, on any host, and nothing that could have been a submission is left that is not understood. */
export interface ProvedQuiet {
	readonly [PROOF]: true;
	readonly answer: 'yes';
	/** Days that prove it. */
	readonly quiet: number;
	/** YYYY-MM-DD; null where 587 was never used. */
	readonly lastUsed: string | null;
	/** Days in between that prove nothing. */
	readonly missing: number;
	/** What the answer does not cover, in sentences. */
	readonly notLookedAt: readonly [string, ...string[]];
}

/** Whether a verdict is a "yes" that was proved, and no object that looks like one. */
export function isProvedQuiet(verdict: UsageVerdict): verdict is ProvedQuiet {
	return proofs.has(verdict);
}

export type UsageVerdict =
	| ProvedQuiet
	/** Nobody has used it lately, but not for long enough yet. */
	| { readonly answer: 'soon'; readonly quiet: number; readonly lastUsed: string | null; readonly missing: number; readonly needed: number }
	/** It is still in use; `share` is its share of the last week's submissions. */
	| { readonly answer: 'no'; readonly lastUsed: string; readonly share: number }
	/** There may be submissions over 587, and the log does not say. `unknown` are submissions that do not tell their port. */
	| {
			readonly answer: 'cannot-tell';
			readonly unknown: number;
			readonly last: string;
			readonly reason: DoubtReason;
			/** The host that is in doubt; empty where its log does not name it. */
			readonly host: string;
			/** The latest lines that are in doubt, at most three. */
			readonly lines: readonly string[];
			/** The setting that would make the log tell; null where there is none. */
			readonly setting: string | null;
	  }
	/** The log ends too long ago to say anything of today. */
	| { readonly answer: 'stale'; readonly last: string; readonly ago: number }
	/** The log of one host, or of one of its servers, ends too long ago, while others go on. */
	| {
			readonly answer: 'stale';
			readonly last: string;
			readonly ago: number;
			readonly host: string;
			/** The server whose log ends, where the host has another whose log goes on; else null. */
			readonly server: string | null;
	  }
	/** There is no submission in the log at all. */
	| { readonly answer: 'no-evidence' };

/** Days without STARTTLS that count as quiet for now rather than as a gap between two uses: a week, since people write weekly at least. */
const RECENT_DAYS = 7;

/**
 * Judges a tally. A day is quiet when every host that takes submissions has a log of it, in which nothing was or may have been STARTTLS and
 * nothing is in doubt; days of which there is no log prove nothing and are not counted.
 * @param needed quiet days, up to the log's last day, that make it safe
 * @param today YYYY-MM-DD
 */
export function judgeUsage(tally: LogCounts, needed: number, today: string): UsageVerdict {
	const { submission, days } = tally;
	const span = coveredDays(tally);
	const hosts = tally.hosts.filter(takesSubmissions);
	if (span === null || (sumCounts(submission) === 0 && hosts.every(({ days: own }) => !own.some(isDoubtful))))
		return { answer: 'no-evidence' };
	const ago = daysBetween(span.last, today);
	if (ago > RECENT_DAYS) return { answer: 'stale', last: span.last, ago };
	const isRecent = ({ day }: HostDay) => isLate(day, span.last);
	const lastUsed = lastStarttls(tally);
	const week = days.filter(isRecent).map(({ counts }) => counts);
	const used = week.reduce((count, { starttls }) => count + starttls, 0);
	const proved = proveQuiet(tally, needed);
	if (proved !== null) return proved;
	if (lastUsed !== null && used > 0)
		return { answer: 'no', lastUsed, share: used / week.reduce((count, each) => count + sumCounts(each), 0) };
	const shared = hosts.find(({ isShared }) => isShared);
	if (shared !== undefined) return doubt(tally, shared, shared.days.at(-1), 'shared');
	for (const host of hosts) {
		const end = endOf(host, span.last);
		if (end !== null) return { answer: 'stale', ...end, ago: daysBetween(end.last, today), host: host.host };
	}
	const doubted = hosts.findLast((host) => host.days.some((day) => isRecent(day) && isDoubtful(day)));
	if (doubted !== undefined) return doubt(tally, doubted, doubted.days.findLast(isDoubtful));
	const filtered = hosts.find((host) => !isCoveredLately(host, span.last));
	if (filtered !== undefined) return doubt(tally, filtered, filtered.days.at(-1));
	if (sumCounts(submission) === 0) return { answer: 'no-evidence' };
	return { answer: 'soon', ...quietDays(hosts, span), lastUsed, needed };
}

function lastStarttls({ days }: LogCounts): string | null {
	return days.findLast(({ counts }) => counts.starttls > 0)?.day ?? null;
}

/**
 * Whether anything was submitted to a host, or may have been, or could be: of one that offers 587, a log that ends or was filtered says
 * nothing of those who use it; of one whose whole log was cut down to chosen services, nobody knows what it offers.
 */
function takesSubmissions({ days, offersSubmission }: HostEvidence): boolean {
	return offersSubmission || days.every(({ covered }) => !covered) || days.some(({ counts, doubts }) => sumCounts(counts) + doubts > 0);
}

/** Whether a day is not quiet: a submission was, or may have been, over STARTTLS, or something is in doubt. */
function isDoubtful({ counts, doubts }: HostDay): boolean {
	return counts.unknown + doubts > 0;
}

interface QuietDays {
	/** The days after the last use or doubt for which every host has a log that would show 587. */
	readonly quiet: number;
	/** The days among them for which some host has no log. */
	readonly missing: number;
}

function quietDays(hosts: readonly HostEvidence[], { first, last }: { readonly first: string; readonly last: string }): QuietDays {
	const all = hosts.flatMap(({ days }) => days);
	const from = all
		.filter((day) => day.counts.starttls > 0 || isDoubtful(day))
		.reduce<string | null>((latest, { day }) => (latest === null || day > latest ? day : latest), null);
	const proving = new Map<string, number>();
	for (const { day, covered } of all) if (covered) proving.set(day, (proving.get(day) ?? 0) + 1);
	const quiet = [...proving].filter(([day, count]) => count === hosts.length && (from === null || day > from)).length;
	const possible = from === null ? daysBetween(first, last) + 1 : daysBetween(from, last);
	return { quiet, missing: possible - quiet };
}

/** Whether a day is one of the last of all logs. */
function isLate(day: string, last: string): boolean {
	return daysBetween(day, last) < RECENT_DAYS;
}

/** Whether a host has a day of late that would show 587. */
function isCoveredLately({ days }: HostEvidence, last: string): boolean {
	return days.some(({ day, covered }) => covered && isLate(day, last));
}

/**
 * Where the log of a host, or of one of its servers, ends before those of the others, so that nothing is known of its present use; null
 * where it goes on.
 */
function endOf({ days, servers }: HostEvidence, last: string): { readonly last: string; readonly server: string | null } | null {
	const own = days.at(-1)?.day;
	if (own !== undefined && !isLate(own, last)) return { last: own, server: null };
	const ended = servers.find((server) => server.last !== null && !isLate(server.last, last));
	return ended === undefined || ended.last === null ? null : { last: ended.last, server: ended.name };
}

/** @returns null where the evidence does not prove it */
function proveQuiet(tally: LogCounts, needed: number): ProvedQuiet | null {
	const span = coveredDays(tally);
	if (span === null) return null;
	const hosts = tally.hosts.filter(takesSubmissions);
	const { quiet, missing } = quietDays(hosts, span);
	const submitted = hosts.some(({ days }) => days.some(({ counts }) => sumCounts(counts) > 0));
	if (!submitted || quiet < needed || hosts.some((host) => host.isShared || endOf(host, span.last) !== null)) return null;
	if (!hosts.every((host) => isCoveredLately(host, span.last))) return null;
	const proof: ProvedQuiet = {
		[PROOF]: true,
		answer: 'yes',
		quiet,
		lastUsed: lastStarttls(tally),
		missing,
		notLookedAt: notLookedAt(tally, hosts, { quiet, missing }),
	};
	proofs.add(proof);
	return proof;
}

function doubt(
	{ submission, doubts }: LogCounts,
	{ host }: HostEvidence,
	day: HostDay | undefined,
	reason = reasonOf(doubts, day),
): UsageVerdict {
	const { lines, setting } = doubts[reason];
	return { answer: 'cannot-tell', unknown: submission.unknown, last: day?.day ?? '', reason, host, lines, setting };
}

function reasonOf(doubts: LogCounts['doubts'], day: HostDay | undefined): DoubtReason {
	return day === undefined || !isDoubtful(day) ? 'filtered' : (REASONS.find((each) => doubts[each].count > 0) ?? 'port');
}

const REASONS = ['port', 'line', 'suppressed'] as const satisfies readonly DoubtReason[];
