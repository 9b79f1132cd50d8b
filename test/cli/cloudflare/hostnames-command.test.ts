/** `signpost hostnames` as it is called: from the records of a service to Cloudflare's API, both in memory, over HTTP. */
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeAdminApi, startFakeAdminApi, TOKEN } from '../../support/fake-admin-api.ts';
import { createFakeCustomHostnames } from '../../support/fake-custom-hostnames.ts';
import { type ProviderServer, serveProvider } from '../../support/provider-server.ts';
import { runSignpost } from '../../support/run-signpost.ts';

const ZONE_ID = '023e105f4ecef8ad9ca31a8372d0c353';
const RECORD = {
	kind: 'domain',
	provider: { name: 'Example Mail' },
	services: { imap: { host: 'imap.example.net' }, submission: { host: 'smtp.example.net' } },
};

describe('signpost hostnames', () => {
	const cloudflare = createFakeCustomHostnames([
		{ hostname: 'autoconfig.example.org', status: 'active', certificateStatus: 'active' },
		{ hostname: 'autodiscover.example.org', status: 'pending', certificateStatus: 'validation_timed_out' },
		{ hostname: 'autoconfig.left.example', status: 'active', certificateStatus: 'active' },
		{ hostname: 'shop.example.com', status: 'active', certificateStatus: 'active' },
	]);
	let admin: FakeAdminApi;
	let server: ProviderServer;

	beforeAll(async () => {
		admin = await startFakeAdminApi();
		const keep = (domain: string, ...records: readonly unknown[]) =>
			admin.revisions.set(
				domain,
				records.map((record, at) => ({ revision: at + 1, record, note: '' })),
			);
		keep('example.org', { ...RECORD, names: 'autoconfig-autodiscover' });
		keep('alias.example.com', { kind: 'alias', of: 'example.org' });
		keep('none.example.com', { ...RECORD, names: 'none' });
		keep('left.example', RECORD, null);
		keep('*.customers.example.net', RECORD);
		server = await serveProvider(cloudflare);
	});
	afterAll(async () => {
		await server.close();
		await admin.close();
	});

	const run = (...more: string[]) =>
		runSignpost(
			['hostnames', '--zone-id', ZONE_ID, '--api-url', server.origin, '--api', admin.origin, '--site', 'signpost.example.net', ...more],
			tmpdir(),
			{ env: { SIGNPOST_TOKEN: TOKEN, CLOUDFLARE_API_TOKEN: 'least-rights' } },
		);
	const names = () => cloudflare.hostnames.map(({ hostname }) => hostname).sort();

	it('says what it would do and what it costs, and does nothing until it is told to', async () => {
		const before = names();
		const dry = await run('--dry-run', '--grace', '0');
		expect(dry.code).toBe(1);
		for (const line of [
			'to create: autoconfig.alias.example.com\n',
			'to create: autodiscover.alias.example.com\n',
			'to check again: autodiscover.example.org\n',
			'to remove: autoconfig.left.example\n',
			'custom hostnames: 4 now, 5 then; 100 are included, 0 charged each month; no more than 1000\n',
		])
			expect(dry.out).toContain(line);
		expect(dry.err).toContain('shop.example.com: no record asks for it');
		expect(dry.err).toContain('_acme-challenge.autodiscover.example.org CNAME');
		const unasked = await run('--grace', '0');
		expect([unasked.code, unasked.err]).toEqual([2, expect.stringContaining('nobody is there to ask')]);
		expect(names()).toEqual(before);
	});

	it('does it, once, and leaves alone what is not its own', async () => {
		const { code, out } = await run('--yes', '--grace', '0');
		expect([code, out]).toEqual([1, expect.stringContaining('created autoconfig.alias.example.com\n')]);
		const expected = [
			'autoconfig.alias.example.com',
			'autoconfig.example.org',
			'autodiscover.alias.example.com',
			'autodiscover.example.org',
			'shop.example.com',
		];
		expect(names()).toEqual(expected);
		cloudflare.hostnames = cloudflare.hostnames.map((each) => ({ ...each, status: 'active', certificateStatus: 'active' }));
		const again = await run('--yes', '--grace', '0');
		expect([again.code, cloudflare.created.length]).toEqual([0, 2]);
		expect([...server.tokens]).toEqual(['Bearer least-rights']);
	});

	it('shows what the service does by itself, where it does', async () => {
		const off = await run('--service');
		expect([off.code, off.err]).toEqual([2, expect.stringContaining('CUSTOM_HOSTNAMES')]);
		admin.hostnames = { ...admin.hostnames, on: true, hostnames: [] };
		const none = await run('--service');
		expect([none.code, none.err]).toEqual([1, expect.stringContaining('no custom hostname is known')]);
		const waiting = { domain: 'example.org', errors: ['no CNAME'], validationRecords: [], failure: null, leavesAt: null } as const;
		const at = '2026-11-28T12:00:00.000Z';
		const states = { state: 'waiting', status: 'pending', certificateStatus: 'initializing', nextLookAt: at } as const;
		admin.hostnames = {
			...admin.hostnames,
			on: true,
			hostnames: [{ ...waiting, ...states, hostname: 'autoconfig.example.org' }],
			usage: { used: 4, included: 100, hardCap: 1000, limit: 50 },
		};
		const on = await run('--service');
		expect(on.code).toBe(1);
		expect(on.out).toMatch(/autoconfig\.example\.org +waiting +pending +initializing\n/);
		expect(on.out).toContain('custom hostnames: 4 of 50; 100 are included; no more than 1000\n');
		expect(on.err).toContain('Cloudflare says: no CNAME');
	});

	it('keeps a hostname for as long as a deletion can be undone', async () => {
		admin.revisions.set('example.org', [...(admin.revisions.get('example.org') ?? []), { revision: 2, record: null, note: '' }]);
		const { err } = await run('--yes', '--grace', '3000');
		expect(err).toMatch(/autoconfig\.example\.org: goes on \d{4}-\d\d-\d\d; its record was deleted/);
		expect(names()).toContain('autoconfig.example.org');
	});
});
