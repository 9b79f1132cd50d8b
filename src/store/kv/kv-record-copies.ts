/** The copies of records in Workers KV, which mail clients are answered from. */
import { DELETED_KEY_PREFIX, recordKey } from '../../model/record-key.ts';
import type { RecordCopies } from '../ports/record-copies.ts';

/** The part of a KV namespace that is used. */
export interface KvRecordNamespace {
	get(key: string, type: 'text'): Promise<string | null>;
	put(key: string, value: string): Promise<void>;
	delete(key: string): Promise<void>;
}

/** @param namespace asked for at each use, so that a binding that is replaced is used from then on */
export function createKvRecordCopies(namespace: () => KvRecordNamespace): RecordCopies {
	return {
		// KV takes one write of a key each second, and answers 429 to a second one.
		writeIntervalMs: 1000,
		// KV says that a change may take 60 seconds to be seen everywhere; a location may then show what it has read for another 60.
		stalenessMs: 120_000,
		read: (name) => namespace().get(recordKey(name), 'text'),
		async write(name, text) {
			if (text !== null) return namespace().put(recordKey(name), text);
			await namespace().delete(recordKey(name));
			// Stays when the record comes back: its keeper knows better, and is asked.
			await namespace().put(DELETED_KEY_PREFIX + name, '1');
		},
	};
}
