/** The sums over all logs: the evidence from which a verdict is made. */
import type { StarttlsUser } from './starttls-users.ts';
import type { TlsMode } from './submission.ts';

export type TlsModeCounts = Record<TlsMode, number>;

/** One day of the log of one host. */
export interface HostDay {
	/** YYYY-MM-DD. */
	readonly day: string;
	readonly counts: Readonly<TlsModeCounts>;
	/** Lines and sessions that could be submissions and are not understood, and messages that the logging daemon says are missing. */
	readonly doubts: number;
	/**
	 * Whether submissions over 587 would be seen, had there been any: false where the log has lines of chosen services only (journalctl -t
	 * …), and 587's own name is not among what was seen that day. Such a day proves nothing.
	 */
	readonly covered: boolean;
}

/** A host whose services take submissions. */
export interface HostEvidence {
	/** The name of the host in its log; empty where the log has none. */
	readonly host: string;
	/** The names under which its services logged. */
	readonly services: readonly string[];
	/** Its servers that take submissions, or may take them, and the last day on which each logged. */
	readonly servers: readonly { readonly name: string; readonly last: string | null }[];
	/** Whether the lines of several servers stand under this name. Nobody can tell then what each of them shows. */
	readonly isShared: boolean;
	/** Whether one of its services is 465 or 587 by its name: the host then offers submission, even where nobody used it. */
	readonly offersSubmission: boolean;
	/** The days, in order. */
	readonly days: readonly HostDay[];
}

/** Something that could be a submission and was not understood. */
export interface Doubt {
	readonly count: number;
	/** The latest such lines, at most three. */
	readonly lines: readonly string[];
	/** The setting that would make the log tell; null where there is none. */
	readonly setting: string | null;
}

/**
 * Why something is in doubt. `port`: a submission whose port nobody can tell. `line`: a line that is not understood. `suppressed`: messages
 * are missing. `filtered`: chosen lines only. `shared`: several servers log under one name.
 */
export type DoubtReason = 'port' | 'line' | 'suppressed' | 'filtered' | 'shared';

export interface LogCounts {
	/** The number of lines read, of all services. */
	readonly lines: number;
	/**
	 * Submissions a day, in the order of days: every day on which the services that take submissions logged anything at all, and no other. A
	 * day that is not there is no evidence, be it that nothing ran or that its file was not given.
	 */
	readonly days: readonly HostDay[];
	readonly submission: Readonly<TlsModeCounts>;
	/** Submissions over port 25 or others that are neither 465 nor 587. */
	readonly elsewhere: number;
	readonly imap: Readonly<TlsModeCounts>;
	readonly pop3: Readonly<TlsModeCounts>;
	/** Accounts and clients' addresses that submitted with STARTTLS, the most recent first. */
	readonly accounts: readonly StarttlsUser[];
	readonly clients: readonly StarttlsUser[];
	/** Whether there were more than could be kept; those that had not used STARTTLS for longest were dropped. */
	readonly cut: { readonly accounts: boolean; readonly clients: boolean };
	readonly hosts: readonly HostEvidence[];
	readonly doubts: Readonly<Record<DoubtReason, Doubt>>;
	/** Servers whose logs were read, and servers that were recognised but whose logs this program cannot read. */
	readonly servers: { readonly read: readonly string[]; readonly notRead: readonly string[] };
	/** Connections to a service that is 587 by its name in the last week of the log, those of scanners included. */
	readonly lastSeen587: string | null;
	/** Whether the operator says that no login is accepted without TLS. */
	readonly tlsOnly: boolean;
	/** Whether timestamps have no year, and were taken to be of the latest that is possible. */
	readonly areYearsGuessed: boolean;
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
