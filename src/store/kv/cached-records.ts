/**
 * Caches looked-up records in memory for some seconds. Most requests then read nothing from KV, and during an outage of KV the cached records
 * are still served.
 */
import { createBoundedMap } from '../../lib/bounded-map.ts';
import type { Result } from '../../lib/result.ts';
import type { ResolvedRecord } from '../../model/lookup.ts';
import type { Problem } from '../../model/problem.ts';
import type { Records } from '../ports/records.ts';

/** Look-ups that are cached in one isolate at most. */
const CACHED_LOOKUPS = 2048;

interface CachedLookup {
	readonly result: Result<ResolvedRecord, Problem>;
	/** Unix time in milliseconds until which the result is served without another read. */
	readonly freshUntil: number;
}

/**
 * Caches each result of `records` for `seconds`; one without a record for half as long. A result that is older is still served while the
 * store fails.
 * @param now the clock, Unix time in milliseconds
 */
export function createCachedRecords(records: Records, seconds: number, now: () => number): Records {
	const cache = createBoundedMap<string, CachedLookup>(CACHED_LOOKUPS);

	async function renew(
		key: string,
		domains: Parameters<Records['find']>[0],
		cached: CachedLookup | undefined,
	): Promise<CachedLookup['result']> {
		try {
			const result = await records.find(domains);
			cache.set(key, { result, freshUntil: now() + seconds * (result.ok ? 1000 : 500) });
			return result;
		} catch (failure) {
			if (cached === undefined) throw failure;
			return cached.result;
		}
	}

	return {
		find(domains) {
			const key = domains.join(' ');
			const cached = cache.get(key);
			return cached !== undefined && now() < cached.freshUntil ? cached.result : renew(key, domains, cached);
		},
	};
}
