/** Signs profiles with what the operator has given: keys from the Worker's secrets or from KV, CMS from the pure floor. */

import { createBoundedMap } from '../lib/bounded-map.ts';
import { writeLog } from '../lib/log.ts';
import type { Result } from '../lib/result.ts';
import type { SigningFault, SigningIdentity } from '../lib/signing-identity.ts';
import type { OwnedSigningPair, SigningKeys } from '../store/kv/kv-signing-keys.ts';
import type { ProfileSigner, SigningKeyStatus } from './signer.ts';

/** Loaded with the first profile: nobody else pays for ASN.1. */
const loadSigningIdentity = () => import('../lib/signing-identity.ts');

/** Keys that an isolate has ready. */
const CACHED_IDENTITIES = 64;

interface CachedIdentity {
	/** The pair as text: another text is another key. */
	readonly text: string;
	readonly identity: Promise<Result<SigningIdentity, SigningFault>>;
}

/** @param now the clock, Unix time in milliseconds */
export function createProfileSigner(keys: SigningKeys, now: () => number): ProfileSigner {
	const ready = createBoundedMap<string, CachedIdentity>(CACHED_IDENTITIES);

	/** The key is parsed and tried once in an isolate. */
	function identityOf({ owner, key, chain }: OwnedSigningPair): CachedIdentity['identity'] {
		const text = `${key}\n${chain}`;
		const known = ready.get(owner);
		if (known?.text === text) return known.identity;
		const identity = loadSigningIdentity().then(({ parseSigningIdentity }) => parseSigningIdentity(key, chain));
		ready.set(owner, { text, identity });
		// Whatever the platform throws on a strange key is thrown for each who waits for it; it is not remembered.
		return identity;
	}

	async function standing(pair: OwnedSigningPair): Promise<Result<SigningIdentity, SigningFault>> {
		const identity = await identityOf(pair);
		if (!identity.ok) return identity;
		const fault = (await loadSigningIdentity()).validityFault(identity.value, now());
		return fault === null ? identity : { ok: false, error: fault };
	}

	return {
		async sign(body, domain) {
			try {
				const pair = await keys.find(domain);
				if (pair === null) return null;
				const identity = await standing(pair);
				if (identity.ok) return await (await loadSigningIdentity()).signText(body, identity.value, now());
				writeLog('not-signed', { owner: pair.owner, reason: identity.error });
			} catch (failure) {
				writeLog('not-signed', { reason: String(failure) });
			}
			return null;
		},
		async readKeyStatuses() {
			return Promise.all((await keys.list()).map(stateOf));
		},
	};

	async function stateOf(pair: OwnedSigningPair): Promise<SigningKeyStatus> {
		const read = await identityOf(pair);
		const fault = await standing(pair);
		const leaf = read.ok ? read.value.leaf : null;
		return {
			owner: pair.owner,
			fault: fault.ok ? null : fault.error,
			name: leaf?.commonName ?? null,
			notAfter: leaf?.notAfter ?? null,
		};
	}
}
