/** `/ask`, by which a web server asks before it orders a certificate: every kind of name, and what a no costs. */
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { SERVICE_LABELS } from '../../src/model/service-labels.ts';
import { createKvRecords, type KvReader } from '../../src/store/kv/kv-records.ts';
import { renderWildcardList, WILDCARD_LIST_KEY } from '../../src/store/ports/wildcard-list.ts';
import { createTestRouter } from '../support/test-router.ts';
import { domain } from '../support/valid-names.ts';
import { MINIMAL_RECORD, putRecord } from './worker-client.ts';

const SERVICE = 'signpost.example.net';

/** The service's router over the real KV, with its operations counted. */
function createService(wildcards: readonly `*.${string}`[]) {
	const operations: number[] = [];
	const kv: KvReader = {
		get(keys, options) {
			operations.push(keys.length);
			return env.RECORDS.get(keys, options);
		},
	};
	const router = createTestRouter({
		records: createKvRecords(kv, { absenceSeconds: 0, now: () => 0 }),
		now: () => Date.now(),
		redirectHttp: true,
		serviceHost: domain(SERVICE),
		certificateWildcards: wildcards.map((name) => `*.${domain(name.slice(2))}` as const),
		adminHosts: ['admin.example.net'],
	});
	const ask = async (query: string, host = SERVICE) => (await router.fetch(new Request(`https://${host}/ask${query}`))).status;
	return { operations, ask };
}

beforeEach(async () => {
	await putRecord('example.org', { ...JSON.parse(MINIMAL_RECORD), mtaSts: { mode: 'testing', mx: ['mx.example.org'] } });
	await putRecord('two.example.org', { ...JSON.parse(MINIMAL_RECORD), names: 'autoconfig-autodiscover' });
	await putRecord('none.example.org', { ...JSON.parse(MINIMAL_RECORD), names: 'none' });
	await putRecord('alias.example.com', { kind: 'alias', of: 'example.org' });
	await putRecord('dangling.example.com', { kind: 'alias', of: 'nowhere.example' });
	await putRecord('*.customers.example.net', MINIMAL_RECORD);
	await putRecord('*.others.example.net', MINIMAL_RECORD);
	await putRecord('*.aliases.example.net', { kind: 'alias', of: 'example.org' });
	await putRecord('broken.example.org', '{');
});

describe('/ask', () => {
	it.each<readonly [name: string, status: number]>([
		...SERVICE_LABELS.map((label): [string, number] => [`${label}.example.org`, 200]),
		['AUTOCONFIG.Example.ORG', 200],
		[SERVICE, 200],
		['admin.example.net', 200],
		['autoconfig.alias.example.com', 200],
		['autodiscover.two.example.org', 200],
		['mta-sts.two.example.org', 404],
		['autoconfig.none.example.org', 404],
		['autoconfig.a.customers.example.net', 200],
		['autoconfig.a.others.example.net', 404],
		// An alias under a wildcard is that wildcard's.
		['autoconfig.a.aliases.example.net', 404],
		['autoconfig.dangling.example.com', 404],
		['autoconfig.broken.example.org', 404],
		['autoconfig.nowhere.example', 404],
		// A mail domain is not served under its own name, and a service label is before a mail domain, once.
		['example.org', 404],
		['www.example.org', 404],
		['autoconfig.autoconfig.example.org', 404],
		['autoconfig', 404],
		['', 404],
		['*.example.org', 404],
		['autoconfig.example.org/', 404],
		['192.0.2.1', 404],
	])('says of %s: %i', async (name, status) => {
		const { ask } = createService(['*.customers.example.net']);
		expect(await ask(`?domain=${encodeURIComponent(name)}`)).toBe(status);
	});

	it('answers on the service’s own hosts alone, and wants a name', async () => {
		const { ask } = createService([]);
		expect(await ask('?domain=autoconfig.example.org', 'autoconfig.example.org')).toBe(404);
		expect(await ask('')).toBe(404);
		expect(await ask(`?domain=autoconfig.${'a.'.repeat(5000)}org`)).toBe(404);
	});

	it('costs two KV operations for a name without a record, none for one that is not a name of the service, and two for an alias', async () => {
		await env.RECORDS.put(WILDCARD_LIST_KEY, renderWildcardList([], 0));
		const { ask, operations } = createService([]);
		for (let at = 0; at < 200; at++) {
			expect(await ask(`?domain=autoconfig.stranger-${at}.example`)).toBe(404);
			expect(await ask(`?domain=stranger-${at}.example`)).toBe(404);
		}
		expect(operations).toHaveLength(400);
		// However many labels there are: the name, and then the list of wildcards.
		await ask('?domain=autoconfig.a.b.c.d.e.f.example');
		expect(Math.max(...operations)).toBe(1);
		// Without a list: the name, the list that is not there, and then two wildcards and `*`.
		await env.RECORDS.delete(WILDCARD_LIST_KEY);
		operations.length = 0;
		await ask('?domain=autoconfig.a.b.c.d.e.f.example');
		expect(operations).toEqual([1, 1, 3]);
		operations.length = 0;
		await ask('?domain=autoconfig.alias.example.com');
		expect(operations).toHaveLength(2);
	});
});
