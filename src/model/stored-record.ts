/**
 * The value of a record in KV, under `record:…`. The record keeper, which saves records for the console and the API, marks its values as
 * checked; a value that was put into KV by hand has no mark.
 */
import { err, ok, type Result } from '../lib/result.ts';
import { parseRecord, type RecordFault, type ServiceRecord } from './record.ts';
import { REASONS_OF_LATER_RELEASES } from './record-fields.ts';

/** A record that was replaced, and until when (Unix time in milliseconds) its PACC digest stays in the zone. */
export interface SupersededRecord {
	readonly until: number;
	/** An alias only where an alias of the same domain took its place. */
	readonly record: ServiceRecord;
}

/** A record as read from KV. */
export interface StoredRecord {
	readonly record: ServiceRecord;
	readonly superseded?: readonly SupersededRecord[];
	/** The record keeper's revision; null for a value that was put by hand. */
	readonly revision: number | null;
}

/** A value from KV whose record has not been validated so far: the types say what it should be. */
type StoredValue =
	/** With the record keeper's mark, which says how the value is made and nothing more. */
	| { readonly marked: true; readonly stored: StoredRecord }
	/** Put by hand: the whole value should be a record. */
	| { readonly marked: false; readonly input: unknown };

/**
 * Parses a value from KV: one with the record keeper's mark, `{"checked":1,"revision":7,"record":{…}}`, or a record that was put by hand.
 * Both are validated, because anybody who can write to KV can copy the mark. The result is kept for as long as the text stays the same.
 */
export function parseStored(text: string): Result<StoredRecord, RecordFault> {
	const value = parseStoredValue(text);
	if (!value.ok) return value;
	if (value.value.marked) {
		const { stored } = value.value;
		const fault = findStoredFault(stored);
		return fault === null ? ok(stored) : err(fault);
	}
	const parsed = parseRecord(value.value.input);
	if (parsed.ok) return ok({ record: parsed.value, revision: null });
	return err(parsed.error[0] ?? { path: '', reason: 'is no record' });
}

/**
 * The first fault of a value with the mark. Records of earlier releases may have what is refused now (invisible characters, say): they are
 * served.
 */
function findStoredFault({ record, revision, superseded = [] }: StoredRecord): RecordFault | null {
	if (revision === null || !Number.isSafeInteger(revision) || revision < 1) return { path: 'revision', reason: 'must be a revision' };
	if (!Array.isArray(superseded)) return { path: 'earlier', reason: 'must be a list' };
	const faultsOf = (candidate: unknown) => {
		const parsed = parseRecord(candidate);
		return parsed.ok ? [] : parsed.error.filter(({ reason }) => !REASONS_OF_LATER_RELEASES.has(reason));
	};
	for (const each of superseded) {
		const isEntry = typeof each === 'object' && each !== null && Number.isFinite(each.until);
		if (!isEntry || faultsOf(each.record).length > 0) return { path: 'earlier', reason: 'has an entry that is no record' };
	}
	return faultsOf(record)[0] ?? null;
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
