/** Every record that the token may read, page after page. */
import { ok, type Result } from '../../lib/result.ts';
import { progress, type Trouble } from '../terminal.ts';
import { type Api, fieldOf, numberOf } from './api.ts';

export interface Exported {
	readonly domain: string;
	readonly revision: number;
	readonly record: unknown;
}

/** Hands each record over as it comes, and counts them on the terminal. */
export async function exportAll(api: Api, prefix: string, each: (exported: Exported) => void): Promise<Result<null, Trouble>> {
	const bar = progress(null);
	try {
		for (let after: string | null = ''; after !== null; ) {
			let next: string | null = null;
			const query = new URLSearchParams({ ...(prefix === '' ? {} : { prefix }), ...(after === '' ? {} : { after }) });
			const got = await api.lines('GET', `/export?${query}`, {}, (line) => {
				const [domain, revision] = [fieldOf(line, 'domain'), numberOf(line, 'revision')];
				if (domain !== undefined && revision !== undefined) {
					bar.step(`read: ${domain}`);
					each({ domain, revision, record: line.record });
				} else next = fieldOf(line, 'next') ?? null;
			});
			if (!got.ok) return got;
			after = next;
		}
		return ok(null);
	} finally {
		bar.done();
	}
}
