/** The variables of wrangler.toml: each has a default, and a value that cannot be used is reported and does no harm. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RecordName } from '../../src/model/record-name.ts';
import { RecordKeeper } from '../../src/store/objects/record-keeper.ts';
import { UsageKeeper } from '../../src/store/objects/usage-keeper.ts';
import { parseSettings, VARIABLES } from '../../src/worker/settings.ts';
import { openNodeSqlite } from '../node/node-sqlite-platform.ts';
import { recordText } from '../store/contract/record-keeper-contract.ts';

const WRANGLER_TOML = readFileSync(join(import.meta.dirname, '../../wrangler.toml'), 'utf8');

/** The variables that wrangler.toml sets, with their texts. */
const SHIPPED: Readonly<Record<string, string>> = Object.fromEntries(
	[...(WRANGLER_TOML.split('\n[vars]')[1]?.split('\n[')[0] ?? '').matchAll(/^([A-Z_]+) = "(.*)"$/gm)].map(([, name, text]) => [name, text]),
);

const NAMES = Object.keys(VARIABLES);
/** A blank value means "off" for these, and is an error for the others. */
const OPTIONAL = [
	'ADMIN_HOST',
	'ACCESS_TEAM',
	'ACCESS_AUD',
	'ACCESS_ROLES',
	'SERVICE_HOST',
	'CERTIFICATE_WILDCARDS',
	'ANALYTICS_ACCOUNT',
	'CUSTOM_HOSTNAMES_EXCEPT',
	'CLOUDFLARE_ZONE_ID',
	'CLOUDFLARE_DNS_ZONES',
	'POWERDNS_ZONES',
	'POWERDNS_URL',
	'DATA_JURISDICTION',
	'DATA_LOCATION',
];
const NUMBERS = [
	'HISTORY_COUNT',
	'HISTORY_DAYS',
	'PACC_OVERLAP_SECONDS',
	'KEEP_SECONDS',
	'USAGE_SECONDS',
	'USAGE_DAYS',
	'CUSTOM_HOSTNAMES_LIMIT',
	'CUSTOM_HOSTNAMES_GRACE_DAYS',
];
const SWITCHES = ['SELF_SERVICE', 'PROFILE_SIGNING_STORE', 'HTTPS_REDIRECT', 'ZONE', 'WEBHOOKS_TO_LOOPBACK'];

const invalid = (bindings: object) => parseSettings(bindings).problems.filter(({ code }) => code === 'setting-invalid');

describe('wrangler.toml', () => {
	it('sets every variable that is read, to its default, and no other', () => {
		expect(Object.keys(SHIPPED).toSorted()).toEqual(NAMES.toSorted());
		for (const [name, { defaultText }] of Object.entries(VARIABLES)) expect([name, SHIPPED[name]]).toEqual([name, defaultText]);
		expect(parseSettings(SHIPPED)).toEqual(parseSettings({}));
		expect(invalid(SHIPPED)).toEqual([]);
	});
});

describe('a variable', () => {
	it.each(NAMES.filter((name) => !OPTIONAL.includes(name)))('%s keeps its default when it is blank, and is named', (name) => {
		const { settings, problems } = parseSettings({ ...SHIPPED, [name]: '' });
		expect(settings).toEqual(parseSettings(SHIPPED).settings);
		const text = expect.stringMatching(`^${name} is blank and should be .*The default, .* is used\\.$`);
		expect(problems).toContainEqual({ severity: 'error', code: 'setting-invalid', text });
	});

	it.each(NAMES.filter((name) => name !== 'ACCESS_AUD' && name !== 'DATA_JURISDICTION'))(
		'%s keeps its default when it cannot be understood, and is named without its value',
		(name) => {
			const { settings, problems } = parseSettings({ ...SHIPPED, [name]: 'hidden; value' });
			expect(settings).toEqual(parseSettings(SHIPPED).settings);
			expect(problems).toContainEqual({
				severity: 'error',
				code: 'setting-invalid',
				text: expect.stringMatching(`^${name} is not .*\\.$`),
			});
			expect(JSON.stringify(problems)).not.toContain('hidden');
		},
	);

	it.each(OPTIONAL)('%s may be blank', (name) => {
		expect(invalid({ ...SHIPPED, [name]: '' })).toEqual([]);
		expect(invalid({ ...SHIPPED, [name]: '  ' })).toEqual([]);
	});

	it.each(NAMES)('%s that is absent is no error: an older settings file does not have it', (name) => {
		const { [name]: _, ...others } = SHIPPED;
		expect(parseSettings(others)).toEqual(parseSettings(SHIPPED));
	});

	it.each(NUMBERS)('%s is a whole number', (name) => {
		for (const text of ['-1', '1.5', '1e3', '0x10', 'NaN', 'Infinity', '7 days', '1000000000', '99999999999999999999', '７'])
			expect([text, invalid({ ...SHIPPED, [name]: text }).length]).toEqual([text, 1]);
		expect(invalid({ ...SHIPPED, [name]: ' 7 ' })).toEqual([]);
	});

	it.each(SWITCHES)('%s is on or off', (name) => {
		for (const text of ['true', 'yes', '1', 'ON', 'none']) expect([text, invalid({ ...SHIPPED, [name]: text }).length]).toEqual([text, 1]);
		const [on, off] = [parseSettings({ ...SHIPPED, [name]: 'on' }), parseSettings({ ...SHIPPED, [name]: ' off ' })];
		expect(on.settings).not.toEqual(off.settings);
	});
});

