/** Every record that the token may read, page after page. */
import { ok, type Result } from '../../lib/result.ts';
import { createProgress, type Failure } from '../terminal.ts';
import { type AdminApiClient, numberField, stringField } from './admin-api-client.ts';

export interface ExportedRecord {
	readonly domain: string;
	readonly revision: number;
	readonly record: unknown;
}

/** Hands each record over as it comes, and counts them on the terminal. */
export async function fetchAllRecords(
	api: AdminApiClient,
	prefix: string,
	each: (exported: ExportedRecord) => void,
): Promise<Result<null, Failure>> {
	const bar = createProgress(null);
	try {
		for (let after: string | null = ''; after !== null; ) {
			let next: string | null = null;
			const query = new URLSearchParams({ ...(prefix === '' ? {} : { prefix }), ...(after === '' ? {} : { after }) });
			const got = await api.requestLines('GET', `/export?${query}`, {}, (line) => {
				const [domain, revision] = [stringField(line, 'domain'), numberField(line, 'revision')];
				if (domain !== undefined && revision !== undefined) {
					bar.step(`read: ${domain}`);
					each({ domain, revision, record: line.record });
				} else next = stringField(line, 'next') ?? null;
			});
			if (!got.ok) return got;
			after = next;
		}
		return ok(null);
	} finally {
		bar.done();
	}
}
