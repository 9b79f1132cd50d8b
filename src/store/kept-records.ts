/** Records with a short memory: most requests read nothing at all, and an outage of KV is not one of ours. */
import type { Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import type { Found } from '../protocols/answer.ts';
import { bounded } from './bounded.ts';
import type { Records } from './records.ts';

/** Look-ups that an isolate remembers. */
const LOOKUPS = 2048;

interface Kept {
	readonly result: Result<Found, Problem>;
	/** Unix time in milliseconds until which it is as good as new. */
	readonly fresh: number;
}

/**
 * Keeps what `records` found for `seconds`; that there was nothing, for half as long. A copy past its time is served while the store fails.
 * @param now the clock, Unix time in milliseconds
 */
export function keptRecords(records: Records, seconds: number, now: () => number): Records {
	const kept = bounded<string, Kept>(LOOKUPS);

	async function renew(key: string, domains: Parameters<Records['find']>[0], copy: Kept | undefined): Promise<Kept['result']> {
		try {
			const result = await records.find(domains);
			kept.set(key, { result, fresh: now() + seconds * (result.ok ? 1000 : 500) });
			return result;
		} catch (failure) {
			if (copy === undefined) throw failure;
			return copy.result;
		}
	}

	return {
		find(domains) {
			const key = domains.join(' ');
			const copy = kept.get(key);
			return copy !== undefined && now() < copy.fresh ? copy.result : renew(key, domains, copy);
		},
	};
}
