/**
 * The value of a record in KV, under `record:…`. The record keeper, which saves records for the console and the API, marks its values as
 * checked; a value that was put into KV by hand has no mark.
 */
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
	/** The record keeper's revision; null for a value that was put by hand. */
	readonly revision: number | null;
}

/** A value from KV whose record has not been validated here. */
type StoredValue =
	/** Written by the record keeper, which validates every record before it writes. */
	| { readonly marked: true; readonly stored: StoredRecord }
	/** Put by hand: the whole value should be a record. */
	| { readonly marked: false; readonly input: unknown };

/**
 * Parses a value from KV. One with the record keeper's mark was validated when it was written and is taken as it is:
 * `{"checked":1,"revision":7,"record":{…}}`. Everything else is a record that was put by hand, and is validated here.
 */
export function parseStored(text: string): Result<StoredRecord, RecordFault> {
	const value = parseStoredValue(text);
	if (!value.ok) return value;
	if (value.value.marked) return ok(value.value.stored);
	const parsed = parseRecord(value.value.input);
	if (parsed.ok) return ok({ record: parsed.value, revision: null });
	return err(parsed.error[0] ?? { path: '', reason: 'is no record' });
}

/**
 * The JSON of the record in a value from KV, without the record keeper's mark and not validated.
 * It serves to show and to judge a record that was changed by hand; answers to clients are made from `parseStored`.
 */
export function parseStoredRecordJson(text: string): Result<unknown, RecordFault> {
	const value = parseStoredValue(text);
	if (!value.ok) return value;
	return ok(value.value.marked ? value.value.stored.record : value.value.input);
}

/** The value for KV of a validated record, with the mark. */
export function renderStored(record: ServiceRecord, revision: number, superseded: readonly SupersededRecord[]): string {
	return JSON.stringify({ checked: 1, revision, earlier: superseded.length === 0 ? undefined : superseded, record });
}

function parseStoredValue(text: string): Result<StoredValue, RecordFault> {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return err({ path: '', reason: 'is not JSON' });
	}
	if (!isMarkedValue(value)) return ok({ marked: false, input: value });
	const { record, revision, earlier } = value;
	return ok({ marked: true, stored: { record, revision, ...(earlier === undefined ? {} : { superseded: earlier }) } });
}

/** The JSON that `renderStored` writes. */
interface MarkedValue {
	readonly checked: 1;
	readonly revision: number;
	readonly earlier?: readonly SupersededRecord[];
	readonly record: ServiceRecord;
}

function isMarkedValue(value: unknown): value is MarkedValue {
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
