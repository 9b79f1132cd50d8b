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

/** YAML 1.2 contains JSON, so that one parser reads both. A repeated key is a fault in both. */
export function parseJsonOrYaml(from: string, text: string): Result<unknown, Failure> {
	try {
		return ok(parse(text, { logLevel: 'error' }));
	} catch (error) {
		// The library reports where a text is wrong by throwing.
		return err({ message: `${from} is neither JSON nor YAML: ${firstErrorLine(error).replace(/:$/, '')}` });
	}
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
	return /\.ya?ml$/i.test(file) ? stringify(record) : `${JSON.stringify(record, null, '\t')}\n`;
}
