/** Lines of the audit log that belong to one act: a bulk edit, or the records of one import. No I/O. */
import type { OperationOutput } from '../api-client.ts';

export type AuditLine = OperationOutput<'readAudit'>['lines'][number];

export interface AuditGroup {
	/** Newest first; never empty. */
	readonly lines: readonly [AuditLine, ...AuditLine[]];
	/** The bulk edit that the lines belong to; null where they belong to none. */
	readonly bulkEdit: string | null;
}

/** Milliseconds between two lines of one import at most. */
const IMPORT_PAUSE_MS = 60_000;

/** @param lines newest first, as the service sends them */
export function groupAuditLines(lines: readonly AuditLine[]): readonly AuditGroup[] {
	const groups: { lines: [AuditLine, ...AuditLine[]]; readonly bulkEdit: string | null }[] = [];
	for (const line of lines) {
		const last = groups.at(-1);
		if (last !== undefined && isSameAct(last.lines.at(-1) ?? line, line)) last.lines.push(line);
		else groups.push({ lines: [line], bulkEdit: line.bulkEdit ?? null });
	}
	return groups;
}

function isSameAct(newer: AuditLine, older: AuditLine): boolean {
	if (newer.who !== older.who || newer.token !== older.token || newer.act !== older.act) return false;
	if ((newer.bulkEdit ?? null) !== null || (older.bulkEdit ?? null) !== null) return newer.bulkEdit === older.bulkEdit;
	return newer.act === 'import' && newer.detail === older.detail && Date.parse(newer.at) - Date.parse(older.at) <= IMPORT_PAUSE_MS;
}
