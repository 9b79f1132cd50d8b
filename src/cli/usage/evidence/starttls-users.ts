/** Keeps the names of those who still use STARTTLS, up to a limit. */

/** An account or an address, with the number of uses and the day of the last one. */
export interface StarttlsUser {
	readonly name: string;
	readonly count: number;
	/** YYYY-MM-DD. */
	readonly last: string;
}

/** How many names of accounts, and of addresses, are kept at least: a few MB of each. */
export const NAMES_KEPT = 20_000;

/** The longest name that is kept whole: no address is longer (RFC 5321 §4.5.3.1.3). */
const MAX_NAME_LENGTH = 254;

export interface StarttlsUsers {
	/**
	 * @param day YYYY-MM-DD
	 * @param group sessions that are judged alike, once everything is read
	 * @param times messages of one session, or logins
	 */
	add(name: string, day: string, group: number, times: number): void;
	/** The users of the chosen groups, the most recent first. */
	list(chosen: (group: number) => boolean): readonly StarttlsUser[];
	/** Whether some had to be dropped. */
	isTruncated(): boolean;
}

/**
 * Two generations: each use brings a name into the younger, and when that is full the older goes, whose names were used least recently.
 * (One Map that deletes its first key is slower by the thousand: V8 walks over what was deleted.)
 * @param room names that are kept at the least; twice as many at the most
 */
export function createStarttlsUsers(room: number): StarttlsUsers {
	let younger = new Map<string, UseCount>();
	let older = new Map<string, UseCount>();
	let cut = false;

	function keep(name: string, uses: UseCount): void {
		younger.set(name, uses);
		if (younger.size < room) return;
		cut ||= older.size > 0;
		older = younger;
		younger = new Map();
	}

	return {
		add(text, day, group, times) {
			// One account, however its owner has spelt it. In V8 this copies, too: a mere slice would keep alive what it was cut from, here tens
			// of kilobytes of the log for each name (test/cli/usage/usage-memory.slow.test.ts holds it to that).
			const name = `${group} ${text.slice(0, MAX_NAME_LENGTH)}`.toLowerCase();
			const young = younger.get(name);
			const old = young === undefined ? older.get(name) : undefined;
			const uses = young ?? old;
			if (uses === undefined) {
				keep(name, { count: times, last: day });
				return;
			}
			uses.count += times;
			if (day > uses.last) uses.last = day;
			if (old === undefined) return;
			older.delete(name);
			keep(name, old);
		},
		list(chosen) {
			const merged = new Map<string, UseCount>();
			for (const [key, { count, last }] of [...older, ...younger]) {
				const space = key.indexOf(' ');
				if (!chosen(Number(key.slice(0, space)))) continue;
				const name = key.slice(space + 1);
				const known = merged.get(name);
				merged.set(name, {
					count: count + (known?.count ?? 0),
					last: known !== undefined && known.last > last ? known.last : last,
				});
			}
			return [...merged]
				.map(([name, { count, last }]) => ({ name, count, last }))
				.sort((a, b) => (a.last === b.last ? b.count - a.count || (a.name < b.name ? -1 : 1) : a.last < b.last ? 1 : -1));
		},
		isTruncated: () => cut,
	};
}

interface UseCount {
	count: number;
	last: string;
}
