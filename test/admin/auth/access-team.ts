/** A team of Cloudflare Access for tests: its keys and its assertions. */
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** The values of ACCESS_TEAM and ACCESS_AUD in vitest.config.ts. */
const [TEAM, AUDIENCE] = ['https://team.cloudflareaccess.com', 'aud'];

export interface AccessTeam {
	readonly url: string;
	/** The key set, as the team serves it at /cdn-cgi/access/certs. */
	readonly keys: string;
	readonly assertion: (claims: Record<string, unknown>) => Promise<string>;
}

export async function accessTeam(): Promise<AccessTeam> {
	const { publicKey, privateKey } = await generateKeyPair('RS256');
	return {
		url: TEAM,
		keys: JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'key', alg: 'RS256' }] }),
		assertion: (claims) =>
			new SignJWT(claims)
				.setProtectedHeader({ alg: 'RS256', kid: 'key' })
				.setIssuer(TEAM)
				.setAudience(AUDIENCE)
				.setExpirationTime('5m')
				.sign(privateKey),
	};
}
