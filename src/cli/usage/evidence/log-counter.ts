/** Adds up what the readers of logs report, in memory that does not grow with the log, and judges it once everything has been read. */

import type { LogLine } from '../forms/log-line.ts';
import { hostEvidence, judgeGroups, sumOfHosts } from './host-evidence.ts';
import { createHostRecords, type DayRecord, type HostRecord, rememberSubmitter, type SessionGroup } from './host-record.ts';
import { type JudgeOptions, POSTFIX } from './judge-session.ts';
import { createLineSamples } from './line-samples.ts';
import { createLineSet } from './line-set.ts';
import { addCounts, type Doubt, type DoubtReason, type LogCounts, type TlsModeCounts, ZERO_COUNTS } from './log-counts.ts';
import { createLogRuns, type LogRuns } from './log-runs.ts';
import { createProxiedSessions } from './proxied-sessions.ts';
import { createStarttlsUsers, NAMES_KEPT } from './starttls-users.ts';
import type { EvidenceSink, SessionShape, Submission } from './submission.ts';

export interface LogCounter extends EvidenceSink, Pick<LogRuns, 'queueManager'> {
	/** Adds to the number of lines read. */
	countLines(count: number): void;
	/** Timestamps of the log have no year. */
	yearGuessed(): void;
	/** Another log begins. */
	beginLog(): void;
	/** The reader of a server is about to report what it finds. @param server its display name */
	beginServer(server: string): void;
	/** The line that it has read. @param isNew whether no log before has this line; null where nobody has looked */
	endLine(line: LogLine, isNew: boolean | null): void;
	/** Notes that another of Postfix's programs logged on a host, which shows that its log has not been filtered by service. */
	postfixWhole(day: string, host: string): void;
	/** The number of lines of mail servers that have been recognised so far. */
	recognised(): number;
	/** The servers that have been recognised so far and whose logs this program cannot read. */
	knownServers(): readonly string[];
	result(options: JudgeOptions & { readonly settingOf: SettingOf }): LogCounts;
}

/** Finds the setting that would make a service log its port, from the shape of its sessions. */
export type SettingOf = (service: string, shape: SessionShape) => string;

export interface LogCounterOptions {
	/** How many names of accounts, and of addresses, are kept at least. */
	readonly room?: number;
}

