/** The port to the keys that sign profiles for iPhone, iPad and Mac: the service's own, and those of domains that have one. */
import type { MaybePromise } from '../../lib/maybe-promise.ts';
import type { Domain } from '../../model/names.ts';

/** A key and its certificates, as PEM. They are not validated here: signing with them and /health report a fault. */
export interface SigningPair {
	/** PKCS#8. */
	readonly key: string;
	/** The certificate of the key first, then those that issued it. */
	readonly chain: string;
}

export interface OwnedSigningPair extends SigningPair {
	/** The domain whose profiles it signs; `SERVICE_OWNER` for the pair that signs all others. */
	readonly owner: string;
}

/** Owns the pair that signs for every domain without a pair of its own. */
export const SERVICE_OWNER = '*';

export interface SigningKeys {
	/** The pair that signs a domain's profiles; null where none does. At once where it is remembered. Throws when the store does not answer. */
	find(domain: Domain): MaybePromise<OwnedSigningPair | null>;
	/** All pairs, to check them: a thousand at most. Throws when the store does not answer. */
	list(): Promise<readonly OwnedSigningPair[]>;
}

/** The store of the pairs, for a backup. */
export interface SigningKeyStore {
	list(): Promise<readonly OwnedSigningPair[]>;
	put(pair: OwnedSigningPair): Promise<void>;
}
