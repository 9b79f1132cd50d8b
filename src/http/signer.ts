/** Signs what asks to be signed. */
export interface Signer {
	/** The signed document, or null when there is no key to sign with: it is then served as it is. */
	sign(body: string): Promise<Uint8Array<ArrayBuffer> | null>;
}

/** Without a key. */
export const noSigner: Signer = { sign: async () => null };
