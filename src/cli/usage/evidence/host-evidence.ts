/** Judges all sessions once every line has been read, and works out what the log of each host shows. */
import type { DayRecord, HostRecord, SessionGroup } from './host-record.ts';
import { isCovered, type Judgement, type JudgeOptions, judgeSession } from './judge-session.ts';
import { addCounts, type HostDay, type HostEvidence, sumCounts, type TlsModeCounts, ZERO_COUNTS } from './log-counts.ts';
import type { LogRuns } from './log-runs.ts';
import { type NamedDays, namedDays } from './named-days.ts';

interface DaySums {
	counts: TlsModeCounts;
	undecided: number;
	/** How many of those come from senders that are no other mail servers. */
	likely: number;
}

export interface Judged {
	readonly byId: ReadonlyMap<number, Judgement>;
	readonly byDay: ReadonlyMap<DayRecord, DaySums>;
	readonly named: ReadonlyMap<string, NamedDays>;
}

export interface JudgeGroupsOptions extends JudgeOptions {
	/** @param group its id */
	readonly isInProxyLog: (group: number) => boolean;
}

/** Judges all sessions, and adds them up by host and day. */
export function judgeGroups(
	groups: readonly SessionGroup[],
	hosts: ReadonlyMap<string, HostRecord>,
	{ tlsOnly, isInProxyLog }: JudgeGroupsOptions,
): Judged {
	const byId = new Map<number, Judgement>();
	const byDay = new Map<DayRecord, DaySums>();
	const named = new Map([...hosts].map(([name, host]) => [name, namedDays(host)]));
	for (const group of groups) {
		const host = hosts.get(group.host);
		const record = host?.days.get(group.day);
		const names = named.get(group.host);
		if (host === undefined || record === undefined || names === undefined) continue;
		const judgement = judgeSession(group, host, {
			named: names,
			tlsOnly,
			isInProxyLog: group.kind === 'proxied' && isInProxyLog(group.id),
		});
		byId.set(group.id, judgement);
		const sums = byDay.get(record) ?? { counts: { ...ZERO_COUNTS }, undecided: 0, likely: 0 };
		byDay.set(record, sums);
		if (judgement === 'undecided') {
			sums.undecided += group.count;
			sums.likely += group.likely ? group.count : 0;
		} else if (judgement !== 'none' && judgement !== 'elsewhere') sums.counts[judgement] += group.count;
	}
	return { byId, byDay, named };
}

/** What the log of a host shows, day by day. */
export function hostEvidence(record: HostRecord, { byDay, named }: Judged, runs: LogRuns): HostEvidence {
	// Where nobody ever submitted to any host, all mail is taken for that of other servers. There is no submission then, and no verdict of
	// "safe".
	const takes = [...byDay.values()].some(({ counts }) => sumCounts(counts) > 0);
	const { host, days, services } = record;
	const names = named.get(host) ?? namedDays(record);
	const takers = [...record.takers].sort().map((name) => ({ name, logged: runs.daysOf(host, name) }));
	const found = [...days]
		.filter(([, each]) => each.logged || each.suppressed > 0)
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([day, each]): HostDay => {
			const { counts, undecided, likely } = byDay.get(each) ?? { counts: ZERO_COUNTS, undecided: 0, likely: 0 };
			return {
				day,
				counts,
				doubts: each.unread + each.suppressed + (takes ? undecided : likely),
				covered: isCovered(day, each, names, record) && takers.every(({ logged }) => logged.has(day)),
			};
		});
	const offersSubmission = [...services.values()].some(({ kind }) => kind === '465' || kind === '587');
	return {
		host,
		services: [...services.keys()].sort(),
		servers: takers.map(({ name, logged }) => ({ name, last: [...logged].sort().at(-1) ?? null })),
		offersSubmission,
		isShared: record.isOverfull || runs.isShared(host) || isPortTakenTwice(record),
		days: found,
	};
}

/** Adds up the days of all hosts. */
export function sumOfHosts(hosts: readonly HostEvidence[]): readonly HostDay[] {
	const days = new Map<string, HostDay>();
	for (const each of hosts)
		for (const { day, counts, doubts, covered } of each.days) {
			const known = days.get(day);
			days.set(day, {
				day,
				counts: addCounts(known?.counts ?? ZERO_COUNTS, counts),
				doubts: (known?.doubts ?? 0) + doubts,
				covered: (known?.covered ?? true) && covered,
			});
		}
	return [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
}

/** Whether two servers of a host had the same port on more than one day, such as the day of a change: they are on two hosts. */
function isPortTakenTwice({ days }: HostRecord): boolean {
	const isTwice = ({ servers465, others587, first587 }: DayRecord) => servers465.size > 1 || others587.size + (first587 === '' ? 0 : 1) > 1;
	return [...days.values()].filter(isTwice).length > 1;
}
