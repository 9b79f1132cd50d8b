/** What the operator has set, and what he has forgotten. */
import { env } from 'cloudflare:workers';
import { MIN_ADMIN_TOKEN_LENGTH } from '../contract/limits.ts';
import type { HealthProblem } from '../http/health-handler.ts';
import { parseDomain } from '../model/names.ts';
import type { SigningPair } from '../store/kv/kv-signing-keys.ts';

/** The name that customers' records point to; null where it is not set. */
export const serviceHost = parseDomain(env.SERVICE_HOST);

/** The admin lives under the service's own names, and under no other. */
export const adminHosts = env.ADMIN_HOST.toLowerCase()
	.split(',')
	.map((host) => host.trim());

/** The secrets PROFILE_SIGNING_KEY and PROFILE_SIGNING_CHAIN; one without the other is a pair that cannot be used, and /health says so. */
export function parseSigningSecret(bindings: object = env): SigningPair | null {
	const key: unknown = 'PROFILE_SIGNING_KEY' in bindings ? bindings.PROFILE_SIGNING_KEY : '';
	const chain: unknown = 'PROFILE_SIGNING_CHAIN' in bindings ? bindings.PROFILE_SIGNING_CHAIN : '';
	if (typeof key !== 'string' || typeof chain !== 'string' || (key === '' && chain === '')) return null;
	return { key, chain };
}

/** What an operator forgets. */
export function settingsHealthProblems(bindings: object = env): readonly HealthProblem[] {
	const token: unknown = 'ADMIN_TOKEN' in bindings ? bindings.ADMIN_TOKEN : '';
	const ailments: HealthProblem[] = [];
	if (typeof token === 'string' && token !== '' && token.length < MIN_ADMIN_TOKEN_LENGTH)
		ailments.push({
			severity: 'error',
			code: 'admin-token-short',
			text: `ADMIN_TOKEN is shorter than ${MIN_ADMIN_TOKEN_LENGTH} characters and is refused.`,
		});
	if (serviceHost === null)
		ailments.push({
			severity: 'warning',
			code: 'service-host-missing',
			text: 'SERVICE_HOST is not set: zones name the host they are asked on.',
		});
	return ailments;
}
