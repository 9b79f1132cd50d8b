/** The Worker: wires the environment to the parts, nothing else. */
import { env } from 'cloudflare:workers';
import { createRemoteJWKSet } from 'jose';
import { type Access, accessFor, parseAccessRoles } from './admin/access.ts';
import { administer } from './admin/api.ts';
import { dnsOverHttps, fetchDocument } from './admin/outside-world.ts';
import { TOKEN_LENGTH } from './contract/limits.ts';
import { type Ailment, signingAilments } from './http/health.ts';
import type { Counter } from './http/observe.ts';
import { observer } from './http/observe.ts';
import { profileSigner } from './http/profile-signer.ts';
import { publish } from './http/publish.ts';
import { parseDomain } from './model/names.ts';
import { keptRecords } from './store/kept-records.ts';
import { kvNames, kvRecords } from './store/kv-records.ts';
import { directoryIn, keepersIn, tokensIn } from './store/objects.ts';
import { type SigningPair, signingKeys } from './store/signing-keys.ts';

export { Directory } from './store/directory.ts';
export { RecordKeeper } from './store/record-keeper.ts';
export { TokenKeeper } from './store/token-keeper.ts';

const now = () => Date.now();
const serviceHost = parseDomain(env.SERVICE_HOST);
const assets = (request: Request) => env.ASSETS.fetch(request);

/** The admin lives under the service's own names, and under no other. */
const adminHosts = env.ADMIN_HOST.toLowerCase()
	.split(',')
	.map((host) => host.trim());

const signer = profileSigner(signingKeys(signingSecret(env), env.PROFILE_SIGNING_STORE === 'on' ? env.RECORDS : null, now), now);

const app = publish({
	records: keptRecords(kvRecords(env.RECORDS), Number(env.KEEP_SECONDS), now),
	signer,
	observe: observer(counterOf(env)),
	now,
	redirectHttp: env.HTTPS_REDIRECT === 'on',
	zoneIsPublic: env.ZONE === 'on',
	serviceHost,
	adminHosts,
	checks: [
		{ title: 'records', look: storeAnswers },
		{ title: 'signing', look: async () => signingAilments(await signer.states(), now()) },
		{ title: 'settings', look: async () => settingsAilments(env) },
	],
	assets: async (request) => (isAdminPath(new URL(request.url)) ? new Response(null, { status: 404 }) : assets(request)),
});

const admin = administer({
	keepers: keepersIn(env.KEEPERS),
	catalogue: directoryIn(env.DIRECTORY),
	tokens: tokensIn(env.TOKENS),
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
	now,
	assets,
});

export default {
	fetch(request) {
		const url = new URL(request.url);
		if (!isAdminPath(url) || !adminHosts.includes(url.hostname)) return app.fetch(request);
		if (url.protocol === 'http:' && env.HTTPS_REDIRECT === 'on') {
			url.protocol = 'https:';
			return Response.redirect(url.href, 308);
		}
		return admin.fetch(request);
	},
} satisfies ExportedHandler<Env>;

function isAdminPath({ pathname }: URL): boolean {
	return pathname === '/admin' || pathname.startsWith('/admin/');
}

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

/** The secrets PROFILE_SIGNING_KEY and PROFILE_SIGNING_CHAIN; one without the other is a pair that cannot be used, and /health says so. */
function signingSecret(bindings: object): SigningPair | null {
	const key: unknown = 'PROFILE_SIGNING_KEY' in bindings ? bindings.PROFILE_SIGNING_KEY : '';
	const chain: unknown = 'PROFILE_SIGNING_CHAIN' in bindings ? bindings.PROFILE_SIGNING_CHAIN : '';
	if (typeof key !== 'string' || typeof chain !== 'string' || (key === '' && chain === '')) return null;
	return { key, chain };
}

/** KV answers: asked past every copy. */
async function storeAnswers(): Promise<readonly Ailment[]> {
	await env.RECORDS.get(['record:*'], { type: 'text', cacheTtl: 60 });
	return [];
}

/** What an operator forgets. */
function settingsAilments(bindings: object): readonly Ailment[] {
	const token: unknown = 'ADMIN_TOKEN' in bindings ? bindings.ADMIN_TOKEN : '';
	const ailments: Ailment[] = [];
	if (typeof token === 'string' && token !== '' && token.length < TOKEN_LENGTH)
		ailments.push({
			severity: 'error',
			code: 'admin-token-short',
			text: `ADMIN_TOKEN is shorter than ${TOKEN_LENGTH} characters and is refused.`,
		});
	if (serviceHost === null)
		ailments.push({
			severity: 'warning',
			code: 'service-host-missing',
			text: 'SERVICE_HOST is not set: zones name the host they are asked on.',
		});
	return ailments;
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

/** The Analytics Engine dataset, where the operator has bound one as REQUESTS. */
function counterOf(bindings: object): Counter | null {
	const bound: unknown = 'REQUESTS' in bindings ? bindings.REQUESTS : null;
	return isCounter(bound) ? bound : null;
}

function isCounter(bound: unknown): bound is Counter {
	return typeof bound === 'object' && bound !== null && 'writeDataPoint' in bound;
}
