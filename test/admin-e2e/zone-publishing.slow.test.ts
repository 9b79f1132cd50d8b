/** A record is saved and published: the service as `npm start` runs it, and Cloudflare's DNS API in memory, over HTTP. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OPERATOR_HEADERS, OPERATOR_TOKEN, sampleRecord, useAdminService } from '../support/admin-service.ts';
import { createFakeCloudflareDns, zoneLines } from '../support/fake-cloudflare-dns.ts';
import { type ProviderServer, serveProvider } from '../support/provider-server.ts';
import { runSignpost } from '../support/run-signpost.ts';

const cloudflare = createFakeCloudflareDns('example.org', 'dns-token', [
	{ name: 'autodiscover.example.org', type: 'CNAME', ttl: 300, content: 'autodiscover.outlook.com', proxied: false },
]);
let server: ProviderServer;

beforeAll(async () => {
	server = await serveProvider(cloudflare);
});
afterAll(() => server.close());

const service = useAdminService(() => ({
	SERVICE_HOST: 'signpost.example.net',
	CLOUDFLARE_DNS_ZONES: 'example.org',
	CLOUDFLARE_DNS_TOKEN: 'dns-token',
	CLOUDFLARE_API_URL: `${server.origin}/client/v4`,
	// Nobody answers there: what the provider does not tell stays unknown.
	DOH_URL: `${server.origin}/no-dns`,
}));

const apply = (...more: readonly string[]) =>
	runSignpost(['dns', 'apply', 'example.org', '--via', 'service', '--api', service.origin, ...more], '.', {
		env: { SIGNPOST_TOKEN: OPERATOR_TOKEN },
	});

it('shows the changes, makes them when it is told to, and has nothing left to do', async () => {
	const body = JSON.stringify({ record: sampleRecord('Example Mail') });
	const saved = await fetch(`${service.api}/domains/example.org`, {
		method: 'PUT',
		headers: { ...OPERATOR_HEADERS, 'If-None-Match': '*' },
		body,
	});
	expect(saved.status).toBe(200);

	const before = zoneLines(cloudflare.records);
	const shown = await apply('--dry-run');
	expect([shown.code, shown.err]).toEqual([1, '']);
	expect(shown.out).toContain('- autodiscover.example.org CNAME autodiscover.outlook.com.\n');
	expect(shown.out).toContain('+ autoconfig.example.org 3600 CNAME signpost.example.net.\n');
	const unasked = await apply();
	expect([unasked.code, unasked.err]).toEqual([2, expect.stringContaining('nobody is there to ask')]);
	expect(zoneLines(cloudflare.records)).toEqual(before);

	const made = await apply('--yes');
	expect(made.out).toMatch(/example\.org: the service has changed \d+ RRsets in example\.org\n/);
	expect(zoneLines(cloudflare.records)).toContain('autoconfig.example.org CNAME "signpost.example.net"');
	expect(made.out).toContain('example.org: nothing to change\n');
	expect(made.code).toBe(0);
	expect(server.tokens).toContain('Bearer dns-token');

	const elsewhere = await runSignpost(['dns', 'apply', 'other.example', '--via', 'service', '--api', service.origin], '.', {
		env: { SIGNPOST_TOKEN: OPERATOR_TOKEN },
	});
	expect([elsewhere.code, elsewhere.err]).toEqual([2, expect.stringContaining('in no zone that the service may change')]);
});
