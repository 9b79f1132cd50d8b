/** Remembers for a few seconds what was found: most requests then read nothing, and an outage of KV does not become one of the service. */

import { createBoundedMap } from '../../lib/bounded-map.ts';
import type { Result } from '../../lib/result.ts';
import type { ResolvedRecord } from '../../model/lookup.ts';
import type { Problem } from '../../model/problem.ts';
import type { Records } from '../ports/records.ts';

/** Look-ups that an isolate remembers. */
const CACHED_LOOKUPS = 2048;

interface CachedLookup {
	readonly result: Result<ResolvedRecord, Problem>;
	/** Unix time in milliseconds until which it is as good as new. */
	readonly freshUntil: number;
}

/**
 * Keeps what `records` found for `seconds`; that there was nothing, for half as long. A copy past its time is served while the store fails.
 * @param now the clock, Unix time in milliseconds
 */
export function createCachedRecords(records: Records, seconds: number, now: () => number): Records {
	const kept = createBoundedMap<string, CachedLookup>(CACHED_LOOKUPS);

	async function renew(
		key: string,
		domains: Parameters<Records['find']>[0],
		copy: CachedLookup | undefined,
	): Promise<CachedLookup['result']> {
		try {
			const result = await records.find(domains);
			kept.set(key, { result, freshUntil: now() + seconds * (result.ok ? 1000 : 500) });
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
			return copy !== undefined && now() < copy.freshUntil ? copy.result : renew(key, domains, copy);
		},
	};
}
