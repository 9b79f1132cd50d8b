/** The Worker: wires the environment to the parts, nothing else. */
import { env, waitUntil } from 'cloudflare:workers';
import { createRemoteJWKSet } from 'jose';
import { type Access, accessFor, parseAccessRoles } from './admin/access.ts';
import { analyticsAccount, analyticsUsage } from './admin/analytics.ts';
import { administer } from './admin/api.ts';
import { dnsOverHttps, fetchDocument } from './admin/outside-world.ts';
import type { Usage } from './admin/usage.ts';
import { TOKEN_LENGTH } from './contract/limits.ts';
import { type Counter, type Dataset, datasetCounter, observer } from './http/observe.ts';
import { publish } from './http/publish.ts';
import { noSigner } from './http/signer.ts';
import { tally } from './http/tally.ts';
import { ok } from './lib/result.ts';
import { parseDomain } from './model/names.ts';
import { keptRecords } from './store/kept-records.ts';
import { kvNames, kvRecords } from './store/kv-records.ts';
import { directoryIn, keepersIn, tokensIn, usageIn } from './store/objects.ts';

export { Directory } from './store/directory.ts';
export { RecordKeeper } from './store/record-keeper.ts';
export { TokenKeeper } from './store/token-keeper.ts';
export { UsageCounter } from './store/usage-counter.ts';

const now = () => Date.now();
const serviceHost = parseDomain(env.SERVICE_HOST);
const counter = usageIn(env.USAGE);
const dataset = datasetOf(env);
const analytics =
	dataset === null
		? null
		: analyticsAccount(env.ANALYTICS_ACCOUNT, env.ANALYTICS_DATASET, 'ANALYTICS_TOKEN' in env ? env.ANALYTICS_TOKEN : null);
const usage: Usage =
	analytics === null ? { source: 'counter', read: async (query) => ok(await counter.read(query)) } : analyticsUsage(analytics);
const assets = (request: Request) => env.ASSETS.fetch(request);

const app = publish({
	records: keptRecords(kvRecords(env.RECORDS), Number(env.KEEP_SECONDS), now),
	signer: noSigner,
	observe: observer(counters()),
	now,
	redirectHttp: env.HTTPS_REDIRECT === 'on',
	zoneIsPublic: env.ZONE === 'on',
	serviceHost,
	assets: async (request) => (isAdminPath(new URL(request.url)) ? new Response(null, { status: 404 }) : assets(request)),
});

const admin = administer({
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
	now,
	assets,
});

/** The admin lives under the service's own names, and under no other. */
const adminHosts = env.ADMIN_HOST.toLowerCase()
	.split(',')
	.map((host) => host.trim());

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

/** The dataset where there is one; the embedded counter unless the admin reads the dataset. */
function counters(): readonly Counter[] {
	// Workers grant 30 seconds after a response.
	const every = Math.min(Number(env.USAGE_SECONDS), 25) * 1000;
	const embedded = analytics === null && every > 0;
	return [
		...(dataset === null ? [] : [datasetCounter(dataset)]),
		...(embedded ? [tally({ add: counter.add, every, wait: (ms) => scheduler.wait(ms), waitUntil, now })] : []),
	];
}

/** The Analytics Engine dataset, where the operator has bound one as REQUESTS. */
function datasetOf(bindings: object): Dataset | null {
	const bound: unknown = 'REQUESTS' in bindings ? bindings.REQUESTS : null;
	return isDataset(bound) ? bound : null;
}

function isDataset(bound: unknown): bound is Dataset {
	return typeof bound === 'object' && bound !== null && 'writeDataPoint' in bound;
}
