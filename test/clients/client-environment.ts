/** The environment of a client: the real application with one fixture record, reached by URL, and the DNS records of that record. */
import { expectedRecords } from '../../src/dns/expected.ts';
import { resolveConfig } from '../../src/model/config.ts';
import type { DnsRecord } from '../../src/model/dns-record.ts';
import { NOW, resolvedFixture } from '../support/fixture-records.ts';
import { createSingleRecordRouter } from '../support/test-router.ts';
import { domain } from '../support/valid-names.ts';

export const DOMAIN = 'example.com';
export const ADDRESS = 'alice@example.com';

export interface HttpReply {
	readonly status: number;
	readonly type: string;
	readonly body: string;
}

export interface ClientEnvironment {
	/** Sends a request as a client does; one over plain http is answered, not redirected. */
	readonly fetch: (url: string, init?: RequestInit) => Promise<HttpReply>;
	readonly dnsRecords: () => Promise<readonly DnsRecord[]>;
}

/** The environment of a fixture record. With `spoil` every answer is changed first, to see whether the oracle notices. */
export function createClientEnvironment(fixture: string, spoil: (body: string) => string = (body) => body): ClientEnvironment {
	const record = resolvedFixture(fixture);
	const app = createSingleRecordRouter(record);
	return {
		async fetch(url, init) {
			const response = await app.fetch(new Request(url, init));
			return { status: response.status, type: response.headers.get('Content-Type') ?? '', body: spoil(await response.text()) };
		},
		async dnsRecords() {
			const config = resolveConfig(record.record, record.domain, { kind: 'domain', domain: record.domain }, NOW);
			if (!config.ok) throw new Error(config.error.reason);
			return (await expectedRecords(config.value, { host: domain('signpost.example.net'), names: 'all' as const }, [])).flatMap(
				({ records }) => records,
			);
		},
	};
}
