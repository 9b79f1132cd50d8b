/** The admin's half of the Worker, loaded when somebody asks for it: mail clients do not pay for it. */
import { env } from 'cloudflare:workers';
import { createRemoteJWKSet } from 'jose';
import { type Access, accessFor, parseAccessRoles } from './admin/access.ts';
import { administer } from './admin/api.ts';
import { dnsOverHttps, fetchDocument } from './admin/outside-world.ts';
import { TOKEN_LENGTH } from './contract/limits.ts';
import { kvNames } from './store/kv-records.ts';
import { directoryIn, keepersIn, tokensIn } from './store/objects.ts';
import { serviceHost } from './worker-settings.ts';
import { usage } from './worker-usage.ts';

export const admin = administer({
	keepers: keepersIn(env.KEEPERS),
	catalogue: directoryIn(env.DIRECTORY),
	tokens: tokensIn(env.TOKENS),
	usage,
	kvNames: (cursor) => kvNames(env.RECORDS, cursor),
	operatorToken: operatorToken(env),
	access: access(),
	selfService: env.SELF_SERVICE === 'on',
	dns: dnsOverHttps(env.DOH_URL),
	fetchDocument,
	limitLogin: async (key) => (await env.LOGIN_LIMIT.limit({ key })).success,
	limitCaller: async (key) => (await env.CALLER_LIMIT.limit({ key })).success,
	serviceHost,
	overlap: Number(env.PACC_OVERLAP_SECONDS) * 1000,
	now: () => Date.now(),
	assets: (request) => env.ASSETS.fetch(request),
});

/** The secret ADMIN_TOKEN; one that is too short is none. */
function operatorToken(bindings: object): string | null {
	const token: unknown = 'ADMIN_TOKEN' in bindings ? bindings.ADMIN_TOKEN : null;
	if (typeof token !== 'string' || token === '') return null;
	if (token.length >= TOKEN_LENGTH) return token;
	console.error(
		JSON.stringify({ level: 'error', code: 'not-configured', reason: `ADMIN_TOKEN is shorter than ${TOKEN_LENGTH} characters` }),
	);
	return null;
}

function access(): Access | null {
	if (env.ACCESS_TEAM === '') return null;
	const roles = parseAccessRoles(env.ACCESS_ROLES);
	if (roles !== null && env.ACCESS_AUD !== '') {
		const keys = createRemoteJWKSet(new URL('/cdn-cgi/access/certs', env.ACCESS_TEAM));
		return accessFor(env.ACCESS_TEAM, env.ACCESS_AUD, roles, keys);
	}
	console.error(JSON.stringify({ level: 'error', code: 'not-configured', reason: 'ACCESS_ROLES or ACCESS_AUD is not what it should be' }));
	return null;
}
