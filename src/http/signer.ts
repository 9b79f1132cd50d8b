import type { Domain } from '../model/names.ts';

/** Signs what asks to be signed. */
export interface ProfileSigner {
	/** The signed document, or null when there is no key to sign with: it is then served as it is. Never throws: a certificate takes nothing down. */
	sign(body: string, domain: Domain): Promise<Uint8Array<ArrayBuffer> | null>;
	/** Every key there is, and how it stands. */
	readKeyStatuses(): Promise<readonly SigningKeyStatus[]>;
}

/** How a key and its certificate stand. */
export interface SigningKeyStatus {
	/** The domain whose profiles it signs; `*`: all that have none of their own. */
	readonly owner: string;
	/** Why it signs nothing; null where it does. */
	readonly fault: string | null;
	/** The certificate's name and its last moment (Unix time in milliseconds); null where it cannot be read. */
	readonly name: string | null;
	readonly notAfter: number | null;
}

/** Without a key. */
export const noSigner: ProfileSigner = { sign: async () => null, readKeyStatuses: async () => [] };
