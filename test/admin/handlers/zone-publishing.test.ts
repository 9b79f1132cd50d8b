/**
 * Publishing in a zone at Cloudflare, whose API is in memory: what is shown is what is done, a failure anywhere leaves a zone that works, and
 * nobody publishes for another, or in another zone.
 */
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { AdminDependencies } from '../../../src/admin/admin-dependencies.ts';
import { PublicationView, PublishedView } from '../../../src/contract/publication/publication-views.ts';
import { openCloudflareZone } from '../../../src/dns/publish/cloudflare-editor.ts';
import { CLOUDFLARE_API, type ProviderTransport } from '../../../src/lib/http/provider-request.ts';
import { err, ok } from '../../../src/lib/result.ts';
import { createFakeCloudflareDns, type FakeCloudflareDns, type StoredRecord, zoneLines } from '../../support/fake-cloudflare-dns.ts';
import { domain } from '../../support/valid-names.ts';
import { ADMIN_ORIGIN, callApi, createRecord, createToken, OPERATOR_TOKEN, RECORD } from '../admin-client.ts';
import { createAdminTestRouter } from '../admin-test-router.ts';

const DOMAIN = 'mail.example.org';
const ZONE = domain('example.org');
const PATH = `/domains/${DOMAIN}/dns/publication`;
const HOUR = 3_600_000;

const stored = (name: string, type: string, content: string, more: Partial<StoredRecord> = {}) => ({
	name: `${name}.${ZONE}`,
	type,
	content,
	ttl: 300,
	proxied: false,
	...more,
});

/** Another's website, a wrong alias, a wrong server, and a calendar that the record does not have. */
const INITIAL = [
	stored('www', 'A', '192.0.2.80', { proxied: true }),
	stored('autodiscover.mail', 'CNAME', 'autodiscover.outlook.com'),
	stored('_imaps._tcp.mail', 'SRV', '', { data: { priority: 0, weight: 1, port: 993, target: 'old.example.net' } }),
	stored('_caldavs._tcp.mail', 'SRV', '', { data: { priority: 0, weight: 1, port: 443, target: 'dav.example.net' } }),
];

interface World {
	readonly fake: FakeCloudflareDns;
	time: number;
	policy: Awaited<ReturnType<AdminDependencies['fetchPolicy']>>;
	readonly limited: string[];
	readonly call: (
		method: string,
		path: string,
		body?: object,
		token?: string,
	) => Promise<{ readonly status: number; readonly body: object }>;
}

/** @param around what stands between the service and Cloudflare */
function createWorld(around: (transport: ProviderTransport) => ProviderTransport = (transport) => transport): World {
	const fake = createFakeCloudflareDns(ZONE, 'secret', INITIAL);
	const transport = around(fake.transport);
	const router = createAdminTestRouter({
		serviceHost: domain('signpost.example.net'),
		publishedZones: [
			{
				zone: ZONE,
				provider: 'cloudflare',
				open: (name) => openCloudflareZone({ url: CLOUDFLARE_API, token: 'secret' }, name, transport),
			},
		],
		fetchPolicy: async () => world.policy,
		now: () => world.time,
		async isWithinZoneLimit(key) {
			world.limited.push(key);
			return true;
		},
	});
	const world: World = {
		fake,
		time: Date.now(),
		policy: err('it answers 404'),
		limited: [],
		async call(method, path, body, token = OPERATOR_TOKEN) {
			const response = await router.request(`${ADMIN_ORIGIN}/admin/api${path}`, {
				method,
				headers: { Authorization: `Bearer ${token}` },
				...(body === undefined ? {} : { body: JSON.stringify(body) }),
			});
			return { status: response.status, body: await response.json() };
		},
	};
	return world;
}

async function look({ call }: World, token = OPERATOR_TOKEN): Promise<PublicationView> {
	const { status, body } = await call('GET', PATH, undefined, token);
	expect([status, status === 200 ? '' : body]).toEqual([200, '']);
	return v.parse(PublicationView, body);
}

async function publish(world: World, token = OPERATOR_TOKEN): Promise<PublishedView> {
	const { plan } = await look(world, token);
	const { status, body } = await world.call('POST', PATH, { plan }, token);
	expect([status, status === 200 ? '' : body]).toEqual([200, '']);
	return v.parse(PublishedView, body);
}

