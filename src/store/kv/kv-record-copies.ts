/** The copies of records in Workers KV, from which mail clients are answered. The record keepers write them. */
import { DELETED_KEY_PREFIX, recordKey } from '../../model/record-key.ts';
import type { RecordName } from '../../model/record-name.ts';
import type { RecordCopies } from '../ports/record-copies.ts';
import { WILDCARD_LIST_KEY } from '../ports/wildcard-list.ts';

/** The part of a KV namespace that is used. */
export interface KvRecordNamespace {
	get(key: string, type: 'text'): Promise<string | null>;
	put(key: string, value: string): Promise<void>;
	delete(key: string): Promise<void>;
}

/** @param namespace called at each use, so that a binding which is replaced later takes effect */
export function createKvRecordCopies(namespace: () => KvRecordNamespace): RecordCopies {
	return {
		// KV takes one write of a key each second, and answers 429 to a second one.
		writeIntervalMs: 1000,
		// KV documents that a change may take 60 seconds to be visible everywhere; a location may then serve its cached value for another 60.
		stalenessMs: 120_000,
		read: (name) => namespace().get(recordKey(name), 'text'),
		async write(name, text) {
			if (text !== null) return namespace().put(recordKey(name), text);
			await namespace().delete(recordKey(name));
			// Stays when the record comes back: its keeper knows better, and is asked.
			await namespace().put(DELETED_KEY_PREFIX + name, '1');
		},
		forgetWildcardList: () => namespace().delete(WILDCARD_LIST_KEY),
	};
}

/** Reads the copies of up to a hundred records in one operation; null where there is none. */
export async function readKvCopies(
	namespace: Pick<KVNamespace, 'get'>,
	names: readonly RecordName[],
): Promise<ReadonlyMap<RecordName, string | null>> {
	const texts = await namespace.get(names.map(recordKey), 'text');
	return new Map(names.map((name) => [name, texts.get(recordKey(name)) ?? null]));
}
