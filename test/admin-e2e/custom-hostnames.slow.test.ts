/** A saved record has its custom hostnames: the service as `npm start` runs it, and Cloudflare's API in memory, over HTTP. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OPERATOR_HEADERS, sampleRecord, useAdminService, waitUntil } from '../support/admin-service.ts';
import { createFakeCustomHostnames } from '../support/fake-custom-hostnames.ts';
import { type ProviderServer, serveProvider } from '../support/provider-server.ts';

const cloudflare = createFakeCustomHostnames([]);
let server: ProviderServer;

beforeAll(async () => {
	server = await serveProvider(cloudflare);
});
afterAll(() => server.close());

const service = useAdminService(() => ({
	CUSTOM_HOSTNAMES: 'on',
	CUSTOM_HOSTNAMES_EXCEPT: 'own.example',
	CLOUDFLARE_ZONE_ID: '023e105f4ecef8ad9ca31a8372d0c353',
	CLOUDFLARE_API_TOKEN: 'least-rights',
	CLOUDFLARE_API_URL: `${server.origin}/client/v4`,
	SERVICE_HOST: 'signpost.example.net',
}));

const call = (method: string, path: string, body?: object, headers: Readonly<Record<string, string>> = {}) =>
	fetch(`${service.api}${path}`, {
		method,
		headers: { ...OPERATOR_HEADERS, ...headers },
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});

it('has them created after a save and after an import, and says how far they are', async () => {
	const record = { ...sampleRecord('Example Mail'), names: 'autoconfig-autodiscover' };
	const saved = await call('PUT', '/domains/first.example', { record }, { 'If-None-Match': '*' });
	expect(saved.status).toBe(200);
	const alias = { kind: 'alias', of: 'first.example' };
	const lines = ['second.example', 'mail.own.example'].map((domain) => JSON.stringify({ domain, record: alias }));
	const imported = await fetch(`${service.api}/import`, { method: 'POST', headers: OPERATOR_HEADERS, body: lines.join('\n') });
	expect(await imported.text()).toContain('"created":2');
	const namesOf = (domain: string) => [`autoconfig.${domain}`, `autodiscover.${domain}`];
	const wanted = [...namesOf('first.example'), ...namesOf('second.example')];
	const created = () => cloudflare.hostnames.map(({ hostname }) => hostname);
	await waitUntil('Cloudflare has the hostnames', async () => wanted.every((hostname) => created().includes(hostname)));
	// The records that npm start brings are served too; what is in the operator's own zones needs no custom hostname.
	expect(created().filter((hostname) => hostname.endsWith('own.example'))).toEqual([]);
	expect([...server.tokens]).toEqual(['Bearer least-rights']);

	for (const hostname of namesOf('first.example')) cloudflare.change(hostname, { status: 'active', certificateStatus: 'active' });
	const rechecked = await call('POST', '/domains/first.example/hostnames/recheck');
	expect(rechecked.status).toBe(200);
	await waitUntil('the hostnames of the domain are ready', async () => {
		const text = await (await call('GET', '/domains/first.example/hostnames')).text();
		return text.split('"state":"ready"').length === 3;
	});
	const list = await (await call('GET', '/hostnames?state=ready')).json();
	const ready = namesOf('first.example').map((hostname) => ({ hostname, state: 'ready' }));
	expect(list).toMatchObject({ on: true, hostnames: ready, usage: { limit: 100, included: 100 }, failure: null });
});