describe('limits of what is kept', () => {
	const BAD = ['', ' ', '0', '-1', 'abc', 'NaN', '0.5', '99999999999'];

	it.each(BAD.flatMap((text) => ['HISTORY_COUNT', 'HISTORY_DAYS'].map((name) => [name, text])))(
		'%s = "%s" deletes no revision',
		async (name, text) => {
			const { sql, alarm, close } = openNodeSqlite(':memory:');
			let time = Date.UTC(2026, 10, 28);
			const clock = { now: () => time, wait: async () => undefined };
			const copies = {
				writeIntervalMs: 0,
				stalenessMs: 0,
				read: async () => null,
				write: async () => undefined,
				forgetWildcardList: async () => undefined,
			};
			const { keeperLimits } = parseSettings({ ...SHIPPED, [name ?? '']: text }).settings;
			const platform = { sql, alarm, clock, log: () => undefined };
			const keeper = new RecordKeeper(platform, {
				copies,
				directory: { updateEntry: async () => undefined, forgetEntry: async () => undefined },
				hostnames: null,
				limits: keeperLimits,
			});
			const edit = {
				name: 'a.example' as RecordName,
				precondition: 'any',
				tags: null,
				act: 'import',
				author: 'ada',
				token: null,
				claim: null,
				requiredTag: null,
				maySetAccessTags: true,
				note: '',
			} as const;
			for (let at = 1; at <= 5; at += 1) {
				const { externalEdit } = await keeper.readHead(edit.name);
				await keeper.save({ ...edit, record: recordText(`Name ${at}`), resolvesExternalEdit: externalEdit });
				time += 86_400_000;
			}
			expect((await keeper.listRevisions(null, 10)).revisions.map(({ revision }) => revision)).toEqual([5, 4, 3, 2, 1]);
			close();
		},
	);

	it.each(BAD)('USAGE_DAYS = "%s" deletes no count', async (text) => {
		const { sql, close } = openNodeSqlite(':memory:');
		const usage = new UsageKeeper({ sql }, parseSettings({ ...SHIPPED, USAGE_DAYS: text }).settings.keeperLimits);
		const day = 86_400_000;
		const now = Date.UTC(2026, 10, 28);
		const counts = [{ protocol: 'autoconfig', client: 'thunderbird', outcome: 'ok', count: 1 }];
		for (const age of [300, 100, 0]) await usage.addCounts(now - age * day, counts);
		expect(await usage.readCounts({ from: 0, to: now + day, step: 'day' })).toHaveLength(3);
		close();
	});
});

