import type { ProfileSigner } from '../../src/http/profile-signer.ts';

/** A signer without a key, so that profiles stay unsigned. */
export const noSigner: ProfileSigner = { sign: async () => null, readKeyStatuses: async () => [] };
