/** What stands in KV under `record:…`. */
import { err, ok, type Result } from '../lib/result.ts';
import { type DomainRecord, parseRecord, type RecordFault, type ServiceRecord } from './record.ts';

/** A record that was replaced, and until when (Unix time in milliseconds) its PACC digest stays in the zone. */
export interface SupersededRecord {
	readonly until: number;
	readonly record: DomainRecord;
}

/** A record as read from KV. */
export interface StoredRecord {
	readonly record: ServiceRecord;
	readonly superseded?: readonly SupersededRecord[];
	/** The keeper's revision; null for a value put by hand. */
	readonly revision: number | null;
}

/**
 * Reads a value from KV. One that bears the keeper's mark was checked when it was written and is taken as it is:
 * `{"checked":1,"revision":7,"record":{…}}`. Everything else is a record put by hand, and is checked here.
 */
export function parseStored(text: string): Result<StoredRecord, RecordFault> {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return err({ path: '', reason: 'is not JSON' });
	}
	if (isCheckedValue(value)) {
		const { record, revision, earlier } = value;
		return ok({ record, revision, ...(earlier === undefined ? {} : { superseded: earlier }) });
	}
	const parsed = parseRecord(value);
	if (parsed.ok) return ok({ record: parsed.value, revision: null });
	return err(parsed.error[0] ?? { path: '', reason: 'is no record' });
}

/** The text of a checked record, with its mark. */
export function renderStored(record: ServiceRecord, revision: number, earlier: readonly SupersededRecord[] = []): string {
	return JSON.stringify({ checked: 1, revision, earlier: earlier.length === 0 ? undefined : earlier, record });
}

interface CheckedValue {
	readonly checked: 1;
	readonly revision: number;
	readonly earlier?: readonly SupersededRecord[];
	readonly record: ServiceRecord;
}

function isCheckedValue(value: unknown): value is CheckedValue {
	return (
		typeof value === 'object' &&
		value !== null &&
		'checked' in value &&
		value.checked === 1 &&
		'revision' in value &&
		typeof value.revision === 'number' &&
		'record' in value &&
		typeof value.record === 'object' &&
		value.record !== null
	);
}
