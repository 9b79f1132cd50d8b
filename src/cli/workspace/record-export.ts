/** Every record that the token may read, page after page. */
import { ok, type Result } from '../../lib/result.ts';
import { createProgress } from '../progress.ts';
import type { Failure } from '../terminal.ts';
import type { AdminApiClient } from './admin-api-client.ts';

export interface ExportedRecord {
	readonly domain: string;
	readonly revision: number;
	/** The record as it is stored; it may be older than the tool's own schema. */
	readonly record: unknown;
}

/** Calls back for each record as it arrives, and shows their count on the terminal. */
export async function fetchAllRecords(
	api: AdminApiClient,
	prefix: string,
	each: (exported: ExportedRecord) => void,
): Promise<Result<null, Failure>> {
	const progress = createProgress(null);
	try {
		for (let after: string | null = ''; after !== null; ) {
			// Without a last line that names it there is no next page.
			let next: string | null = null;
			const read = await api.callLines('exportRecords', { query: { prefix, after } }, (line) => {
				if ('next' in line) {
					next = line.next;
					return;
				}
				progress.step(`read: ${line.domain}`);
				each(line);
			});
			if (!read.ok) return read;
			after = next;
		}
		return ok(null);
	} finally {
		progress.done();
	}
}
