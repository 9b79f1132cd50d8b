/** The service as its clients meet it, with a part of it that a test chooses. */
import { createRouter } from '../../src/http/router.ts';
import { err, ok } from '../../src/lib/result.ts';
import type { ResolvedRecord } from '../../src/model/lookup.ts';
import { NOW } from './fixture-records.ts';
import { noSigner } from './no-signer.ts';

type RouterDependencies = Parameters<typeof createRouter>[0];

/** A service without admin hosts, signatures, log and assets; its zone is closed, and it has no name of its own. */
export function createTestRouter(chosen: Pick<RouterDependencies, 'records'> & Partial<RouterDependencies>) {
	return createRouter({
		signer: noSigner,
		healthChecks: [],
		adminHosts: [],
		logRequest: () => undefined,
		now: () => NOW,
		redirectHttp: false,
		zoneIsPublic: false,
		serviceHost: null,
		publishedNames: 'all',
		certificateWildcards: [],
		assets: null,
		...chosen,
	});
}

export function createSingleRecordRouter(found: ResolvedRecord, chosen: Partial<RouterDependencies> = {}) {
	return createTestRouter({
		records: { find: async (domains) => (domains.includes(found.domain) ? ok(found) : err({ code: 'unknown-domain' })) },
		...chosen,
	});
}