const changesOf = ({ steps }: PublicationView) =>
	steps.flatMap(({ condition, changes }) => changes.map(({ name, type }) => `${condition} ${name} ${type}`));

describe('publishing', () => {
	it('shows what it will change, does that, and leaves the rest alone', async () => {
		await createRecord(DOMAIN);
		const world = createWorld();
		const shown = await look(world);
		expect(shown).toMatchObject({ domain: DOMAIN, zone: ZONE, provider: 'cloudflare' });
		expect(changesOf(shown)).toContain(`nothing autodiscover.${DOMAIN} CNAME`);
		expect(shown.theirs.map(({ name }) => name)).toEqual([`_caldavs._tcp.${DOMAIN}`]);
		expect(world.fake.requests.filter((request) => request.startsWith('POST'))).toEqual([]);

		const published = await publish(world);
		expect(published).toMatchObject({ held: [], failure: null });
		expect(published.done.find(({ name }) => name === `_imaps._tcp.${DOMAIN}`)?.remove).toEqual([
			{ ttl: 300, data: '0 1 993 old.example.net.' },
		]);
		const lines = zoneLines(world.fake.records);
		expect(lines).toContain(`autoconfig.${DOMAIN} CNAME "signpost.example.net"`);
		expect(lines.filter((line) => line.startsWith('www.') || line.startsWith('_caldavs.'))).toHaveLength(2);
		expect((await look(world)).steps).toEqual([]);
	});

	it('is written to the audit trail, with what went, under the name of who asked', async () => {
		await createRecord(DOMAIN);
		const world = createWorld();
		const { secret, id } = await createToken('write', [DOMAIN]);
		// Later than the creation of the token, which is in the trail too.
		world.time = Date.now() + 1000;
		await publish(world, secret);
		const { text } = await callApi('GET', `/audit?domain=${DOMAIN}`);
		const [line] = JSON.parse(text).lines;
		expect(line).toMatchObject({ act: 'publish', who: 'write token', token: id, domain: DOMAIN, revision: null });
		expect(line.detail).toContain(`in ${ZONE}: `);
		expect(line.detail).toContain(`- autodiscover.${DOMAIN} 300 CNAME autodiscover.outlook.com.`);
		expect(line.detail).toContain(`+ autoconfig.${DOMAIN} 3600 CNAME signpost.example.net.`);
	});

	it('changes nothing where something else would be changed than what was shown', async () => {
		await createRecord(DOMAIN);
		const world = createWorld();
		const { plan } = await look(world);
		const before = zoneLines(world.fake.records);
		const changed = { ...RECORD, services: { ...RECORD.services, imap: { host: 'new.example.com' } } };
		await callApi('PUT', `/domains/${DOMAIN}`, { headers: { 'If-Match': '"1"' }, body: { record: changed } });
		expect(await world.call('POST', PATH, { plan })).toMatchObject({ status: 409, body: { code: 'plan-changed' } });
		expect(zoneLines(world.fake.records)).toEqual(before);
	});

	it('lets what goes wait until resolvers have forgotten what stood there, also in another call', async () => {
		await createRecord(DOMAIN, { ...RECORD, services: { ...RECORD.services, pop3: { host: 'pop.example.com' } } });
		const world = createWorld();
		await publish(world);
		await callApi('DELETE', `/domains/${DOMAIN}`, { headers: { 'If-Match': '"1"' } });
		const waiting = await publish(world);
		expect([waiting.done, waiting.held.length]).toEqual([[], 1]);
		expect(Date.parse(waiting.held[0]?.from ?? '')).toBeGreaterThan(world.time);
		world.time += HOUR;
		const gone = await publish(world);
		expect([gone.held, gone.failure]).toEqual([[], null]);
		expect(zoneLines(world.fake.records).filter((line) => line.includes(DOMAIN))).toEqual([
			expect.stringContaining(`_caldavs._tcp.${DOMAIN}`),
		]);
	});

	it('holds the id of an MTA-STS policy back until the service answers with that policy', async () => {
		await createRecord(DOMAIN, { ...RECORD, mtaSts: { mode: 'testing', mx: ['mx.example.com'] } });
		const world = createWorld();
		const first = await publish(world);
		expect(first.held).toMatchObject([{ changes: [{ name: `_mta-sts.${DOMAIN}`, type: 'TXT' }], from: null }]);
		expect(first.held[0]?.reason).toContain(`https://mta-sts.${DOMAIN}/.well-known/mta-sts.txt: it answers 404`);
		expect(zoneLines(world.fake.records).some((line) => line.startsWith(`mta-sts.${DOMAIN} CNAME`))).toBe(true);
		world.policy = ok('version: STSv1\r\nmode: testing\r\nmx: other.example.com\r\nmax_age: 604800\r\n');
		expect((await publish(world)).held).toHaveLength(1);
		world.policy = ok('version: STSv1\r\nmode: testing\r\nmx: mx.example.com\r\nmax_age: 604800\r\n');
		expect((await publish(world)).held).toEqual([]);
		expect((await look(world)).steps).toEqual([]);
	});

	it('ends the same wherever a request is lost, and nothing of others is touched on the way', async () => {
		await createRecord(DOMAIN);
		const whole = createWorld();
		await publish(whole);
		const total = whole.fake.requests.length;
		expect(total).toBeGreaterThan(4);
		for (let broken = 1; broken <= total; broken++)
			for (const isDone of [true, false]) {
				let count = 0;
				const world = createWorld((transport) => async (request) => {
					count += 1;
					if (count !== broken) return transport(request);
					if (isDone) await transport(request);
					return err('the connection broke');
				});
				const shown = await world.call('GET', PATH);
				const { plan } = shown.status === 200 ? v.parse(PublicationView, shown.body) : await look(world);
				const asked = await world.call('POST', PATH, { plan });
				if (asked.status !== 200) expect(asked).toMatchObject({ status: 502, body: { code: 'provider-failed' } });
				const names = world.fake.records.map(({ name }) => name);
				for (const name of INITIAL.map((record) => record.name)) expect(names).toContain(name);
				await publish(world);
				expect([broken, isDone, zoneLines(world.fake.records)]).toEqual([broken, isDone, zoneLines(whole.fake.records)]);
			}
	});

	it('says why the provider does not do it', async () => {
		await createRecord(DOMAIN);
		const world = createWorld(() => async () => ok({ status: 403, text: '{}', retryAfterSeconds: null }));
		const { status, body } = await world.call('GET', PATH);
		expect([status, body]).toMatchObject([502, { code: 'provider-failed', errors: [{ reason: expect.stringContaining('DNS Edit') }] }]);
	});
});

