/** The key pairs that sign Apple profiles, from the Worker's secrets and from KV. */
import { createBoundedMap } from '../../lib/bounded-map.ts';
import type { Domain } from '../../model/names.ts';
import { type OwnedSigningPair, SERVICE_OWNER, type SigningKeyStore, type SigningKeys, type SigningPair } from '../ports/signing-keys.ts';
import { CACHE_TTL_SECONDS, type KvReader } from './kv-records.ts';

const SIGNING_KEY_PREFIX = 'signing:';

/** The key in KV under which an owner's pair is stored, as JSON with `key` and `chain`. */
export function signingKvKey(owner: string): string {
	return SIGNING_KEY_PREFIX + owner;
}

/**
 * Domains whose pair is cached in an isolate at most, and milliseconds for which it is: a renewed certificate is used after five minutes,
 * without a deployment.
 */
const CACHED_PAIRS = 512;
const CACHE_MS = 300_000;

/**
 * Finds the pair that signs a domain's profiles: the domain's own in KV, else the pair from the secrets, else the service's own in KV.
 * @param secret the pair from the secrets; null where they are not set
 * @param kv null where the operator keeps no pairs in KV: then KV is never read
 * @param now Unix time in milliseconds
 */
export function createKvSigningKeys(secret: SigningPair | null, kv: (KvReader & KvLister) | null, now: () => number): SigningKeys {
	const service = secret === null ? null : { owner: SERVICE_OWNER, ...secret };
	if (kv === null) return { find: () => service, list: async () => (service === null ? [] : [service]) };
	const cached = createBoundedMap<Domain, { readonly pair: OwnedSigningPair | null; readonly until: number }>(CACHED_PAIRS);

	async function read(owners: readonly string[]): Promise<readonly OwnedSigningPair[]> {
		const values = await kv?.get(owners.map(signingKvKey), { type: 'text', cacheTtl: CACHE_TTL_SECONDS });
		return owners.flatMap((owner) => {
			const text = values?.get(signingKvKey(owner)) ?? null;
			return text === null ? [] : [{ owner, ...parsePair(text) }];
		});
	}

	async function renew(domain: Domain, known: OwnedSigningPair | null | undefined): Promise<OwnedSigningPair | null> {
		try {
			const found = await read([domain, SERVICE_OWNER]);
			const pair = found.find(({ owner }) => owner === domain) ?? service ?? found[0] ?? null;
			cached.set(domain, { pair, until: now() + CACHE_MS });
			return pair;
		} catch (failure) {
			if (known === undefined) throw failure;
			return known;
		}
	}

	return {
		find(domain) {
			const known = cached.get(domain);
			return known !== undefined && now() < known.until ? known.pair : renew(domain, known?.pair);
		},
		async list() {
			const { keys } = await kv.list({ prefix: SIGNING_KEY_PREFIX });
			const owners = keys.map(({ name }) => name.slice(SIGNING_KEY_PREFIX.length));
			const pairs: OwnedSigningPair[] = service === null ? [] : [service];
			// One operation of KV reads a hundred keys at most.
			for (let at = 0; at < owners.length; at += 100) pairs.push(...(await read(owners.slice(at, at + 100))));
			return pairs.filter((pair) => pair === service || pair.owner !== SERVICE_OWNER || service === null);
		},
	};
}

/** The part of a KV namespace that lists keys. */
export interface KvLister {
	list(options: { prefix: string }): Promise<{ readonly keys: readonly { readonly name: string }[] }>;
}

/** Parses a stored pair. A text that holds none becomes an empty pair, for which signing and /health report an unreadable key. */
function parsePair(text: string): SigningPair {
	try {
		const value: unknown = JSON.parse(text);
		if (typeof value === 'object' && value !== null && 'key' in value && 'chain' in value) {
			const { key, chain } = value;
			if (typeof key === 'string' && typeof chain === 'string') return { key, chain };
		}
	} catch (error) {
		if (!(error instanceof SyntaxError)) throw error;
	}
	return { key: '', chain: '' };
}

/** The pairs in KV alone, to give them away and to take them back: those from the secrets cannot be read out. */
export function createKvSigningKeyStore(kv: KvReader & KvLister & { put(key: string, value: string): Promise<void> }): SigningKeyStore {
	return {
		list: () => createKvSigningKeys(null, kv, () => 0).list(),
		put: ({ owner, key, chain }) => kv.put(signingKvKey(owner), JSON.stringify({ key, chain })),
	};
}
