/**
 * Caches looked-up records in memory for some seconds. Most requests then read nothing from KV, and during an outage of KV the cached records
 * are still served.
 */
import { createBoundedMap } from '../../lib/bounded-map.ts';
import type { LookupResult } from '../../model/lookup.ts';
import type { Domain } from '../../model/names.ts';
import { RECORD_KEY_PREFIX } from '../../model/record-key.ts';
import type { Records } from '../ports/records.ts';

/** Domains that are cached in one isolate at most, and names that strangers may have made up. */
const CACHED_DOMAINS = 2048;
const CACHED_UNKNOWN_NAMES = 2048;

/** What the key of a wildcard's record begins with. */
const WILDCARD_KEY_PREFIX = `${RECORD_KEY_PREFIX}*`;

interface CachedLookup {
	readonly result: LookupResult;
	/** Unix time in milliseconds until which the result is served without another read. */
	readonly freshUntil: number;
}

/**
 * Caches what `records` finds for each domain for `seconds`; that there is nothing for half as long. A result that is older is still served
 * while the store fails. Names without a record of their own are cached apart, so that however many a stranger makes up, they push out
 * each other and no domain that has a record.
 * @param now the clock, Unix time in milliseconds
 */
export function createCachedRecords(records: Records, seconds: number, now: () => number): Records {
	const domains = createBoundedMap<Domain, CachedLookup>(CACHED_DOMAINS);
	const unknownNames = createBoundedMap<Domain, CachedLookup>(CACHED_UNKNOWN_NAMES);

	const cachedLookup = (domain: Domain) => domains.get(domain) ?? unknownNames.get(domain);

	function remember(domain: Domain, result: LookupResult): void {
		const isOwn = result.ok && !result.value.foundUnder.startsWith(WILDCARD_KEY_PREFIX);
		const [mine, other] = isOwn ? [domains, unknownNames] : [unknownNames, domains];
		other.delete(domain);
		mine.set(domain, { result, freshUntil: now() + seconds * (result.ok ? 1000 : 500) });
	}

	/** Reads all of them at once, and remembers what that says about each. */
	async function renew(wanted: readonly [Domain, ...Domain[]]): Promise<LookupResult> {
		let result: LookupResult;
		try {
			result = await records.find(wanted);
		} catch (failure) {
			return findStale(wanted, failure);
		}
		for (const domain of wanted) {
			if (result.ok && result.value.domain === domain) {
				remember(domain, result);
				break;
			}
			// Of several names it is not known which one has the record that cannot be used.
			if (result.ok || result.error.code === 'unknown-domain') remember(domain, { ok: false, error: { code: 'unknown-domain' } });
			else if (wanted.length === 1) remember(domain, result);
		}
		return result;
	}

	/** The last known result. A name of which nothing is known could be the one that has the record. */
	function findStale(wanted: readonly Domain[], failure: unknown): LookupResult {
		let last: LookupResult | null = null;
		for (const domain of wanted) {
			const cached = cachedLookup(domain);
			if (cached === undefined) throw failure;
			last = cached.result;
			if (last.ok || last.error.code !== 'unknown-domain') return last;
		}
		if (last === null) throw failure;
		return last;
	}

	return {
		find(wanted) {
			let last: LookupResult | null = null;
			for (const [at, domain] of wanted.entries()) {
				const cached = cachedLookup(domain);
				if (cached === undefined || now() >= cached.freshUntil) return renew([domain, ...wanted.slice(at + 1)]);
				last = cached.result;
				if (last.ok || last.error.code !== 'unknown-domain') return last;
			}
			return last ?? renew(wanted);
		},
	};
}
