/**
 * A map with a limit, which drops its oldest entries. It serves as a cache whose keys strangers choose: without a limit they could fill the
 * memory.
 */
export interface BoundedMap<K, V> {
	get(key: K): V | undefined;
	set(key: K, value: V): void;
	delete(key: K): void;
}

/** @param limit entries at most */
export function createBoundedMap<K, V>(limit: number): BoundedMap<K, V> {
	const entries = new Map<K, V>();
	return {
		get: (key) => entries.get(key),
		delete: (key) => void entries.delete(key),
		set(key, value) {
			// A Map keeps the order of first insertion: deleting the key first makes an entry that is written again the newest.
			entries.delete(key);
			entries.set(key, value);
			if (entries.size <= limit) return;
			for (const oldest of entries.keys()) {
				entries.delete(oldest);
				return;
			}
		},
	};
}
