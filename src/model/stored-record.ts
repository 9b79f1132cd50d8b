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
	if (value.value.marked) return validateStored(value.value.stored);
	const parsed = parseRecord(value.value.input);
	if (parsed.ok) return ok({ record: parsed.value, revision: null });
	return err(parsed.error[0] ?? { path: '', reason: 'is no record' });
}

/** Validates a value with the mark. What it leaves out has its default, and names are in lower case, as where a record is saved. */
function validateStored({ record, revision, superseded = [] }: StoredRecord): Result<StoredRecord, RecordFault> {
	if (revision === null || !Number.isSafeInteger(revision) || revision < 1) return err({ path: 'revision', reason: 'must be a revision' });
	if (!Array.isArray(superseded)) return err({ path: 'earlier', reason: 'must be a list' });
	const earlier: SupersededRecord[] = [];
	for (const each of superseded) {
		const isEntry = typeof each === 'object' && each !== null && Number.isFinite(each.until);
		const parsed = isEntry ? parseSavedRecord(each.record) : null;
		if (parsed === null || !parsed.ok) return err({ path: 'earlier', reason: 'has an entry that is no record' });
		earlier.push({ until: each.until, record: parsed.value });
	}
	const parsed = parseSavedRecord(record);
	if (!parsed.ok) return parsed;
	return ok({ record: parsed.value, revision, ...(earlier.length === 0 ? {} : { superseded: earlier }) });
}

/** Records of earlier releases may have what is refused now (invisible characters, say): they are served as they are. */
function parseSavedRecord(record: ServiceRecord): Result<ServiceRecord, RecordFault> {
	const parsed = parseRecord(record);
	if (parsed.ok) return parsed;
	const fault = parsed.error.find(({ reason }) => !REASONS_OF_LATER_RELEASES.has(reason));
	return fault === undefined ? ok(record) : err(fault);
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
