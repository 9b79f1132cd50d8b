/** The service with one record and nothing else, as its clients meet it. */
import { createRouter } from '../../src/http/router.ts';
import { err, ok } from '../../src/lib/result.ts';
import type { ResolvedRecord } from '../../src/model/lookup.ts';
import { NOW } from './fixture-records.ts';
import { noSigner } from './no-signer.ts';

export function createSingleRecordRouter(found: ResolvedRecord) {
	return createRouter({
		records: { find: async (domains) => (domains.includes(found.domain) ? ok(found) : err({ code: 'unknown-domain' })) },
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
	});
}
