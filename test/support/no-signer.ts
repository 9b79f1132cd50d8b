import type { ProfileSigner } from '../../src/http/profile-signer.ts';

/** Has no key: profiles stay unsigned. */
export const noSigner: ProfileSigner = { sign: async () => null, readKeyStatuses: async () => [] };
