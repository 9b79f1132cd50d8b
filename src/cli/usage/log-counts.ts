/** Counts of what a log says, in memory that does not grow with the log. */
import type { LoginEvent, ParsedLogLine, TlsMode } from './mail-log-line.ts';
import { createStarttlsUsers, NAMES_KEPT, type StarttlsUser } from './starttls-users.ts';

export type TlsModeCounts = Record<TlsMode, number>;

export interface LogCounts {
	/** Lines read, of whatever service. */
	readonly lines: number;
	/**
	 * Submissions a day, in the order of days: every day on which the services that take submissions logged anything at all, and no other. A
	 * day that is not there is no evidence, be it that nothing ran or that its file was not given.
	 */
	readonly days: readonly { readonly day: string; readonly counts: Readonly<TlsModeCounts> }[];
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
}

export interface LogCounter {
	/** One more line was read. */
	countLine(): void;
	add(day: string, said: ParsedLogLine): void;
	result(): LogCounts;
}

/** @param room names that are kept at the least, of accounts and of addresses */
export function createLogCounter(room = NAMES_KEPT): LogCounter {
	const days = new Map<string, RawCounts>();
	const [imap, pop3] = [emptyRawCounts(), emptyRawCounts()];
	const [accounts, clients] = [createStarttlsUsers(room), createStarttlsUsers(room)];
	let lines = 0;
	/** The first day on which 587 had a name: its service has logged under it. */
	let named = '';
	return {
		countLine() {
			lines += 1;
		},
		add(day, said) {
			if (isMailboxLogin(said)) {
				(said.service === 'imap' ? imap : pop3)[said.tlsMode] += 1;
				return;
			}
			const counts = days.get(day) ?? emptyRawCounts();
			// Real days alone come here, of this century: their number is bounded.
			if (!days.has(day)) days.set(day, counts);
			if (said === 'other') return;
			if (named === '' || day < named) if (said === 'fallback' || said.tlsMode === 'starttls') named = day;
			if (said === 'fallback') return;
			counts[said.tlsMode] += 1;
			if (said.tlsMode !== 'starttls') return;
			accounts.add(said.account, day);
			clients.add(said.client, day);
		},
		result() {
			// On the day of the change itself the service of 587 had no name at first.
			const told = (day: string) => named !== '' && day > named;
			const sorted = [...days].sort(([a], [b]) => (a < b ? -1 : 1));
			const counted = sorted.map(([day, each]) => ({ day, counts: tlsModeCountsOf(each, told(day)) }));
			return {
				lines,
				days: counted,
				submission: counted.reduce((all, { counts }) => addCounts(all, counts), ZERO_COUNTS),
				elsewhere: sorted.reduce((all, [day, { unnamed, elsewhere }]) => all + elsewhere + (told(day) ? unnamed : 0), 0),
				imap: tlsModeCountsOf(imap, false),
				pop3: tlsModeCountsOf(pop3, false),
				accounts: accounts.list(),
				clients: clients.list(),
				cut: { accounts: accounts.isTruncated(), clients: clients.isTruncated() },
			};
		},
	};
}

function isMailboxLogin(said: ParsedLogLine): said is LoginEvent & { readonly service: 'imap' | 'pop3' } {
	return typeof said === 'object' && said.service !== 'submission';
}

/** The first and the last day of which there is a log; null where there is none. */
export function coveredDays({ days }: LogCounts): { readonly first: string; readonly last: string } | null {
	const [first, last] = [days.at(0), days.at(-1)];
	return first === undefined || last === undefined ? null : { first: first.day, last: last.day };
}

export function sumCounts({ implicit, starttls, unknown }: Readonly<TlsModeCounts>): number {
	return implicit + starttls + unknown;
}

type RawCounts = Record<LoginEvent['tlsMode'], number>;

const ZERO_COUNTS: Readonly<TlsModeCounts> = { implicit: 0, starttls: 0, unknown: 0 };

function emptyRawCounts(): RawCounts {
	return { ...ZERO_COUNTS, unnamed: 0, elsewhere: 0 };
}

function tlsModeCountsOf({ implicit, starttls, unknown, unnamed }: Readonly<RawCounts>, named: boolean): TlsModeCounts {
	return { implicit, starttls, unknown: unknown + (named ? 0 : unnamed) };
}

function addCounts(a: Readonly<TlsModeCounts>, b: Readonly<TlsModeCounts>): TlsModeCounts {
	return { implicit: a.implicit + b.implicit, starttls: a.starttls + b.starttls, unknown: a.unknown + b.unknown };
}
