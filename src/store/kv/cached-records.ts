/**
 * Caches looked-up records in memory for some seconds. Most requests then read nothing from KV, and during an outage of KV the cached records
 * are still served.
 */
import { createBoundedMap } from '../../lib/bounded-map.ts';
import { ALIAS_TARGET_PATH, type LookupResult } from '../../model/lookup.ts';
import type { Domain } from '../../model/names.ts';
import type { Problem } from '../../model/problem.ts';
import { isWildcardKey } from '../../model/record-key.ts';
import type { Records } from '../ports/records.ts';

/** Domains that are cached in one isolate at most, and names that strangers may have made up. */
const CACHED_DOMAINS = 2048;
const CACHED_UNKNOWN_NAMES = 2048;

/** Milliseconds for which a request waits for the store: less where there is an earlier answer to give instead. */
const PATIENCE_MS = { withAnswer: 2000, withoutAnswer: 10_000 } as const;

export interface CachedRecordsOptions {
	readonly seconds: number;
	/** The clock, Unix time in milliseconds. */
	readonly now: () => number;
	/** Is told of a stored value that cannot be used, where an earlier answer is given in its place. */
	readonly onDamaged?: (problem: UnusableRecord) => void;
	readonly patienceMs?: { readonly withAnswer: number; readonly withoutAnswer: number };
}

type UnusableRecord = Problem & { readonly code: 'bad-record' };

interface CachedLookup {
	readonly result: LookupResult;
	/** Unix time in milliseconds until which the result is served without another read. */
	readonly freshUntil: number;
}

/**
 * Caches what `records` finds for each domain for `seconds`; that there is nothing for half as long. A result that is older is still served
 * while the store fails. Names without a record of their own are cached apart, so that however many a stranger makes up, they push out
 * each other and no domain that has a record.
 */
export function createCachedRecords(records: Records, options: CachedRecordsOptions): Records {
	const { seconds, now, onDamaged = () => undefined, patienceMs = PATIENCE_MS } = options;
	const domains = createBoundedMap<Domain, CachedLookup>(CACHED_DOMAINS);
	const unknownNames = createBoundedMap<Domain, CachedLookup>(CACHED_UNKNOWN_NAMES);

	const cachedLookup = (domain: Domain) => domains.get(domain) ?? unknownNames.get(domain);

	function remember(domain: Domain, result: LookupResult): void {
		const isOwn = result.ok && !isWildcardKey(result.value.foundUnder);
		const [mine, other] = isOwn ? [domains, unknownNames] : [unknownNames, domains];
		other.delete(domain);
		mine.set(domain, { result, freshUntil: now() + seconds * (result.ok ? 1000 : 500) });
	}

	/**
	 * A value that is no record may have been damaged in the store or on its way: the last good answer, if this isolate has it, goes on. An
	 * alias whose target is gone has no such answer, because its target was deleted on purpose.
	 */
	function rememberUnusable(domain: Domain, problem: UnusableRecord): LookupResult {
		const known = cachedLookup(domain)?.result;
		if (known?.ok !== true || problem.path === ALIAS_TARGET_PATH) {
			remember(domain, { ok: false, error: problem });
			return { ok: false, error: problem };
		}
		onDamaged(problem);
		remember(domain, known);
		return known;
	}

	/** Reads all of them at once, and remembers what that says about each. */
	async function readAll(wanted: readonly [Domain, ...Domain[]]): Promise<LookupResult> {
		const result = await records.find(wanted);
		for (const domain of wanted) {
			if (result.ok && result.value.domain === domain) {
				remember(domain, result);
				break;
			}
			// Of several names it is not known which one has the record that cannot be used.
			if (result.ok || result.error.code === 'unknown-domain') remember(domain, { ok: false, error: { code: 'unknown-domain' } });
			else if (wanted.length === 1 && result.error.code === 'bad-record') return rememberUnusable(domain, result.error);
		}
		return result;
	}

	/** Reads them; while the store fails, or takes too long, the last good answer goes on. */
	async function renew(wanted: readonly [Domain, ...Domain[]]): Promise<LookupResult> {
		const lastGood = findLastGood(wanted);
		try {
			return await withDeadline(readAll(wanted), lastGood === null ? patienceMs.withoutAnswer : patienceMs.withAnswer);
		} catch (failure) {
			if (lastGood === null) throw failure;
			return lastGood;
		}
	}

	/**
	 * The last record that is known, where the names before it are known to have none. That there is nothing is no answer while the store
	 * fails: it may have lost the record, or have one by now.
	 */
	function findLastGood(wanted: readonly Domain[]): LookupResult | null {
		for (const domain of wanted) {
			const result = cachedLookup(domain)?.result;
			if (result === undefined) return null;
			if (result.ok || result.error.code !== 'unknown-domain') return result;
		}
		return null;
	}

	return {
		find(wanted) {
			const time = now();
			let last: LookupResult | null = null;
			let read = 0;
			for (const domain of wanted) {
				read++;
				const cached = cachedLookup(domain);
				if (cached === undefined || time >= cached.freshUntil) return renew([domain, ...wanted.slice(read)]);
				last = cached.result;
				if (last.ok || last.error.code !== 'unknown-domain') return last;
			}
			return last ?? renew(wanted);
		},
	};
}

/** @throws when the work takes longer than `milliseconds`; it goes on all the same */
async function withDeadline<T>(work: Promise<T>, milliseconds: number): Promise<T> {
	let timer: ReturnType<typeof setTimeout> | null = null;
	const deadline = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Error(`KV has not answered within ${milliseconds} ms`)), milliseconds);
	});
	try {
		return await Promise.race([work, deadline]);
	} finally {
		clearTimeout(timer);
	}
}
