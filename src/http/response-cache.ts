/** Remembers prepared answers in the isolate's memory, within a limit that counts their bytes: strangers choose for which domains. */
import type { DomainRecord } from '../model/record.ts';

/**
 * Answers by record and key. They belong to the record's object: as long as the text in the store stays the same, so does the object, and a
 * changed record has no answers yet.
 */
export interface ResponseCache<T> {
	get(record: DomainRecord, key: string): T | undefined;
	/** @param bytes the size of what is kept */
	set(record: DomainRecord, key: string, value: T, bytes: number): void;
}

/** Bytes that an entry takes besides those of the answer: its key, its headers, the objects around them. */
const ENTRY_BYTES = 1500;

type Generation<T> = WeakMap<DomainRecord, Map<string, { readonly value: T; readonly bytes: number }>>;

/**
 * Keeps two generations. A full one becomes the old one, and what was the old one is dropped; an answer that is asked for moves to the new
 * one. So what is asked often stays, and nothing has to be searched for what is to go.
 * @param maxBytes of both generations together
 */
export function createResponseCache<T>(maxBytes: number): ResponseCache<T> {
	let current: Generation<T> = new WeakMap();
	let previous: Generation<T> = new WeakMap();
	let bytes = 0;

	function add(record: DomainRecord, key: string, entry: { readonly value: T; readonly bytes: number }): void {
		if (bytes > maxBytes / 2) {
			previous = current;
			current = new WeakMap();
			bytes = 0;
		}
		bytes += entry.bytes;
		const entries = current.get(record);
		if (entries === undefined) current.set(record, new Map([[key, entry]]));
		else entries.set(key, entry);
	}

	return {
		get(record, key) {
			const entry = current.get(record)?.get(key);
			if (entry !== undefined) return entry.value;
			const old = previous.get(record)?.get(key);
			if (old !== undefined) add(record, key, old);
			return old?.value;
		},
		set(record, key, value, size) {
			add(record, key, { value, bytes: size + ENTRY_BYTES });
		},
	};
}
