/** The Worker: wires the environment to the parts, nothing else. */
import { env } from 'cloudflare:workers';
import { type Ailment, signingAilments } from './http/health.ts';
import { observer } from './http/observe.ts';
import { profileSigner } from './http/profile-signer.ts';
import { publish } from './http/publish.ts';
import { keptRecords } from './store/kept-records.ts';
import { kvRecords } from './store/kv-records.ts';
import { signingKeys } from './store/signing-keys.ts';
import { adminHosts, serviceHost, settingsAilments, signingSecret } from './worker-settings.ts';
import { counters } from './worker-usage.ts';

export { Directory } from './store/directory.ts';
export { RecordKeeper } from './store/record-keeper.ts';
export { TokenKeeper } from './store/token-keeper.ts';
export { UsageCounter } from './store/usage-counter.ts';

const now = () => Date.now();

const signer = profileSigner(signingKeys(signingSecret(), env.PROFILE_SIGNING_STORE === 'on' ? env.RECORDS : null, now), now);

const app = publish({
	records: keptRecords(kvRecords(env.RECORDS), Number(env.KEEP_SECONDS), now),
	signer,
	observe: observer(counters()),
	now,
	redirectHttp: env.HTTPS_REDIRECT === 'on',
	zoneIsPublic: env.ZONE === 'on',
	serviceHost,
	adminHosts,
	checks: [
		{ title: 'records', look: storeAnswers },
		{ title: 'signing', look: async () => signingAilments(await signer.states(), now()) },
		{ title: 'settings', look: async () => settingsAilments() },
	],
	assets: async (request) => (isAdminPath(new URL(request.url)) ? new Response(null, { status: 404 }) : env.ASSETS.fetch(request)),
});

export default {
	fetch(request) {
		// Nearly every request is a mail client's: no second look at its URL.
		if (!request.url.includes('/admin')) return app.fetch(request);
		const url = new URL(request.url);
		if (!isAdminPath(url) || !adminHosts.includes(url.hostname)) return app.fetch(request);
		if (url.protocol === 'http:' && env.HTTPS_REDIRECT === 'on') {
			url.protocol = 'https:';
			return Response.redirect(url.href, 308);
		}
		return import('./worker-admin.ts').then(({ admin }) => admin.fetch(request));
	},
} satisfies ExportedHandler<Env>;

function isAdminPath({ pathname }: URL): boolean {
	return pathname === '/admin' || pathname.startsWith('/admin/');
}

/** KV answers: asked past every copy. */
async function storeAnswers(): Promise<readonly Ailment[]> {
	await env.RECORDS.get(['record:*'], { type: 'text', cacheTtl: 60 });
	return [];
}
