/**
 * The file of a backup: one JSON object a line, each behind a checksum and a blank. The checksum (half of a SHA-256) covers the line and
 * the checksum before it, so that the last one covers the whole file: a line that is changed, missing, moved or cut off does not fit.
 * The first line is the header, the last one the end; after each page of the service's answer stands where to go on.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { BACKUP_PARTS, BackupLine } from '../../contract/backup-lines.ts';

/** Raised when an older tool could not read the file any more. */
export const BACKUP_VERSION = 1;

const Header = v.object({
	kind: v.literal('header'),
	version: v.number(),
	service: v.string(),
	at: v.string(),
	parts: v.array(v.picklist(BACKUP_PARTS)),
});
const Page = v.object({ kind: v.literal('page'), part: v.picklist(BACKUP_PARTS), next: v.nullable(v.string()) });
const End = v.object({ kind: v.literal('end'), lines: v.number() });
const FileLine = v.variant('kind', [Header, Page, End, ...BackupLine.options]);

export type BackupFileLine = v.InferOutput<typeof FileLine>;
export type BackupHeader = v.InferOutput<typeof Header>;

/** A line as it was read, or why the file ends here. */
export type ReadLine =
	| {
			readonly ok: true;
			readonly number: number;
			readonly line: BackupFileLine;
			readonly json: string;
			readonly sum: string;
			readonly end: number;
	  }
	| { readonly ok: false; readonly number: number; readonly reason: string };

/** The checksum of a line behind another one; the one before the first is empty. */
function chainSum(before: string, json: string): string {
	return createHash('sha256').update(`${before}\n${json}`).digest('hex').slice(0, 32);
}

/** The text of a line, and its checksum, with which the next one goes on. */
export function renderBackupLine(before: string, line: object): { readonly text: string; readonly sum: string } {
	const json = JSON.stringify(line);
	const sum = chainSum(before, json);
	return { text: `${sum} ${json}\n`, sum };
}

/** The lines of a file up to the first that does not fit. `end` is the byte behind the line. */
export async function* readBackupLines(path: string): AsyncGenerator<ReadLine> {
	let [number, end, sum] = [0, 0, ''];
	for await (const text of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY })) {
		number += 1;
		const json = text.slice(33);
		if (text.slice(0, 33) !== `${chainSum(sum, json)} `) return yield { ok: false, number, reason: 'its checksum does not fit' };
		const line = v.safeParse(FileLine, JSON.parse(json));
		if (!line.success) return yield { ok: false, number, reason: 'a newer version of signpost has written it' };
		sum = text.slice(0, 32);
		end += Buffer.byteLength(text) + 1;
		yield { ok: true, number, line: line.output, json, sum, end };
	}
}
