/**
 * A wildcard record without a record for its base: it answers for the names below it, and every endpoint of every format says of the base
 * that there is nothing, at each of its locations.
 */
import { describe, expect, it } from 'vitest';
import { SERVICE_LABELS } from '../../src/model/service-labels.ts';
import { PROTOCOLS } from '../../src/protocols/registry.ts';
import { createKvRecords } from '../../src/store/kv/kv-records.ts';
import { createTestRouter } from '../support/test-router.ts';
import { address, domain } from '../support/valid-names.ts';

/** It offers something in every format, and its hosts name the domain that was asked for. */
const RECORD = JSON.stringify({
	kind: 'domain',
	provider: { name: 'Example' },
	services: {
		imap: { host: 'mail.%EMAILDOMAIN%' },
		submission: { host: 'mail.%EMAILDOMAIN%' },
		jmap: { url: 'https://jmap.%EMAILDOMAIN%/session' },
		caldav: { url: 'https://dav.%EMAILDOMAIN%/cal/' },
		carddav: { url: 'https://dav.%EMAILDOMAIN%/card/' },
	},
	mtaSts: { mode: 'testing', mx: ['mx.%EMAILDOMAIN%'] },
});

const router = createTestRouter({
	records: createKvRecords(
		{ get: async (keys) => new Map(keys.map((key) => [key, key === 'record:*.cust.example' ? RECORD : null])) },
		{ absenceSeconds: 0, now: () => 0 },
	),
	zoneIsPublic: true,
	serviceHost: domain('signpost.example.net'),
});

const SAMPLES = PROTOCOLS.flatMap(({ endpoints }) =>
	endpoints.flatMap((endpoint) =>
		endpoint.locations.map(
			(location) => [`${endpoint.id} at ${location.label || 'the domain itself'} ${location.path}`, endpoint, location] as const,
		),
	),
);

async function ask(endpoint: (typeof SAMPLES)[number][1], location: (typeof SAMPLES)[number][2], mailDomain: string): Promise<Response> {
	const { method, host, path, query, contentType, body } = endpoint.sampleRequest(address(`alice@${mailDomain}`), location);
	const init = { method, headers: { 'Content-Type': contentType }, ...(method === 'POST' ? { body } : {}) };
	return router.fetch(new Request(`https://${host}${path}${query === '' ? '' : `?${query}`}`, { redirect: 'manual', ...init }));
}

describe.each(SAMPLES)('%s', (_, endpoint, location) => {
	it('answers for a name below', async () => {
		const response = await ask(endpoint, location, 'dep.cust.example');
		expect(response.status).toBe(endpoint.method === 'ANY' ? 307 : 200);
		const text = (await response.text()) + (response.headers.get('Location') ?? '');
		expect(text).toContain('dep.cust.example');
	});

	it('has nothing for the base', async () => {
		const response = await ask(endpoint, location, 'cust.example');
		expect(response.status).toBe(404);
		expect(await response.text()).not.toContain('cust.example');
	});

	// autoconfig.cust.example is below the base and under the wildcard, and still no mail domain.
	it.each(SERVICE_LABELS.map((label) => [label]))('has nothing for %s below the base, as if that were a mail domain', async (label) => {
		const response = await ask(endpoint, location, `${label}.cust.example`);
		expect(response.status).toBe(404);
		expect(await response.text()).not.toContain('cust.example');
	});
});

it.each([
	'https://autoconfig.cust.example/',
	'https://signpost.example.net/setup/cust.example',
	'https://signpost.example.net/zone/cust.example',
	'https://signpost.example.net/zone/autoconfig.cust.example',
	'https://signpost.example.net/ask?domain=autoconfig.cust.example',
	'https://autodiscover.cust.example/autodiscover/autodiscover.xml',
	'https://cust.example/autodiscover/autodiscover.xml?email=alice@cust.example',
])('the rest of the service has nothing for the base either: %s', async (url) => {
	expect((await router.fetch(new Request(url))).status).toBe(404);
});
