/** Signs configuration profiles for iPhone, iPad and Mac with the keys that the operator has given, or leaves them unsigned. */
import { createBoundedMap } from '../lib/bounded-map.ts';
import { writeLog } from '../lib/log.ts';
import { chain, type MaybePromise } from '../lib/maybe-promise.ts';
import type { Result } from '../lib/result.ts';
import type { SigningFault, SigningIdentity } from '../lib/signing-identity.ts';
import type { Domain } from '../model/names.ts';
import type { OwnedSigningPair, SigningKeys } from '../store/ports/signing-keys.ts';

export interface ProfileSigner {
	/**
	 * The signed document as DER; null when there is no key that can sign: the document is then served as it is. Never throws, because a
	 * fault of a certificate must not keep anybody from the settings.
	 * @param body UTF-8, of which nothing is needed once the call has returned
	 */
	sign(body: Uint8Array<ArrayBuffer>, domain: Domain): MaybePromise<Uint8Array<ArrayBuffer> | null>;
	/** The state of every key. Throws when the store of the keys does not answer. */
	readKeyStatuses(): Promise<readonly SigningKeyStatus[]>;
}

/** The state of a key and its certificate. */
export interface SigningKeyStatus {
	/** The domain whose profiles it signs; `*`: all domains that have no key of their own. */
	readonly owner: string;
	/** Why it signs nothing; null where it does. */
	readonly fault: string | null;
	/** The common name of the certificate; null where it cannot be read. */
	readonly name: string | null;
	/** The end of the certificate, Unix time in milliseconds; null where it cannot be read. */
	readonly notAfter: number | null;
}

/** Loaded with the first profile: an isolate that serves none does without the ASN.1 library. */
const loadSigningIdentity = () => import('../lib/signing-identity.ts');

/** Keys that an isolate keeps ready to sign. */
const CACHED_IDENTITIES = 64;

interface CachedIdentity {
	/** The pair as text: another text is another key. */
	readonly text: string;
	readonly identity: Result<SigningIdentity, SigningFault>;
}

/** @param now the clock, Unix time in milliseconds */
export function createProfileSigner(keys: SigningKeys, now: () => number): ProfileSigner {
	const cached = createBoundedMap<string, CachedIdentity>(CACHED_IDENTITIES);

	/**
	 * A key is parsed and tried once in an isolate. The finished result is kept, not the promise: a promise that one request began may
	 * never settle for another on Workers, and one that was rejected would stay so.
	 */
	async function identityOf({ owner, key, chain }: OwnedSigningPair): Promise<CachedIdentity['identity']> {
		const text = `${key}\n${chain}`;
		const known = cached.get(owner);
		if (known?.text === text) return known.identity;
		const { parseSigningIdentity } = await loadSigningIdentity();
		const identity = await parseSigningIdentity(key, chain);
		cached.set(owner, { text, identity });
		return identity;
	}

	/** The identity, if its certificate is valid now. */
	async function validIdentityOf(pair: OwnedSigningPair): Promise<Result<SigningIdentity, SigningFault>> {
		const identity = await identityOf(pair);
		if (!identity.ok) return identity;
		const fault = (await loadSigningIdentity()).validityFault(identity.value, now());
		return fault === null ? identity : { ok: false, error: fault };
	}

	async function signWith(pair: OwnedSigningPair, body: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer> | null> {
		const identity = await validIdentityOf(pair);
		if (identity.ok) return (await import('../lib/cms.ts')).signCms(body, identity.value, now());
		writeLog('not-signed', { owner: pair.owner, reason: identity.error });
		return null;
	}

	async function statusOf(pair: OwnedSigningPair): Promise<SigningKeyStatus> {
		const identity = await identityOf(pair);
		const valid = await validIdentityOf(pair);
		const leaf = identity.ok ? identity.value.leaf : null;
		return {
			owner: pair.owner,
			fault: valid.ok ? null : valid.error,
			name: leaf?.commonName ?? null,
			notAfter: leaf?.notAfter ?? null,
		};
	}

	return {
		sign(body, domain) {
			try {
				const found = keys.find(domain);
				if (found === null) return null;
				const kept = body.slice();
				const signed = chain(found, (pair) => (pair === null ? null : signWith(pair, kept)));
				return signed instanceof Promise ? signed.catch(unsigned) : signed;
			} catch (failure) {
				return unsigned(failure);
			}
		},
		async readKeyStatuses() {
			return Promise.all((await keys.list()).map(statusOf));
		},
	};
}

function unsigned(failure: unknown): null {
	writeLog('not-signed', { reason: String(failure) });
	return null;
}
