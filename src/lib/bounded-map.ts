/** A map that forgets its oldest entries: what strangers ask for never grows an isolate. */
export interface BoundedMap<K, V> {
	get(key: K): V | undefined;
	set(key: K, value: V): void;
}

/** @param limit entries at most */
export function createBoundedMap<K, V>(limit: number): BoundedMap<K, V> {
	const entries = new Map<K, V>();
	return {
		get: (key) => entries.get(key),
		set(key, value) {
			// Written again is young again: a Map keeps the order of first insertion.
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