describe('settings that belong together', () => {
	const codes = (bindings: object) => parseSettings({ ...SHIPPED, ...bindings }).problems.map(({ code }) => code);
	const ACCESS = { ACCESS_TEAM: 'https://team.cloudflareaccess.com', ACCESS_AUD: 'aud', ACCESS_ROLES: '{"operators":["ops@example.net"]}' };

	it('ask for a token that is long enough', () => {
		expect(codes({ ADMIN_TOKEN: 'x'.repeat(31) })).toContain('admin-token-short');
		expect(parseSettings({ ADMIN_TOKEN: 'x'.repeat(31) }).settings.adminToken).toBeNull();
		expect(parseSettings({ ADMIN_TOKEN: 'x'.repeat(32) }).settings.adminToken).toBe('x'.repeat(32));
	});

	it('switch Cloudflare Access on together only', () => {
		expect(parseSettings(ACCESS).settings.access).toMatchObject({ team: ACCESS.ACCESS_TEAM, audience: 'aud' });
		expect(parseSettings({ ...ACCESS, ACCESS_TEAM: `${ACCESS.ACCESS_TEAM}/` }).settings.access?.team).toBe(ACCESS.ACCESS_TEAM);
		expect(codes({ ...ACCESS, ACCESS_AUD: '' })).toContain('access-incomplete');
		expect(codes({ ...ACCESS, ACCESS_ROLES: '{' })).toEqual(expect.arrayContaining(['setting-invalid', 'access-incomplete']));
		expect(parseSettings({ ...ACCESS, ACCESS_ROLES: '{' }).settings.access).toBeNull();
	});

	it('read the usage numbers from Analytics Engine with a token only', () => {
		const account = { ANALYTICS_ACCOUNT: '0'.repeat(32) };
		expect(parseSettings({ ...account, ANALYTICS_TOKEN: 't' }).settings.analytics).toMatchObject({
			dataset: 'signpost_requests',
			token: 't',
		});
		expect(codes(account)).toContain('analytics-incomplete');
	});

	it('keep data out of every jurisdiction where they name none that there is', () => {
		const { settings, problems } = parseSettings({ ...SHIPPED, DATA_JURISDICTION: 'europe' });
		expect(settings.placement.jurisdiction).toBe('unusable');
		const text = 'DATA_JURISDICTION is not one of eu, us, fedramp, fedramp-high. Nothing is saved until it is corrected.';
		expect(problems).toContainEqual({ severity: 'error', code: 'setting-invalid', text });
		expect(parseSettings({ ...SHIPPED, DATA_JURISDICTION: ' eu ', DATA_LOCATION: 'weur' }).settings.placement).toEqual({
			jurisdiction: 'eu',
			hint: 'weur',
		});
	});

	it('publish only where everything for that is there, and by default nowhere', () => {
		const on = {
			SERVICE_HOST: 'signpost.example.net',
			CLOUDFLARE_DNS_ZONES: 'example.org, example.com',
			CLOUDFLARE_DNS_TOKEN: 't',
			POWERDNS_ZONES: 'example.net',
			POWERDNS_URL: 'https://ns1.example.net:8081',
			POWERDNS_API_KEY: 'k',
		};
		expect(parseSettings(SHIPPED).settings.zoneProviders).toEqual([]);
		expect(codes(on)).toEqual([]);
		const url = 'https://ns1.example.net:8081';
		expect(parseSettings({ ...SHIPPED, ...on }).settings.zoneProviders).toMatchObject([
			{ provider: 'cloudflare', zones: ['example.org', 'example.com'], access: { token: 't' } },
			{ provider: 'powerdns', zones: ['example.net'], access: { url, key: 'k' } },
		]);
		for (const [missing, left] of [
			['CLOUDFLARE_DNS_TOKEN', ['powerdns']],
			['POWERDNS_API_KEY', ['cloudflare']],
			['POWERDNS_URL', ['cloudflare']],
			['SERVICE_HOST', []],
		] as const) {
			const { settings, problems } = parseSettings({ ...SHIPPED, ...on, [missing]: '' });
			expect(settings.zoneProviders.map(({ provider }) => provider)).toEqual(left);
			expect(problems).toContainEqual({ severity: 'error', code: 'publishing-incomplete', text: expect.stringContaining(missing) });
		}
		expect(codes({ ...on, POWERDNS_URL: 'http://ns1.example.net:8081' })).toEqual(['setting-invalid', 'publishing-incomplete']);
	});

	it('create custom hostnames only where everything for that is there, and by default none', () => {
		const on = {
			CUSTOM_HOSTNAMES: 'on',
			CLOUDFLARE_ZONE_ID: '0'.repeat(32),
			CLOUDFLARE_API_TOKEN: 't',
			SERVICE_HOST: 'signpost.example.net',
		};
		const { CUSTOM_HOSTNAMES: _, ...off } = on;
		expect(parseSettings(off).settings.hostnames).toBeNull();
		expect(codes(on)).toEqual([]);
		expect(parseSettings({ ...on, CUSTOM_HOSTNAMES_EXCEPT: 'example.com, example.net' }).settings.hostnames).toMatchObject({
			limit: 100,
			graceMs: 30 * 86_400_000,
			ownZones: ['signpost.example.net', 'example.com', 'example.net'],
		});
		for (const missing of ['CLOUDFLARE_ZONE_ID', 'CLOUDFLARE_API_TOKEN', 'SERVICE_HOST']) {
			const { settings, problems } = parseSettings({ ...on, [missing]: '' });
			expect([missing, settings.hostnames]).toEqual([missing, null]);
			const text = expect.stringContaining(missing);
			expect(problems).toContainEqual({ severity: 'error', code: 'custom-hostnames-incomplete', text });
		}
		for (const text of ['http://api.example', 'ftp://127.0.0.1/'])
			expect(codes({ ...on, CLOUDFLARE_API_URL: text })).toContain('setting-invalid');
	});

	it('take host names as browsers send them', () => {
		expect(parseSettings({ ADMIN_HOST: 'Admin.Example.org, localhost,127.0.0.1' }).settings.adminHosts).toEqual([
			'admin.example.org',
			'localhost',
			'127.0.0.1',
		]);
		expect(codes({ ADMIN_HOST: 'https://admin.example.org' })).toContain('setting-invalid');
		expect(codes({ SERVICE_HOST: 'signpost.example.org' })).toEqual([]);
	});
});
