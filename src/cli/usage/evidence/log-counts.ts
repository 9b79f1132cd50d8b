/** What the logs say, added up: the evidence that a verdict is made of. */
import type { StarttlsUser } from './starttls-users.ts';
import type { TlsMode } from './submission.ts';

export type TlsModeCounts = Record<TlsMode, number>;

/** A day of a host's log. */
export interface HostDay {
	/** YYYY-MM-DD. */
	readonly day: string;
	readonly counts: Readonly<TlsModeCounts>;
	/** Lines and sessions that could be submissions and are not understood, and messages that the logging daemon says are missing. */
	readonly doubts: number;
	/**
	 * Whether submissions over 587 would be seen, had there been any: false where the log has lines of chosen services only (journalctl -t …), and 587's own name is not among
	 * what was seen that day. Such a day proves nothing.
	 */
	readonly covered: boolean;
}

/** A host whose services take submissions. */
export interface HostEvidence {
	/** As its log names it; empty where the log does not. */
	readonly host: string;
	/** The services that logged, by the names that they log under. */
	readonly services: readonly string[];
	/** Whether one of them is 465 or 587 by its name: the host offers submission, be it that nobody used it. */
	readonly offersSubmission: boolean;
	/** In the order of days. */
	readonly days: readonly HostDay[];
}

/** What could be a submission and is not understood. */
export interface Doubt {
	readonly count: number;
	/** The latest such lines, three at the most. */
	readonly lines: readonly string[];
	/** The setting that would make it tell; null where there is none. */
	readonly setting: string | null;
}

/** Why something is in doubt. `port`: a submission whose port nobody can tell. `line`: a line that is not understood. `suppressed`: messages are missing. `filtered`: chosen lines only. */
export type DoubtReason = 'port' | 'line' | 'suppressed' | 'filtered';

export interface LogCounts {
	/** Lines read, of whatever service. */
	readonly lines: number;
	/**
	 * Submissions a day, in the order of days: every day on which the services that take submissions logged anything at all, and no other. A
	 * day that is not there is no evidence, be it that nothing ran or that its file was not given.
	 */
	readonly days: readonly HostDay[];
	readonly submission: Readonly<TlsModeCounts>;
	/** Submissions over port 25, by its name or by having none while 587 had one: neither 465 nor 587. */
	readonly elsewhere: number;
	readonly imap: Readonly<TlsModeCounts>;
	readonly pop3: Readonly<TlsModeCounts>;
	/** Accounts and clients' addresses that submitted with STARTTLS, the most recent first. */
	readonly accounts: readonly StarttlsUser[];
	readonly clients: readonly StarttlsUser[];
	/** Whether there were more than could be kept: those that had not used STARTTLS for longest were let go. */
	readonly cut: { readonly accounts: boolean; readonly clients: boolean };
	readonly hosts: readonly HostEvidence[];
	readonly doubts: Readonly<Record<DoubtReason, Doubt>>;
	/** Servers whose logs were read, and those that were recognised and are not read. */
	readonly servers: { readonly read: readonly string[]; readonly notRead: readonly string[] };
	/** Connections to a service of 587 by its name, of whatever kind, in the last week that the log has: knocks, be it of scanners. */
	readonly lastSeen587: string | null;
	/** Whether the operator says that no login is taken without TLS. */
	readonly tlsOnly: boolean;
}

/** The first and the last day of which there is a log; null where there is none. */
export function coveredDays({ days }: Pick<LogCounts, 'days'>): { readonly first: string; readonly last: string } | null {
	const [first, last] = [days.at(0), days.at(-1)];
	return first === undefined || last === undefined ? null : { first: first.day, last: last.day };
}

export function sumCounts({ implicit, starttls, unknown }: Readonly<TlsModeCounts>): number {
	return implicit + starttls + unknown;
}

export const ZERO_COUNTS: Readonly<TlsModeCounts> = { implicit: 0, starttls: 0, unknown: 0 };

export function addCounts(a: Readonly<TlsModeCounts>, b: Readonly<TlsModeCounts>): TlsModeCounts {
	return { implicit: a.implicit + b.implicit, starttls: a.starttls + b.starttls, unknown: a.unknown + b.unknown };
}
