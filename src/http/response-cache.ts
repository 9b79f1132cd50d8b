/** Remembers prepared answers in the isolate's memory, within a limit that counts their characters: strangers choose for which domains. */
import type { DomainRecord } from '../model/record.ts';

/**
 * Answers by record and key. They belong to the record's object: as long as the text in the store stays the same, so does the object, and a
 * changed record has no answers yet.
 */
export interface ResponseCache<T> {
	get(record: DomainRecord, key: string): T | undefined;
	/** @param characters the size of what is kept */
	set(record: DomainRecord, key: string, value: T, characters: number): void;
}

/** Characters that an entry takes besides those of the answer: its key, its headers, the objects around them. */
const ENTRY_CHARACTERS = 1000;

type Generation<T> = WeakMap<DomainRecord, Map<string, { readonly value: T; readonly characters: number }>>;

/**
 * Keeps two generations. A full one becomes the old one, and what was the old one is dropped; an answer that is asked for moves to the new
 * one. So what is asked often stays, and nothing has to be searched for what is to go.
 * @param maxCharacters of both generations together
 */
export function createResponseCache<T>(maxCharacters: number): ResponseCache<T> {
	let current: Generation<T> = new WeakMap();
	let previous: Generation<T> = new WeakMap();
	let characters = 0;

	function add(record: DomainRecord, key: string, entry: { readonly value: T; readonly characters: number }): void {
		if (characters > maxCharacters / 2) {
			previous = current;
			current = new WeakMap();
			characters = 0;
		}
		characters += entry.characters;
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
			add(record, key, { value, characters: size + ENTRY_CHARACTERS });
		},
	};
}