export function createLogCounter({ room = NAMES_KEPT }: LogCounterOptions = {}): LogCounter {
	const records = createHostRecords();
	const [accounts, clients] = [createStarttlsUsers(room), createStarttlsUsers(room)];
	const samples = createLineSamples();
	const linesRead = createLineSet();
	const proxied = createProxiedSessions();
	const runs = createLogRuns();
	let server = '';
	const [imap, pop3]: [TlsModeCounts, TlsModeCounts] = [{ ...ZERO_COUNTS }, { ...ZERO_COUNTS }];
	const [read, notRead] = [new Set<string>(), new Set<string>()];
	const groups: SessionGroup[] = [];
	let lines = 0;
	let recognised = 0;
	let areYearsGuessed = false;

	function submission(found: Submission): void {
		const { day, time, host, service, kind, shape, account, client, count } = found;
		const group = records.groupOf(found);
		if (group.count === 0) groups.push(group);
		group.count += count;
		const record = records.serviceActivity(host, service, kind);
		if (shape === 'starttls') record.starttls = true;
		if (shape === 'implicit') record.implicit = true;
		const dayOf = records.dayRecord(host, day);
		if (kind === 'unnamed' && account !== null) {
			if (dayOf.firstUnnamed === '' || time < dayOf.firstUnnamed) dayOf.firstUnnamed = time;
			if (time > dayOf.lastUnnamed) dayOf.lastUnnamed = time;
		}
		if (kind === '587' && server === POSTFIX && (shape === 'starttls' || shape === 'untold')) rememberOwn587(dayOf, time);
		if (kind === 'proxied') proxied.session(group.id, { day, client: client ?? '', account: account ?? '' });
		if (account === null && (kind === '587' || kind === '465')) rememberSubmitter(records.hostRecord(host), client);
		if (!isCertain(group)) samples.add(group.sampleKey, found.line);
		// Those that are 465 for certain need no name; those that may be 587 are named, once it is known.
		if (isCertain(group) || (kind === '465' && shape !== 'starttls')) return;
		if (account !== null && account !== '') accounts.add(account, day, group.id, count);
		if (client !== null) clients.add(client, day, group.id, count);
	}

	return {
		submission,
		isNew: ({ day, time, host, program, pid, message }) => linesRead.add(day, time, host, '|', program, '|', pid, '|', message),
		countLines(count) {
			lines += count;
		},
		yearGuessed() {
			areYearsGuessed = true;
		},
		beginLog: () => runs.begin(),
		beginServer(name) {
			server = name;
		},
		endLine: (line, isNew) => runs.line(server, line, isNew),
		queueManager: (line) => runs.queueManager(line),
		mailboxLogin(service, mode) {
			recognised += 1;
			(service === 'imap' ? imap : pop3)[mode] += 1;
		},
		logged(day, host) {
			recognised += 1;
			records.dayRecord(host, day).logged = true;
			records.hostRecord(host).takers.add(server);
		},
		whole(day, host) {
			records.dayRecord(host, day).whole.add(server);
		},
		postfixWhole(day, host) {
			records.dayRecord(host, day).postfixWhole = true;
		},
		dovecotOthers(day, host) {
			records.dayRecord(host, day).dovecotOthers = true;
		},
		session(day, host, part) {
			records.dayRecord(host, day)[part === 'begins' ? 'hasSessions' : 'hasInsides'] = true;
		},
		proxyLogin: (login) => proxied.login(login),
		serviceSeen({ day, time, host, service, kind }) {
			records.serviceActivity(host, service, kind);
			const record = records.dayRecord(host, day);
			if (kind === '465') record.servers465.add(server);
			if (kind === '587' && server !== POSTFIX) record.others587.add(server);
			else if (kind === '587') {
				if (record.first587 === '' || time < record.first587) record.first587 = time;
				if (time > record.last587) record.last587 = time;
			} else if (kind === '465') record.named465 = true;
			if (kind === 'internal' && isDistributionService(service)) record.distribution = true;
		},
		tlsLogged(host, service) {
			records.serviceActivity(host, service, 'other').tlsLogged = true;
		},
		starttlsSeen({ day, time, host, service, kind }) {
			records.serviceActivity(host, service, kind).starttls = true;
			if (kind === '587') rememberOwn587(records.dayRecord(host, day), time);
		},
		reloaded(day, host, time) {
			runs.restarted(host);
			const record = records.dayRecord(host, day);
			if (record.firstReload === '' || time < record.firstReload) record.firstReload = time;
			if (time > record.lastReload) record.lastReload = time;
		},
		unread(day, host, line) {
			const record = records.dayRecord(host, day);
			record.unread += 1;
			record.logged = true;
			samples.add(`unread ${day}`, line);
		},
		suppressed(day, host, line) {
			records.dayRecord(host, day).suppressed += 1;
			samples.add(`suppressed ${day}`, line);
		},
		read: (name) => void read.add(name),
		notRead: (name) => void notRead.add(name),
		recognised: () => recognised,
		knownServers: () => [...notRead].sort(),
		result({ settingOf, ...options }) {
			const judged = judgeGroups(groups, records.hosts, { ...options, isInProxyLog: (id) => proxied.areAllKnown(id) });
			const hosts = [...records.hosts.values()]
				.map((record) => hostEvidence(record, judged, runs))
				.filter(({ days }) => days.length > 0)
				.sort((a, b) => (a.host < b.host ? -1 : 1));
			const days = sumOfHosts(hosts);
			const isStarttls = (id: number) => judged.byId.get(id) === 'starttls';
			const doubtOf = (keys: Iterable<string>, count: number, setting: string | null): Doubt => ({
				count,
				lines: samples.lines(keys),
				setting,
			});
			const keys = (word: string) => [...samples.keys()].filter((key) => key.startsWith(word)).sort();
			const inDoubt = groups.filter(({ id }) => ['unknown', 'undecided'].includes(judged.byId.get(id) ?? ''));
			const sum = (pick: (record: DayRecord) => number) =>
				[...records.hosts.values()].flatMap(({ days: all }) => [...all.values()]).reduce((count, record) => count + pick(record), 0);
			const doubts: Record<DoubtReason, Doubt> = {
				port: doubtOf(new Set(inDoubt.map(({ sampleKey }) => sampleKey)), total(inDoubt), settingFor(inDoubt, settingOf)),
				line: doubtOf(
					keys('unread'),
					sum(({ unread }) => unread),
					null,
				),
				suppressed: doubtOf(
					keys('suppressed'),
					sum(({ suppressed }) => suppressed),
					SUPPRESSED_SETTING,
				),
				filtered: doubtOf([], hosts.flatMap((each) => each.days).filter(({ covered }) => !covered).length, FILTERED_SETTING),
				shared: doubtOf([], hosts.filter(({ isShared }) => isShared).length, SHARED_SETTING),
			};
			return {
				lines,
				days,
				submission: days.reduce<Readonly<TlsModeCounts>>((all, { counts }) => addCounts(all, counts), ZERO_COUNTS),
				elsewhere: total(groups.filter(({ id }) => judged.byId.get(id) === 'elsewhere')),
				imap,
				pop3,
				accounts: accounts.list(isStarttls),
				clients: clients.list(isStarttls),
				cut: { accounts: accounts.isTruncated(), clients: clients.isTruncated() },
				hosts,
				doubts,
				servers: { read: [...read].sort(), notRead: [...notRead].sort() },
				lastSeen587: lastSeen587(records.hosts.values()),
				tlsOnly: options.tlsOnly,
				areYearsGuessed,
			};
		},
	};
}

