/** Counts of what a log says, in memory that does not grow with the log. */
import type { Event, Said, Way } from './event.ts';
import { type Holdout, holdouts, NAMES } from './holdouts.ts';

export type Counts = Record<Way, number>;

export interface Tally {
	/** Lines read, of whatever service. */
	readonly lines: number;
	/**
	 * Submissions a day, in the order of days: every day on which the services that take submissions logged anything at all, and no other. A
	 * day that is not there is no evidence, be it that nothing ran or that its file was not given.
	 */
	readonly days: readonly { readonly day: string; readonly counts: Readonly<Counts> }[];
	readonly submission: Readonly<Counts>;
	/** Submissions over port 25, by its name or by having none while 587 had one: neither 465 nor 587. */
	readonly elsewhere: number;
	readonly imap: Readonly<Counts>;
	readonly pop3: Readonly<Counts>;
	/** Accounts and clients' addresses that submitted with STARTTLS, the most recent first. */
	readonly accounts: readonly Holdout[];
	readonly clients: readonly Holdout[];
	/** Whether there were more than could be kept: those that had not used STARTTLS for longest were let go. */
	readonly cut: { readonly accounts: boolean; readonly clients: boolean };
}

export interface Tallier {
	/** One more line was read. */
	line(): void;
	add(day: string, said: Said): void;
	result(): Tally;
}

/** @param room names that are kept at the least, of accounts and of addresses */
export function tallier(room = NAMES): Tallier {
	const days = new Map<string, Seen>();
	const [imap, pop3] = [seen(), seen()];
	const [accounts, clients] = [holdouts(room), holdouts(room)];
	let lines = 0;
	/** The first day on which 587 had a name: its service has logged under it. */
	let named = '';
	return {
		line() {
			lines += 1;
		},
		add(day, said) {
			if (isLogin(said)) {
				(said.service === 'imap' ? imap : pop3)[said.way] += 1;
				return;
			}
			const counts = days.get(day) ?? seen();
			// Real days alone come here, of this century: their number is bounded.
			if (!days.has(day)) days.set(day, counts);
			if (said === 'other') return;
			if (named === '' || day < named) if (said === 'fallback' || said.way === 'starttls') named = day;
			if (said === 'fallback') return;
			counts[said.way] += 1;
			if (said.way !== 'starttls') return;
			accounts.add(said.account, day);
			clients.add(said.client, day);
		},
		result() {
			// On the day of the change itself the service of 587 had no name at first.
			const told = (day: string) => named !== '' && day > named;
			const sorted = [...days].sort(([a], [b]) => (a < b ? -1 : 1));
			const counted = sorted.map(([day, each]) => ({ day, counts: countsOf(each, told(day)) }));
			return {
				lines,
				days: counted,
				submission: counted.reduce((all, { counts }) => added(all, counts), NONE),
				elsewhere: sorted.reduce((all, [day, { unnamed, elsewhere }]) => all + elsewhere + (told(day) ? unnamed : 0), 0),
				imap: countsOf(imap, false),
				pop3: countsOf(pop3, false),
				accounts: accounts.list(),
				clients: clients.list(),
				cut: { accounts: accounts.cut(), clients: clients.cut() },
			};
		},
	};
}

function isLogin(said: Said): said is Event & { readonly service: 'imap' | 'pop3' } {
	return typeof said === 'object' && said.service !== 'submission';
}

/** The first and the last day of which there is a log; null where there is none. */
export function covered({ days }: Tally): { readonly first: string; readonly last: string } | null {
	const [first, last] = [days.at(0), days.at(-1)];
	return first === undefined || last === undefined ? null : { first: first.day, last: last.day };
}

export function sum({ implicit, starttls, unknown }: Readonly<Counts>): number {
	return implicit + starttls + unknown;
}

type Seen = Record<Event['way'], number>;

const NONE: Readonly<Counts> = { implicit: 0, starttls: 0, unknown: 0 };

function seen(): Seen {
	return { ...NONE, unnamed: 0, elsewhere: 0 };
}

function countsOf({ implicit, starttls, unknown, unnamed }: Readonly<Seen>, named: boolean): Counts {
	return { implicit, starttls, unknown: unknown + (named ? 0 : unnamed) };
}

function added(a: Readonly<Counts>, b: Readonly<Counts>): Counts {
	return { implicit: a.implicit + b.implicit, starttls: a.starttls + b.starttls, unknown: a.unknown + b.unknown };
}
