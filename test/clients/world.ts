/** A world with one mail domain in it: the real application over a fixture record, asked by URL, and the DNS it wants published. */
import { expectedRecords } from '../../src/dns/expected.ts';
import { publish } from '../../src/http/publish.ts';
import { noSigner } from '../../src/http/signer.ts';
import { err, ok } from '../../src/lib/result.ts';
import { resolve } from '../../src/model/config.ts';
import type { DnsRecord } from '../../src/model/dns-record.ts';
import { found, NOW } from '../fixtures/fixtures.ts';
import { domain } from '../fixtures/names.ts';

export const DOMAIN = 'example.com';
export const ADDRESS = 'alice@example.com';

export interface Answer {
	readonly status: number;
	readonly type: string;
	readonly body: string;
}

export interface World {
	/** Asks as a client does; plain http is served as it is. */
	readonly ask: (url: string, init?: RequestInit) => Promise<Answer>;
	readonly dns: () => Promise<readonly DnsRecord[]>;
}

/** The world of a fixture record, or, to see whether a reader can tell, one in which `spoil` has changed every answer. */
export function world(fixture: string, spoil: (body: string) => string = (body) => body): World {
	const record = found(fixture);
	const app = publish({
		records: { find: async (domains) => (domains.includes(domain(DOMAIN)) ? ok(record) : err({ code: 'unknown-domain' })) },
		signer: noSigner,
		checks: [],
		adminHosts: [],
		observe: () => undefined,
		now: () => NOW,
		redirectHttp: false,
		zoneIsPublic: false,
		serviceHost: null,
		assets: null,
	});
	return {
		async ask(url, init) {
			const response = await app.fetch(new Request(url, init));
			return { status: response.status, type: response.headers.get('Content-Type') ?? '', body: spoil(await response.text()) };
		},
		async dns() {
			const config = resolve(record.record, record.domain, { kind: 'domain', domain: record.domain }, NOW);
			if (!config.ok) throw new Error(config.error.reason);
			return (await expectedRecords(config.value, { host: domain('signpost.example.net') })).flatMap(({ records }) => records);
		},
	};
}