const SUPPRESSED_SETTING = 'journald.conf: RateLimitIntervalSec=0; rsyslog: ratelimit.interval="0" for imuxsock and imjournal';
const FILTERED_SETTING =
	'give the whole log and not chosen services of it (journalctl -t …): a service of 587 under another name would not be seen';

const SHARED_SETTING =
	'judge the log of each server by itself. If it is one server’s, give its lines once, in one time zone and in the order of time (sort),\n  and those of one year at most where its timestamps have no year';

function rememberOwn587(record: DayRecord, time: string): void {
	if (record.firstOwn587 === '' || time < record.firstOwn587) record.firstOwn587 = time;
	if (time > record.lastOwn587) record.lastOwn587 = time;
}

/** Whether the service is mailcow's, by names that only mailcow uses. */
function isDistributionService(service: string): boolean {
	return service === 'postfix/sogo/smtpd' || service === 'postfix/watchdog/smtpd';
}

/** Whether the session certainly came over 465, or over neither 465 nor 587, whatever else the log says. */
function isCertain({ kind, shape }: SessionGroup): boolean {
	return kind === '25' || kind === 'internal' || shape === 'implicit';
}

function total(groups: readonly SessionGroup[]): number {
	return groups.reduce((count, group) => count + group.count, 0);
}

/** The setting for the service that has the most sessions in doubt. */
function settingFor(groups: readonly SessionGroup[], settingOf: SettingOf): string | null {
	const largest = groups.toSorted((a, b) => b.count - a.count)[0];
	return largest === undefined ? null : settingOf(largest.service, largest.shape);
}

function lastSeen587(hosts: Iterable<HostRecord>): string | null {
	let last: string | null = null;
	for (const { days } of hosts)
		for (const [day, { first587, others587 }] of days)
			if ((first587 !== '' || others587.size > 0) && (last === null || day > last)) last = day;
	return last;
}
