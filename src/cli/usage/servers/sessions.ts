/** Joins sessions from several lines, in bounded memory. */

/** How many sessions may be open at the same time: more than the largest servers have, and a few MB. */
const MAX_OPEN = 20_000;

export interface Sessions<Key, T> {
	get(key: Key): T | undefined;
	set(key: Key, session: T): void;
	/** Removes a session and returns it. */
	take(key: Key): T | undefined;
	/** Ends all open sessions. */
	endAll(): void;
}

/**
 * @param ended is told of sessions that are let go without an end of their own: the oldest where there are too many, and all when the logs
 * end
 */
export function createSessions<T, Key = string>(ended: (session: T) => void): Sessions<Key, T> {
	let younger = new Map<Key, T>();
	let older = new Map<Key, T>();
	return {
		get: (key) => younger.get(key) ?? older.get(key),
		set(key, session) {
			if (older.size > 0) older.delete(key);
			younger.set(key, session);
			if (younger.size < MAX_OPEN) return;
			for (const left of older.values()) ended(left);
			older = younger;
			younger = new Map();
		},
		take(key) {
			const session = younger.get(key) ?? older.get(key);
			if (session === undefined) return undefined;
			if (!younger.delete(key)) older.delete(key);
			return session;
		},
		endAll() {
			for (const map of [older, younger]) for (const session of map.values()) ended(session);
			older = new Map();
			younger = new Map();
		},
	};
}
