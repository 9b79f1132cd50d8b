/** The admin's router over the real keepers, with the rest of its dependencies as a test wants them. */
import { env } from 'cloudflare:workers';
import type { AdminDependencies } from '../../src/admin/admin-dependencies.ts';
import { createAdminRouter } from '../../src/admin/admin-router.ts';
import { err, ok } from '../../src/lib/result.ts';
import { readKvCopies } from '../../src/store/kv/kv-record-copies.ts';
import { directoryStub, importsStub, recordHistoryStubs, tokensStub, webhooksStub } from '../../src/worker/stubs.ts';
import { OPERATOR_TOKEN } from './admin-client.ts';

export function createAdminTestRouter(wanted: Partial<AdminDependencies>): ReturnType<typeof createAdminRouter> {
	return createAdminRouter({
		recordHistory: recordHistoryStubs(env.KEEPERS),
		directory: directoryStub(env.DIRECTORY),
		imports: importsStub(env.IMPORTS),
		readCopies: (names) => readKvCopies(env.RECORDS, names),
		isDataElsewhere: async () => false,
		isStoreLost: async () => false,
		newId: () => crypto.randomUUID(),
		tokens: tokensStub(env.TOKENS),
		usage: { source: 'counter', read: async () => ok([]) },
		webhooks: webhooksStub(env.WEBHOOKS),
		webhookUrls: { ownHosts: [], isLoopbackAllowed: false },
		hostnames: null,
		markStore: async () => undefined,
		signingStore: null,
		listKvNames: async () => ({ names: [], cursor: null }),
		operatorToken: OPERATOR_TOKEN,
		accessVerifier: null,
		selfService: false,
		lookupDns: async () => ok([]),
		publishedZones: [],
		fetchPolicy: async () => err('nobody asks'),
		fetchDocument: async () => err('unreachable'),
		isWithinLoginLimit: async () => true,
		isWithinRequestLimit: async () => true,
		isWithinZoneLimit: async () => true,
		serviceHost: null,
		publishedNames: 'all',
		paccOverlapMs: 0,
		now: () => Date.now(),
		fetchAsset: async () => new Response(null, { status: 404 }),
		...wanted,
	});
}
