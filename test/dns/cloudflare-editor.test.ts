/** A zone at Cloudflare, against its API in memory: what is changed, what is left alone, and what a broken connection leaves behind. */
import { describe, expect, it } from 'vitest';
import { readLiveZone } from '../../src/cli/dns/read-live-zone.ts';
import type { Resolver } from '../../src/cli/dns/resolver.ts';
import { createKeptZoneResolver } from '../../src/cli/publish/kept-zone-resolver.ts';
import { compareZone } from '../../src/dns/compare.ts';
import { expectedRecords } from '../../src/dns/expected.ts';
import { openCloudflareZone } from '../../src/dns/publish/cloudflare-editor.ts';
import { withoutImpossibleChanges } from '../../src/dns/publish/possible-changes.ts';
import { planPublication } from '../../src/dns/publish/publish-plan.ts';
import type { ZoneEditor } from '../../src/dns/publish/zone-editor.ts';
import { CLOUDFLARE_API, type ProviderTransport } from '../../src/lib/http/provider-request.ts';
import { err, ok } from '../../src/lib/result.ts';
import { resolveConfig } from '../../src/model/config.ts';
import { createFakeCloudflareDns, type StoredRecord, zoneLines } from '../support/fake-cloudflare-dns.ts';
import { NOW, resolvedFixture } from '../support/fixture-records.ts';
import { domain } from '../support/valid-names.ts';

const DOMAIN = domain('mail.example.org');
const ZONE = 'example.org';
const SITE = { host: domain('signpost.example.net'), names: 'all' as const };
const ACCESS = { url: CLOUDFLARE_API, token: 'secret' };

const record = (name: string, type: string, content: string, more: Partial<StoredRecord> = {}) => ({
	name: `${name}.${ZONE}`,
	type,
	content,
	ttl: 1,
	proxied: false,
	...more,
});

const INITIAL = [
	record('autoconfig.mail', 'A', '192.0.2.7'),
	record('autodiscover.mail', 'CNAME', 'autodiscover.outlook.com'),
	record('_imaps._tcp.mail', 'SRV', '', { data: { priority: 0, weight: 1, port: 993, target: 'old.example.net' } }),
	record('_ua-auto-config.mail', 'TXT', 'hello'),
	record('www', 'A', '192.0.2.80', { proxied: true }),
	// More than a page.
	...Array.from({ length: 150 }, (_, at) => record(`host-${at}`, 'A', '192.0.2.81')),
];

/** DNS is not asked about what Cloudflare keeps. */
const NO_DNS: Resolver = { server: 'none', query: async (name, type) => err({ message: `${name} ${type} was asked` }) };

async function changesOf(editor: ZoneEditor) {
	const { record: wanted } = resolvedFixture('everything', DOMAIN);
	const config = resolveConfig(wanted, DOMAIN, { kind: 'domain', domain: DOMAIN }, NOW);
	const kept = await editor.readZone();
	if (!config.ok || !kept.ok || kept.value === null) throw new Error('no zone');
	const outside: Resolver = { server: 'outside', query: async () => ok({ rcode: 'NXDOMAIN', authenticated: false, records: [] }) };
	const live = await readLiveZone(createKeptZoneResolver(ZONE, kept.value, outside), DOMAIN, SITE.host);
	if (!live.ok) throw new Error(live.error.message);
	const expected = await expectedRecords(config.value, SITE, []);
	const hostAnswers = new Map([[`autoconfig.${DOMAIN}`, 'elsewhere' as const]]);
	return compareZone({ domain: DOMAIN, site: SITE.host, expected, promised: [], live: live.value, hostAnswers, prune: false }).changes;
}

async function open(transport: ProviderTransport): Promise<ZoneEditor> {
	const editor = await openCloudflareZone(ACCESS, DOMAIN, transport);
	if (!editor.ok) throw new Error(editor.error.message);
	return editor.value;
}

/** Everything, until nothing is left; a step that fails is tried again. */
async function applyAll(editor: ZoneEditor, attempts: number): Promise<void> {
	for (let attempt = 0; attempt < attempts; attempt++) {
		const changes = await changesOf(editor).catch(() => null);
		if (changes?.length === 0) return;
		for (const step of planPublication(DOMAIN, changes ?? [], editor.negativeTtl).steps)
			if (!(await editor.applyChanges(step.changes)).ok) break;
	}
}

