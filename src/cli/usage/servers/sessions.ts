/** Sessions that are joined from several lines, in bounded memory. */

/** Sessions that are open at a time: more than the largest servers have, and a few MB. */
const MAX_OPEN = 20_000;

export interface Sessions<T> {
	get(key: string): T | undefined;
	set(key: string, session: T): void;
	/** Takes a session out. */
	take(key: string): T | undefined;
	/** Ends all that are open. */
	endAll(): void;
}

/** @param ended is told of sessions that are let go without an end of their own: the oldest where there are too many, and all when the logs end */
export function createSessions<T>(ended: (session: T, key: string) => void): Sessions<T> {
	let younger = new Map<string, T>();
	let older = new Map<string, T>();
	return {
		get: (key) => younger.get(key) ?? older.get(key),
		set(key, session) {
			older.delete(key);
			younger.set(key, session);
			if (younger.size < MAX_OPEN) return;
			for (const [old, left] of older) ended(left, old);
			older = younger;
			younger = new Map();
		},
		take(key) {
			const session = younger.get(key) ?? older.get(key);
			if (session === undefined) return undefined;
			younger.delete(key);
			older.delete(key);
			return session;
		},
		endAll() {
			for (const map of [older, younger]) for (const [key, session] of map) ended(session, key);
			older = new Map();
			younger = new Map();
		},
	};
}
