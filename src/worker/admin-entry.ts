/** The admin's half of the Worker, loaded when somebody asks for it: mail clients do not pay for it. */
import { env } from 'cloudflare:workers';
import { createRemoteJWKSet } from 'jose';
import { createAdminRouter } from '../admin/admin-router.ts';
import { type AccessVerifier, createAccessVerifier, parseAccessRoles } from '../admin/auth/cloudflare-access.ts';
import { dnsOverHttps, fetchDocument } from '../admin/dns-over-https.ts';
import { MIN_ADMIN_TOKEN_LENGTH } from '../contract/limits.ts';
import { writeLog } from '../lib/log.ts';
import { listKvRecordNames } from '../store/kv/kv-records.ts';
import { serviceHost } from './settings.ts';
import { directoryStub, recordHistoryStubs, tokensStub } from './stubs.ts';
import { usageSource } from './usage-bindings.ts';

export const adminApp = createAdminRouter({
	recordHistory: recordHistoryStubs(env.KEEPERS),
	directory: directoryStub(env.DIRECTORY),
	tokens: tokensStub(env.TOKENS),
	usage: usageSource,
	listKvNames: (cursor) => listKvRecordNames(env.RECORDS, cursor),
	operatorToken: parseOperatorToken(env),
	accessVerifier: createAccess(),
	selfService: env.SELF_SERVICE === 'on',
	lookupDns: dnsOverHttps(env.DOH_URL),
	fetchDocument,
	isWithinLoginLimit: async (key) => (await env.LOGIN_LIMIT.limit({ key })).success,
	isWithinRequestLimit: async (key) => (await env.CALLER_LIMIT.limit({ key })).success,
	serviceHost,
	paccOverlapMs: Number(env.PACC_OVERLAP_SECONDS) * 1000,
	now: () => Date.now(),
	fetchAsset: (request) => env.ASSETS.fetch(request),
});

/** The secret ADMIN_TOKEN; one that is too short is none. */
function parseOperatorToken(bindings: object): string | null {
	const token: unknown = 'ADMIN_TOKEN' in bindings ? bindings.ADMIN_TOKEN : null;
	if (typeof token !== 'string' || token === '') return null;
	if (token.length >= MIN_ADMIN_TOKEN_LENGTH) return token;
	writeLog('not-configured', { reason: `ADMIN_TOKEN is shorter than ${MIN_ADMIN_TOKEN_LENGTH} characters` });
	return null;
}

function createAccess(): AccessVerifier | null {
	if (env.ACCESS_TEAM === '') return null;
	const roles = parseAccessRoles(env.ACCESS_ROLES);
	if (roles !== null && env.ACCESS_AUD !== '') {
		const keys = createRemoteJWKSet(new URL('/cdn-cgi/access/certs', env.ACCESS_TEAM));
		return createAccessVerifier(env.ACCESS_TEAM, env.ACCESS_AUD, roles, keys);
	}
	writeLog('not-configured', { reason: 'ACCESS_ROLES or ACCESS_AUD is not what it should be' });
	return null;
}