describe('a zone at Cloudflare', () => {
	it('is found above the domain, changed whole, and then has nothing left to change', async () => {
		const fake = createFakeCloudflareDns(ZONE, 'secret', INITIAL);
		const editor = await open(fake.transport);
		expect(editor.zone).toBe(ZONE);
		await applyAll(editor, 2);
		expect(await changesOf(editor)).toEqual([]);
		const lines = zoneLines(fake.records);
		expect(lines).toContain('autoconfig.mail.example.org CNAME "signpost.example.net"');
		expect(lines).toContain('_ua-auto-config.mail.example.org TXT hello');
		expect(lines.filter((line) => line.startsWith('host-'))).toHaveLength(150);
		expect(lines.some((line) => line.includes('192.0.2.7"') || line.includes('outlook'))).toBe(false);
	});

	it('ends the same however often and wherever the connection breaks', async () => {
		const whole = createFakeCloudflareDns(ZONE, 'secret', INITIAL);
		await applyAll(await open(whole.transport), 2);
		const total = whole.requests.length;
		expect(total).toBeGreaterThan(5);
		for (let broken = 2; broken <= total; broken++)
			for (const isDone of [true, false]) {
				const fake = createFakeCloudflareDns(ZONE, 'secret', INITIAL);
				let count = 0;
				const transport: ProviderTransport = async (request) => {
					count += 1;
					if (count !== broken) return fake.transport(request);
					if (isDone) await fake.transport(request);
					return err('the connection broke');
				};
				const editor = await openCloudflareZone(ACCESS, DOMAIN, transport);
				if (!editor.ok) continue;
				await applyAll(editor.value, 5);
				expect(zoneLines(fake.records)).toEqual(zoneLines(whole.records));
			}
	});

	it('changes nothing where somebody was there before', async () => {
		const fake = createFakeCloudflareDns(ZONE, 'secret', INITIAL);
		const editor = await open(fake.transport);
		const changes = await changesOf(editor);
		fake.records = fake.records.map((each) => (each.name === `autoconfig.${DOMAIN}` ? { ...each, content: '192.0.2.8' } : each));
		const before = zoneLines(fake.records);
		const applied = await editor.applyChanges(changes);
		expect(!applied.ok && applied.error.message).toMatch(/has changed since it was looked at/);
		expect(zoneLines(fake.records)).toEqual(before);
	});

	it('does not take a proxied record for what DNS answers', async () => {
		const editor = await open(createFakeCloudflareDns(ZONE, 'secret', INITIAL).transport);
		const kept = await editor.readZone();
		if (!kept.ok || kept.value === null) throw new Error('no zone');
		expect([...kept.value.opaqueNames]).toEqual(['www.example.org']);
		const resolver = createKeptZoneResolver(ZONE, kept.value, NO_DNS);
		expect(await resolver.query('www.example.org', 'A')).toMatchObject({ ok: false });
		expect(await resolver.query('host-7.example.org', 'A')).toMatchObject({ ok: true });
	});

	it('leaves a name alone that the zone delegates to another', async () => {
		const initial = [...INITIAL, record('mail', 'NS', 'ns1.example.net')];
		const fake = createFakeCloudflareDns(ZONE, 'secret', initial);
		const editor = await open(fake.transport);
		const kept = await editor.readZone();
		if (!kept.ok) throw new Error('no zone');
		const changes = await changesOf(editor);
		expect(changes.length).toBeGreaterThan(0);
		const whole = { records: [], changes, leftover: [], theirs: [], blocked: [], unlooked: [] };
		const { changes: possible, blocked } = withoutImpossibleChanges(ZONE, whole, kept.value);
		expect(possible).toEqual([]);
		expect(blocked).toHaveLength(changes.length);
		expect(blocked[0]?.reason).toContain('in another zone, to which example.org delegates it');
	});

	it('says which rights the token lacks, and that no zone holds the domain', async () => {
		const fake = createFakeCloudflareDns(ZONE, 'another', INITIAL);
		expect(await openCloudflareZone(ACCESS, DOMAIN, fake.transport)).toMatchObject({
			ok: false,
			error: { hint: expect.stringContaining('DNS Edit') },
		});
		const other = createFakeCloudflareDns('example.com', 'secret', INITIAL);
		expect(await openCloudflareZone(ACCESS, DOMAIN, other.transport)).toMatchObject({
			ok: false,
			error: { message: expect.stringContaining('no zone') },
		});
	});
});