describe('who may publish', () => {
	it('is whoever may write the record, in a zone that is listed', async () => {
		for (const name of [DOMAIN, 'other.example.org', 'elsewhere.example']) await createRecord(name);
		const world = createWorld();
		const { secret } = await createToken('write', [DOMAIN, 'elsewhere.example']);
		const reader = await createToken('read', [DOMAIN]);
		const plan = '0'.repeat(64);
		for (const [token, name, status] of [
			[secret, 'other.example.org', 403],
			[reader.secret, DOMAIN, 403],
			[secret, 'elsewhere.example', 404],
			['', DOMAIN, 401],
		] as const)
			for (const method of ['GET', 'POST'])
				expect([
					name,
					method,
					(await world.call(method, `/domains/${name}/dns/publication`, method === 'GET' ? undefined : { plan }, token)).status,
				]).toEqual([name, method, status]);
		expect(world.fake.requests).toEqual([]);
		expect((await publish(world, secret)).failure).toBeNull();
	});

	it('is limited by the account of the token, and the operator is not', async () => {
		await createRecord(DOMAIN);
		const world = createWorld();
		await look(world);
		expect(world.limited).toEqual([]);
		const { secret } = await createToken('write', [DOMAIN]);
		await look(world, secret);
		expect(world.limited).toEqual([expect.stringMatching(/^token /)]);
	});

	it('is nobody in a zone below the one that is listed', async () => {
		await createRecord(DOMAIN);
		const below = createFakeCloudflareDns(DOMAIN, 'secret', []);
		const world = createWorld(() => below.transport);
		expect(await world.call('GET', PATH)).toMatchObject({ status: 404, body: { code: 'no-zone' } });
	});

	it('is told by the comparison with DNS', async () => {
		for (const name of [DOMAIN, 'elsewhere.example']) await createRecord(name);
		const world = createWorld();
		const read = async (name: string) => (await world.call('GET', `/domains/${name}/dns`)).body;
		expect(await read(DOMAIN)).toMatchObject({ publishing: { zone: ZONE, provider: 'cloudflare' } });
		expect(await read('elsewhere.example')).toMatchObject({ publishing: null });
	});
});
