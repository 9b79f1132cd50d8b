/** Keys that sign profiles: the service's own, and those of domains that have one. */

import { createBoundedMap } from '../../lib/bounded-map.ts';
import type { Domain } from '../../model/names.ts';
import type { KvReader } from './kv-records.ts';

/** What signs, as PEM: a PKCS#8 private key, and its certificates, the leaf first. */
export interface SigningPair {
	readonly key: string;
	readonly chain: string;
}

export interface OwnedSigningPair extends SigningPair {
	/** The domain whose profiles it signs; `*` for the service's own, which signs all others. */
	readonly owner: string;
}

export interface SigningKeys {
	/** What signs a domain's profiles; null where nothing does. Throws when the store does not answer. */
	find(domain: Domain): Promise<OwnedSigningPair | null>;
	/** All there are, for whoever watches over them: a thousand at most. */
	list(): Promise<readonly OwnedSigningPair[]>;
}

const SIGNING_KEY_PREFIX = 'signing:';

/** The owner of what signs for every domain without its own. */
export const SERVICE_OWNER = '*';

/** The key in KV of an owner's pair: JSON with `key` and `chain`. */
export function signingKvKey(owner: string): string {
	return SIGNING_KEY_PREFIX + owner;
}

/** Pairs that an isolate remembers, and for how long: a renewed certificate is used five minutes later, without a deploy. */
const CACHED_PAIRS = 512;
const CACHE_MS = 300_000;

/**
 * Pairs from the Worker's secrets and from KV: a domain's own first, then the secrets, then the service's own in KV.
 * @param secret null where the secrets are not set
 * @param kv null where the operator keeps no pairs in KV: then nothing is ever read
 * @param now the clock, Unix time in milliseconds
 */
export function createKvSigningKeys(secret: SigningPair | null, kv: (KvReader & KvLister) | null, now: () => number): SigningKeys {
	const service = secret === null ? null : { owner: SERVICE_OWNER, ...secret };
	if (kv === null) return { find: async () => service, list: async () => (service === null ? [] : [service]) };
	const kept = createBoundedMap<Domain, { readonly pair: OwnedSigningPair | null; readonly until: number }>(CACHED_PAIRS);

	async function read(owners: readonly string[]): Promise<readonly OwnedSigningPair[]> {
		const values = await kv?.get(owners.map(signingKvKey), { type: 'text', cacheTtl: 60 });
		return owners.flatMap((owner) => {
			const text = values?.get(signingKvKey(owner)) ?? null;
			return text === null ? [] : [{ owner, ...parsePair(text) }];
		});
	}

	return {
		async find(domain) {
			const copy = kept.get(domain);
			if (copy !== undefined && now() < copy.until) return copy.pair;
			try {
				const found = await read([domain, SERVICE_OWNER]);
				const pair = found.find(({ owner }) => owner === domain) ?? service ?? found[0] ?? null;
				kept.set(domain, { pair, until: now() + CACHE_MS });
				return pair;
			} catch (failure) {
				if (copy === undefined) throw failure;
				return copy.pair;
			}
		},
		async list() {
			const { keys } = await kv.list({ prefix: SIGNING_KEY_PREFIX });
			const owners = keys.map(({ name }) => name.slice(SIGNING_KEY_PREFIX.length));
			const pairs: OwnedSigningPair[] = service === null ? [] : [service];
			// A bulk read takes a hundred keys.
			for (let at = 0; at < owners.length; at += 100) pairs.push(...(await read(owners.slice(at, at + 100))));
			return pairs.filter((pair) => pair === service || pair.owner !== SERVICE_OWNER || service === null);
		},
	};
}

/** The part of a KV namespace that lists. */
export interface KvLister {
	list(options: { prefix: string }): Promise<{ readonly keys: readonly { readonly name: string }[] }>;
}

/** Reads a stored pair. What is no such thing is a pair that cannot be read, which whoever signs with it will say. */
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
