/** The Worker: wires the environment to the parts, nothing else. */
import { env } from 'cloudflare:workers';
import { type HealthProblem, signingHealthProblems } from '../http/health-handler.ts';
import { createProfileSigner } from '../http/profile-signer.ts';
import { createRequestLogger } from '../http/request-log.ts';
import { createRouter } from '../http/router.ts';
import { createCachedRecords } from '../store/kv/cached-records.ts';
import { createKvRecords } from '../store/kv/kv-records.ts';
import { createKvSigningKeys } from '../store/kv/kv-signing-keys.ts';
import { adminHosts, parseSigningSecret, serviceHost, settingsHealthProblems } from './settings.ts';
import { createRequestCounters } from './usage-bindings.ts';

export { DirectoryKeeper as Directory } from '../store/objects/directory-keeper.ts';
export { RecordKeeper } from '../store/objects/record-keeper.ts';
export { TokenKeeper } from '../store/objects/token-keeper.ts';
export { UsageKeeper as UsageCounter } from '../store/objects/usage-keeper.ts';

const systemClock = () => Date.now();

const signer = createProfileSigner(
	createKvSigningKeys(parseSigningSecret(), env.PROFILE_SIGNING_STORE === 'on' ? env.RECORDS : null, systemClock),
	systemClock,
);

const router = createRouter({
	records: createCachedRecords(createKvRecords(env.RECORDS), Number(env.KEEP_SECONDS), systemClock),
	signer,
	logRequest: createRequestLogger(createRequestCounters()),
	now: systemClock,
	redirectHttp: env.HTTPS_REDIRECT === 'on',
	zoneIsPublic: env.ZONE === 'on',
	serviceHost,
	adminHosts,
	healthChecks: [
		{ title: 'records', findProblems: checkRecordStore },
		{ title: 'signing', findProblems: async () => signingHealthProblems(await signer.readKeyStatuses(), systemClock()) },
		{ title: 'settings', findProblems: async () => settingsHealthProblems() },
	],
	assets: async (request) => (isAdminPath(new URL(request.url)) ? new Response(null, { status: 404 }) : env.ASSETS.fetch(request)),
});

export default {
	fetch(request) {
		// Nearly every request is a mail client's: no second look at its URL.
		if (!request.url.includes('/admin')) return router.fetch(request);
		const url = new URL(request.url);
		if (!isAdminPath(url) || !adminHosts.includes(url.hostname)) return router.fetch(request);
		if (url.protocol === 'http:' && env.HTTPS_REDIRECT === 'on') {
			url.protocol = 'https:';
			return Response.redirect(url.href, 308);
		}
		return import('./admin-entry.ts').then(({ adminApp }) => adminApp.fetch(request));
	},
} satisfies ExportedHandler<Env>;

function isAdminPath({ pathname }: URL): boolean {
	return pathname === '/admin' || pathname.startsWith('/admin/');
}

/** KV answers: asked past every copy. */
async function checkRecordStore(): Promise<readonly HealthProblem[]> {
	await env.RECORDS.get(['record:*'], { type: 'text', cacheTtl: 60 });
	return [];
}
