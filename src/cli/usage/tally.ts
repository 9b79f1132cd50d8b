/** Counts of what a log says, in memory that does not grow with the log. */
import type { Event, Way } from './event.ts';

export type Counts = Record<Way, number>;

/** Who still uses STARTTLS: how often, and when last. */
export interface Holdout {
	readonly name: string;
	readonly count: number;
	/** YYYY-MM-DD. */
	readonly last: string;
}

export interface Tally {
	readonly lines: number;
	/** Submissions a day, in the order of days; days without a line of the log in them are not there. */
	readonly days: readonly { readonly day: string; readonly counts: Readonly<Counts> }[];
	/** First and last day that the log covers, whatever its lines say; null for an empty log. */
	readonly covered: { readonly first: string; readonly last: string } | null;
	readonly submission: Readonly<Counts>;
	readonly imap: Readonly<Counts>;
	readonly pop3: Readonly<Counts>;
	/** Accounts and clients' addresses that submitted with STARTTLS, the most recent first. */
	readonly accounts: readonly Holdout[];
	readonly clients: readonly Holdout[];
	/** Of accounts and of addresses: how many could not be kept apart for want of room. */
	readonly forgotten: number;
}

/** Names that are kept, of accounts and of addresses: some 20 MB at the most. */
const NAMES = 100_000;

/** Days that are kept: a hundred years. */
const DAYS = 36_525;

export interface Tallier {
	add(day: string, event: Event | null): void;
	result(): Tally;
}

export function tallier(): Tallier {
	const days = new Map<string, Counts>();
	const totals = { submission: none(), imap: none(), pop3: none() };
	const [accounts, clients] = [holdouts(), holdouts()];
	let lines = 0;
	let first = '';
	let last = '';
	return {
		add(day, event) {
			lines += 1;
			if (first === '' || day < first) first = day;
			if (day > last) last = day;
			if (event === null) return;
			totals[event.service][event.way] += 1;
			if (event.service !== 'submission') return;
			const counts = days.get(day) ?? none();
			counts[event.way] += 1;
			if (days.size < DAYS || days.has(day)) days.set(day, counts);
			if (event.way !== 'starttls') return;
			accounts.add(event.account.toLowerCase(), day);
			clients.add(event.client, day);
		},
		result: () => ({
			lines,
			days: [...days].map(([day, counts]) => ({ day, counts })).sort((a, b) => (a.day < b.day ? -1 : 1)),
			covered: first === '' ? null : { first, last },
			...totals,
			accounts: accounts.list(),
			clients: clients.list(),
			forgotten: accounts.forgotten() + clients.forgotten(),
		}),
	};
}

function none(): Counts {
	return { implicit: 0, starttls: 0, unknown: 0 };
}

function holdouts() {
	const known = new Map<string, { count: number; last: string }>();
	let forgotten = 0;
	return {
		add(name: string, day: string): void {
			const entry = known.get(name);
			if (entry !== undefined) {
				entry.count += 1;
				if (day > entry.last) entry.last = day;
			} else if (known.size < NAMES) known.set(name, { count: 1, last: day });
			else forgotten += 1;
		},
		list: (): readonly Holdout[] =>
			[...known]
				.map(([name, { count, last }]) => ({ name, count, last }))
				.sort((a, b) => b.last.localeCompare(a.last) || b.count - a.count || (a.name < b.name ? -1 : 1)),
		forgotten: () => forgotten,
	};
}
