/** The admin's part of the Worker, loaded with the first request to the admin: an isolate that only answers mail clients never runs it. */
import { env } from 'cloudflare:workers';
import { createRemoteJWKSet } from 'jose';
import { createAdminRouter } from '../admin/admin-router.ts';
import { createAccessVerifier } from '../admin/auth/cloudflare-access.ts';
import { dnsOverHttps, fetchDocument } from '../admin/dns-over-https.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { readKvCopies } from '../store/kv/kv-record-copies.ts';
import { listKvRecordNames } from '../store/kv/kv-records.ts';
import { createKvSigningKeyStore } from '../store/kv/kv-signing-keys.ts';
import { createPlaceCheck, createStoreLossDetector, writeStoreMark } from '../store/kv/store-mark.ts';
import { placeObjects } from './object-placement.ts';
import { sendToProvider } from './provider-transport.ts';
import { createPublishedZones } from './published-zones.ts';
import type { AccessSettings } from './settings.ts';
import { directoryStub, hostnamesStub, importsStub, recordHistoryStubs, tokensStub, webhooksStub } from './stubs.ts';
import { usageReader } from './usage-bindings.ts';
import { settings } from './worker-settings.ts';

const { placement } = settings;

export const adminApp = createAdminRouter({
	isDataElsewhere: createPlaceCheck(env.RECORDS, placement.jurisdiction, () => Date.now()),
	// A new detector each time: it remembers for a minute that nothing is lost.
	isStoreLost: () => createStoreLossDetector(env.RECORDS, directoryStub(placeObjects(env.DIRECTORY, placement)), () => Date.now())(),
	recordHistory: recordHistoryStubs(placeObjects(env.KEEPERS, placement)),
	directory: directoryStub(placeObjects(env.DIRECTORY, placement)),
	imports: importsStub(placeObjects(env.IMPORTS, placement)),
	readCopies: (names) => readKvCopies(env.RECORDS, names),
	newId: () => crypto.randomUUID(),
	tokens: tokensStub(placeObjects(env.TOKENS, placement)),
	usage: usageReader,
	webhooks: webhooksStub(placeObjects(env.WEBHOOKS, placement)),
	webhookUrls: settings.webhookUrls,
	hostnames: settings.hostnames === null ? null : hostnamesStub(placeObjects(env.HOSTNAMES, placement)),
	async markStore() {
		const marked = await writeStoreMark(env.RECORDS, directoryStub(placeObjects(env.DIRECTORY, placement)), placement.jurisdiction, false);
		if (!marked.ok) throw new Error('KV did not take the mark of the store');
	},
	signingStore: createKvSigningKeyStore(env.RECORDS),
	listKvNames: (cursor) => listKvRecordNames(env.RECORDS, cursor),
	operatorToken: settings.adminToken,
	accessVerifier: settings.access === null ? null : accessVerifierFor(settings.access),
	selfService: settings.isSelfServiceOn,
	lookupDns: dnsOverHttps(settings.dohUrl),
	publishedZones: createPublishedZones(settings.zoneProviders),
	fetchPolicy,
	fetchDocument,
	isWithinLoginLimit: async (key) => (await env.LOGIN_LIMIT.limit({ key })).success,
	isWithinRequestLimit: async (key) => (await env.CALLER_LIMIT.limit({ key })).success,
	isWithinZoneLimit: async (key) => (await env.ZONE_LIMIT.limit({ key })).success,
	serviceHost: settings.serviceHost,
	publishedNames: settings.publishedNames,
	paccOverlapMs: settings.keeperLimits.supersededMs,
	now: () => Date.now(),
	fetchAsset: (request) => env.ASSETS.fetch(request),
});

/** No redirect is followed, as RFC 8461 §3.3 wants it. */
async function fetchPolicy(url: string): Promise<Result<string, string>> {
	const answer = await sendToProvider({ method: 'GET', url, headers: {}, body: null });
	if (!answer.ok) return answer;
	return answer.value.status === 200 ? ok(answer.value.text) : err(`it answers ${answer.value.status}`);
}

function accessVerifierFor({ team, audience, roles }: AccessSettings) {
	return createAccessVerifier(team, audience, roles, createRemoteJWKSet(new URL('/cdn-cgi/access/certs', team)));
}
