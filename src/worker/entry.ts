/** The Worker's entry point: connects the bindings of its environment with the parts of the service. */
import { env } from 'cloudflare:workers';
import type { HealthProblem } from '../contract/health-problem.ts';
import { logBadRecord } from '../http/endpoint-handler.ts';
import { createProfileSigner } from '../http/profile-signer.ts';
import { createRequestLogger } from '../http/request-log.ts';
import { createRouter } from '../http/router.ts';
import { signingHealthProblems } from '../http/signing-health.ts';
import { writeLog } from '../lib/log.ts';
import { createCachedRecords } from '../store/kv/cached-records.ts';
import { CACHE_TTL_SECONDS, createKvRecords } from '../store/kv/kv-records.ts';
import { createKvSigningKeys } from '../store/kv/kv-signing-keys.ts';
import { createStoreLossDetector, readDataJurisdiction, refuseWhileLost } from '../store/kv/store-mark.ts';
import { findMisplacement, placeObjects } from './object-placement.ts';
import { directoryStub } from './stubs.ts';
import { createRequestCounters } from './usage-bindings.ts';
import { settings, settingsProblems } from './worker-settings.ts';

export {
	DirectoryObject as Directory,
	RecordKeeperObject as RecordKeeper,
	TokenKeeperObject as TokenKeeper,
	UsageCounterObject as UsageCounter,
} from './objects/durable-objects.ts';
export {
	HostnameKeeperObject as HostnameKeeper,
	ImportKeeperObject as ImportKeeper,
	WebhookKeeperObject as WebhookKeeper,
} from './objects/rare-objects.ts';

for (const { severity, text } of settingsProblems) if (severity === 'error') writeLog('not-configured', { reason: text });

const systemClock = () => Date.now();

const signer = createProfileSigner(
	createKvSigningKeys(settings.signingSecret, settings.areSigningKeysInKv ? env.RECORDS : null, systemClock),
	systemClock,
);

const directory = directoryStub(placeObjects(env.DIRECTORY, settings.placement));
const isStoreLost = createStoreLossDetector(env.RECORDS, directory, systemClock);

// What is not there is remembered for half the time that a record is, here and in the cache of names.
const kvRecords = createKvRecords(env.RECORDS, { absenceSeconds: settings.recordCacheSeconds / 2, now: systemClock });

const router = createRouter({
	records: createCachedRecords(refuseWhileLost(kvRecords, isStoreLost), {
		seconds: settings.recordCacheSeconds,
		now: systemClock,
		onDamaged: logBadRecord,
	}),
	signer,
	logRequest: createRequestLogger(createRequestCounters()),
	now: systemClock,
	redirectHttp: settings.redirectsHttp,
	zoneIsPublic: settings.isZonePublic,
	serviceHost: settings.serviceHost,
	publishedNames: settings.publishedNames,
	certificateWildcards: settings.certificateWildcards,
	adminHosts: settings.adminHosts,
	healthChecks: [
		{ title: 'records', findProblems: checkRecordStore },
		{ title: 'signing', findProblems: async () => signingHealthProblems(await signer.readKeyStatuses(), systemClock()) },
		{ title: 'settings', findProblems: async () => settingsProblems },
	],
	assets: async (request) => (isAdminPath(new URL(request.url)) ? new Response(null, { status: 404 }) : env.ASSETS.fetch(request)),
});

export default {
	fetch(request) {
		const text = request.url;
		// Nearly every request comes from a mail client: it is recognised without parsing the URL a second time.
		if (!text.includes('/admin')) return router.fetch(request, text);
		const url = new URL(text);
		if (!isAdminPath(url) || !settings.adminHosts.includes(url.hostname)) return router.fetch(request, text);
		if (url.protocol === 'http:' && settings.redirectsHttp) {
			url.protocol = 'https:';
			return Response.redirect(url.href, 308);
		}
		return import('./admin-entry.ts').then(({ adminApp }) => adminApp.fetch(request));
	},
} satisfies ExportedHandler<Env>;

function isAdminPath({ pathname }: URL): boolean {
	return pathname === '/admin' || pathname.startsWith('/admin/');
}

/**
 * Reads from KV's central stores, and throws when they do not answer. Each look reads a key that nobody has read before: a location keeps
 * for a while what it has read, also that a key does not exist, and would answer from that while KV is down.
 */
async function checkRecordStore(): Promise<readonly HealthProblem[]> {
	await env.RECORDS.get([`health:${crypto.randomUUID()}`], { type: 'text', cacheTtl: CACHE_TTL_SECONDS });
	const jurisdiction = await readDataJurisdiction(env.RECORDS);
	const elsewhere = findMisplacement(jurisdiction, settings.placement);
	if (elsewhere !== null) return [{ severity: 'error', code: 'data-elsewhere', text: elsewhere }];
	if (!(await isStoreLost())) return jurisdiction === 'nobody-knows' ? [] : checkDirectory();
	const text = 'KV has lost the records: signpost rebuild kv publishes them again. Until then clients are answered 503.';
	return [{ severity: 'error', code: 'store-lost', text }];
}

/** Asks the directory of a store with records whether it was told of all of them. Clients do without it: what is wrong with it is a warning. */
async function checkDirectory(): Promise<readonly HealthProblem[]> {
	try {
		if (await directory.isComplete()) return [];
	} catch {
		const text = 'The directory of the records does not answer: they cannot be listed.';
		return [{ severity: 'warning', code: 'directory-unreachable', text }];
	}
	const text = 'The directory was lost: the list and the audit trail are incomplete. signpost rebuild directory puts them together again.';
	return [{ severity: 'warning', code: 'directory-lost', text }];
}
