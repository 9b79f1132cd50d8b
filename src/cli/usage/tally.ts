/** Counts of what a log says, in memory that does not grow with the log. */
import type { Said, Way } from './event.ts';

export type Counts = Record<Way, number>;

/** Who still uses STARTTLS: how often, and when last. */
export interface Holdout {
	readonly name: string;
	readonly count: number;
	/** YYYY-MM-DD. */
	readonly last: string;
}

export interface Tally {
	/** Lines read, of whatever service. */
	readonly lines: number;
	/**
	 * Submissions a day, in the order of days: every day on which the services that take submissions logged anything at all, and no other. A
	 * day that is not there is no evidence, be it that nothing ran or that its file was not given.
	 */
	readonly days: readonly { readonly day: string; readonly counts: Readonly<Counts> }[];
	readonly submission: Readonly<Counts>;
	readonly imap: Readonly<Counts>;
	readonly pop3: Readonly<Counts>;
	/** Accounts and clients' addresses that submitted with STARTTLS, the most recent first. */
	readonly accounts: readonly Holdout[];
	readonly clients: readonly Holdout[];
	/** Whether there were more than could be kept: those that had not used STARTTLS for longest were let go. */
	readonly cut: { readonly accounts: boolean; readonly clients: boolean };
}

/** Names that are kept, of accounts and of addresses: some 20 MB each at the most. */
export const NAMES = 100_000;

/** The longest name that is kept whole: RFC 5321 §4.5.3.1.3 has no longer address. */
const NAME_LENGTH = 254;

export interface Tallier {
	/** One more line was read. */
	line(): void;
	add(day: string, said: Said): void;
	result(): Tally;
}

/** @param room names that are kept, of accounts and of addresses */
export function tallier(room = NAMES): Tallier {
	const days = new Map<string, Counts>();
	const totals = { submission: none(), imap: none(), pop3: none() };
	const [accounts, clients] = [holdouts(room), holdouts(room)];
	let lines = 0;
	return {
		line() {
			lines += 1;
		},
		add(day, said) {
			if (said !== 'other') totals[said.service][said.way] += 1;
			if (said !== 'other' && said.service !== 'submission') return;
			const counts = days.get(day) ?? none();
			// Real days alone come here, of this century: their number is bounded.
			if (!days.has(day)) days.set(day, counts);
			if (said === 'other') return;
			counts[said.way] += 1;
			if (said.way !== 'starttls') return;
			accounts.add(said.account.toLowerCase(), day);
			clients.add(said.client.toLowerCase(), day);
		},
		result: () => ({
			lines,
			days: [...days].map(([day, counts]) => ({ day, counts })).sort((a, b) => (a.day < b.day ? -1 : 1)),
			...totals,
			accounts: accounts.list(),
			clients: clients.list(),
			cut: { accounts: accounts.cut(), clients: clients.cut() },
		}),
	};
}

/** The first and the last day of which there is a log; null where there is none. */
export function covered({ days }: Tally): { readonly first: string; readonly last: string } | null {
	const [first, last] = [days.at(0), days.at(-1)];
	return first === undefined || last === undefined ? null : { first: first.day, last: last.day };
}

export function sum({ implicit, starttls, unknown }: Readonly<Counts>): number {
	return implicit + starttls + unknown;
}

function none(): Counts {
	return { implicit: 0, starttls: 0, unknown: 0 };
}

/** A Map hands its keys out as they were put in, and each use puts its name in anew: the first is the one that was used least recently. */
function holdouts(room: number) {
	const known = new Map<string, { count: number; last: string }>();
	let cut = false;
	return {
		add(text: string, day: string): void {
			const name = text.slice(0, NAME_LENGTH);
			const entry = known.get(name);
			if (entry !== undefined) {
				entry.count += 1;
				if (day > entry.last) entry.last = day;
				known.delete(name);
				known.set(name, entry);
				return;
			}
			// A copy: a slice of a string keeps alive what it was cut from, here a megabyte of the log for each name.
			known.set(Buffer.from(name).toString(), { count: 1, last: day });
			if (known.size <= room) return;
			cut = true;
			for (const oldest of known.keys()) {
				known.delete(oldest);
				break;
			}
		},
		list: (): readonly Holdout[] =>
			[...known]
				.map(([name, { count, last }]) => ({ name, count, last }))
				.sort((a, b) => (a.last === b.last ? b.count - a.count || (a.name < b.name ? -1 : 1) : a.last < b.last ? 1 : -1)),
		cut: () => cut,
	};
}
