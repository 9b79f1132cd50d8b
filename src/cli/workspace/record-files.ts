/**
 * Records in files, as JSON or YAML. The ending of the name decides how a file is written; every file is read as YAML, which includes JSON.
 */
import { parse, stringify } from 'yaml';
import { firstErrorLine } from '../../lib/error-message.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { parseRecord, type RecordFault, type ServiceRecord } from '../../model/record.ts';
import type { Failure } from '../terminal.ts';

/** The end of a record file's name; what stands before it is the domain. */
export const RECORD_FILE_SUFFIX = /\.(json|ya?ml)$/i;

/** Bytes of a record's file at most: MAX_RECORD_BYTES of JSON, with room for white space and comments. */
export const MAX_RECORD_FILE_BYTES = 262_144;

const JSON_WHITE_SPACE = ' \t\n\r';

const MERGE_MARK = /^(?:<{7}|>{7}) /m;

/** YAML 1.2 contains JSON, so that one parser reads both. A repeated key is a fault in both. */
export function parseJsonOrYaml(from: string, text: string): Result<unknown, Failure> {
	// Bytes that are no UTF-8 were read as this character.
	if (text.includes('\uFFFD')) return err({ message: `${from} is not UTF-8 text` });
	const written = parsePlainJson(text);
	if (written !== null) return ok(written);
	if (MERGE_MARK.test(text))
		return err({ message: `${from} has the marks that git leaves where it could not merge (<<<<<<<): keep one side, and take them out` });
	try {
		return ok(parse(text, { logLevel: 'error' }));
	} catch (error) {
		// The library reports where a text is wrong by throwing.
		return err({ message: `${from} is neither JSON nor YAML: ${firstErrorLine(error).replace(/:$/, '')}` });
	}
}

/**
 * Reads JSON in which no key is repeated, written as `JSON.stringify` writes it but for the white space; null for every other text. Folders
 * have a hundred thousand files of it, and the other parser takes ten times as long.
 */
function parsePlainJson(text: string): unknown {
	try {
		const value: unknown = JSON.parse(text);
		// The value of a text with a repeated key has the key once, so that its text is another one.
		return isSameButForWhiteSpace(text, JSON.stringify(value)) ? value : null;
	} catch {
		// It is YAML, or nothing.
		return null;
	}
}

/** @param compact JSON without white space between its tokens */
function isSameButForWhiteSpace(text: string, compact: string): boolean {
	let position = 0;
	let isInString = false;
	let isEscaped = false;
	for (const character of text) {
		if (!isInString && JSON_WHITE_SPACE.includes(character)) continue;
		if (!compact.startsWith(character, position)) return false;
		position += character.length;
		if (character === '"' && !isEscaped) isInString = !isInString;
		isEscaped = character === '\\' && !isEscaped;
	}
	return position === compact.length;
}

function renderJson(value: unknown): string {
	return `${JSON.stringify(value, null, '\t')}\n`;
}

/** @param from the file or URL, for the message */
export function validateRecord(from: string, input: unknown): Result<ServiceRecord, Failure> {
	const parsed = parseRecord(input);
	if (parsed.ok) return parsed;
	return err({ message: `${from}: ${describeRecordFaults(parsed.error)}`, hint: 'docs/records.md lists every field.' });
}

/** Every fault of a record in one sentence. */
export function describeRecordFaults(faults: readonly RecordFault[]): string {
	return faults.map(({ path, reason }) => `${path === '' ? 'the record' : path} ${reason}`).join('; ');
}

/** The text of a record for a file of that name. */
export function renderRecordFile(file: string, record: unknown): string {
	return /\.ya?ml$/i.test(file) ? stringify(record) : renderJson(record);
}
