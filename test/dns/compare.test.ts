import { describe, expect, it } from 'vitest';
import { expectedRecords, type ProtocolDnsRecords } from '../../src/dns/expected.ts';
import { allRecords } from '../../src/dns/formats/zone-format.ts';
import { givenRecords } from '../../src/dns/given-records.ts';
import { serviceNames } from '../../src/dns/service-names.ts';
import type { HostAnswer, ZoneComparison } from '../../src/dns/zone-comparison.ts';
import { renderRdata } from '../../src/dns/zone-file.ts';
import { resolveConfig } from '../../src/model/config.ts';
import type { DnsRecord } from '../../src/model/dns-record.ts';
import { type DomainRecord, parseRecord } from '../../src/model/record.ts';
import { fixtureNames, NOW, resolvedFixture } from '../support/fixture-records.ts';
import { domain } from '../support/valid-names.ts';
import { compareModel, createZoneModel, toZoneRecord, updateScript, type ZoneRecord } from '../support/zone-model.ts';

const SITE = { host: domain('signpost.example.net'), names: 'all' as const };
const DOMAIN = domain('example.com');

async function expectedOf(record: DomainRecord, earlier: readonly DomainRecord[] = []): Promise<readonly ProtocolDnsRecords[]> {
	const [config, ...old] = [record, ...earlier].map((each) => {
		const resolved = resolveConfig(each, DOMAIN, { kind: 'domain', domain: DOMAIN }, NOW);
		if (!resolved.ok) throw new Error(resolved.error.reason);
		return resolved.value;
	});
	return config === undefined ? [] : expectedRecords(config, SITE, old);
}

function domainRecord(input: object): DomainRecord {
	const parsed = parseRecord({ kind: 'domain', provider: { name: 'Example' }, ...input });
	if (!parsed.ok || parsed.value.kind !== 'domain') throw new Error('no record');
	return parsed.value;
}

const record = (name: string, type: string, data: string): ZoneRecord => ({ name: `${name}.example.com`, type, data });

interface Setting {
	readonly promised?: readonly DnsRecord[];
	readonly prune?: boolean;
	readonly site?: string | null;
	readonly answersAt?: (address: string) => HostAnswer | null;
}

/** Compares, applies, and sees that the next comparison has nothing to change. */
function compare(expected: readonly ProtocolDnsRecords[], zone: readonly ZoneRecord[], setting: Setting = {}): ZoneComparison {
	const situation = { domain: DOMAIN, site: SITE.host, expected, promised: [], answersAt: () => null, prune: false, ...setting };
	const model = createZoneModel(zone);
	const comparison = compareModel(model, situation);
	model.update(updateScript(DOMAIN, comparison));
	expect(summarize(compareModel(model, situation))).toEqual([]);
	return comparison;
}

/** Changes in one line each: `SRV _imaps._tcp -old +new`. */
function summarize({ changes }: ZoneComparison): readonly string[] {
	return changes.map(({ name, type, remove, removeIfPresent, add }) =>
		[
			type,
			name.replace('.example.com', ''),
			...remove.map(({ data }) => `-${data}`),
			...removeIfPresent.map(({ data }) => `-?${data}`),
			...add.map((added) => `+${renderRdata(added)}`),
		].join(' '),
	);
}

const stateAt = ({ records }: ZoneComparison, name: string) =>
	records.filter((line) => line.name === `${name}.example.com`).map(({ state }) => state);
const shortly = (records: readonly { readonly name: string; readonly type: string }[]) =>
	records.map(({ name, type }) => `${type} ${name.replace('.example.com', '')}`);

describe('a zone that has everything', () => {
	it.each(fixtureNames())('%s needs no change', async (name) => {
		const expected = await expectedOf(resolvedFixture(name).record);
		const comparison = compare(expected, allRecords(expected).map(toZoneRecord));
		expect(summarize(comparison)).toEqual([]);
		expect(comparison.records.every(({ state }) => state === 'present')).toBe(true);
		expect([comparison.leftover, comparison.theirs, comparison.unlooked]).toEqual([[], [], []]);
	});

	it.each(fixtureNames())('%s stands at names of the service only', async (name) => {
		for (const { name: owner } of allRecords(await expectedOf(resolvedFixture(name).record))) expect(serviceNames(DOMAIN)).toContain(owner);
	});
});

describe('one difference is one change', async () => {
	const expected = await expectedOf(resolvedFixture('everything').record);
	const all = allRecords(expected).map(toZoneRecord);
	const without = (name: string) => all.filter((each) => each.name !== `${name}.example.com`);
	const elsewhere = () => 'elsewhere' as const;

	it.each<[string, readonly ZoneRecord[], readonly string[], Setting?]>([
		['a record is missing', without('_imaps._tcp'), ['SRV _imaps._tcp +0 1 993 imap.example.com.']],
		[
			'a priority is wrong',
			[...without('_submissions._tcp'), record('_submissions._tcp', 'SRV', '20 1 465 smtp.example.com.')],
			['SRV _submissions._tcp -20 1 465 smtp.example.com. +0 1 465 smtp.example.com.'],
		],
		[
			'the weight of a single target says nothing',
			[...without('_imaps._tcp'), record('_imaps._tcp', 'SRV', '0 5 993 imap.example.com.')],
			[],
		],
		[
			'a second SRV record would share the load with the right one',
			[...all, record('_imaps._tcp', 'SRV', '0 1 993 old.example.com.')],
			['SRV _imaps._tcp -0 1 993 old.example.com.'],
		],
		[
			'an MTA-STS id that this service made for another policy is replaced',
			[...without('_mta-sts'), record('_mta-sts', 'TXT', '"v=STSv1; id=00112233445566778899"')],
			['TXT _mta-sts -"v=STSv1; id=00112233445566778899" +"v=STSv1; id=806ad7e9dc73e294ea86"'],
		],
		[
			"an MTA-STS id of the operator's own stays",
			[...without('_mta-sts'), record('_mta-sts', 'TXT', '"v=STSv1; id=20261128T000000;"')],
			[],
		],
		[
			'two MTA-STS texts are no policy',
			[...all, record('_mta-sts', 'TXT', '"v=STSv1; id=20261128T000000;"')],
			['TXT _mta-sts -"v=STSv1; id=20261128T000000;"'],
		],
		[
			'blanks and a last semicolon mean nothing',
			[...without('_mta-sts'), record('_mta-sts', 'TXT', '"v=STSv1;id=806ad7e9dc73e294ea86;"')],
			[],
		],
		['a TXT record of somebody else stays', [...all, record('_mta-sts', 'TXT', '"site-verification=1"')], []],
		[
			'an address stands where a CNAME belongs, and somebody else answers there',
			[...without('autoconfig'), record('autoconfig', 'A', '192.0.2.1')],
			['CNAME autoconfig +signpost.example.net.', 'A autoconfig -192.0.2.1'],
			{ answersAt: elsewhere },
		],
		['an address of which nobody knows who answers there', [...without('autoconfig'), record('autoconfig', 'A', '192.0.2.1')], []],
		[
			'an address at which the service answers',
			[...without('autoconfig'), record('autoconfig', 'A', '192.0.2.1')],
			[],
			{ answersAt: () => 'ours' },
		],
		[
			'the addresses of the service itself, as a provider that flattens gives them',
			[
				...without('autoconfig'),
				record('autoconfig', 'A', '192.0.2.9'),
				{ name: 'signpost.example.net', type: 'A', data: '192.0.2.9' },
				{ name: 'signpost.example.net', type: 'A', data: '192.0.2.10' },
			],
			[],
		],
		[
			'an alias of an alias of the service',
			[
				...without('autoconfig'),
				record('autoconfig', 'CNAME', 'mail.example.org.'),
				{ name: 'mail.example.org', type: 'CNAME', data: 'signpost.example.net.' },
			],
			[],
		],
		[
			'an alias of another service',
			[...without('autoconfig'), record('autoconfig', 'CNAME', 'old.example.org.')],
			['CNAME autoconfig -old.example.org. +signpost.example.net.'],
		],
		[
			'a DNAME that leads to another place cannot be changed here',
			[...all.filter(({ name }) => !name.includes('._tcp.')), { name: '_tcp.example.com', type: 'DNAME', data: '_tcp.example.org.' }],
			[],
		],
	])('%s', (_, zone, changes, setting) => {
		expect(summarize(compare(expected, zone, setting))).toEqual(changes);
	});

	it('texts that cannot stand beside a CNAME are named, and nothing is tried that a name server would ignore', () => {
		const comparison = compare(expected, [...without('autoconfig'), record('autoconfig', 'TXT', '"hello"')]);
		expect(summarize(comparison)).toEqual([]);
		expect(comparison.blocked.map(({ place }) => place)).toEqual(['autoconfig.example.com CNAME']);
		expect(stateAt(comparison, 'autoconfig')).toEqual(['missing']);
	});

	it('a second SRV target beside ours is told by the state of ours', () => {
		const comparison = compare(expected, [...all, record('_submissions._tcp', 'SRV', '0 1 465 old.example.org.')]);
		expect(stateAt(comparison, '_submissions._tcp')).toEqual(['different']);
		expect(comparison.leftover.map(({ data }) => data)).toEqual(['0 1 465 old.example.org.']);
	});

	it('what is not answered is unknown, and nothing is changed there', () => {
		const situation = { domain: DOMAIN, site: SITE.host, expected, promised: [], answersAt: () => null, prune: false };
		const model = createZoneModel(all, ({ name }) => name === '_imaps._tcp.example.com' || name === 'autoconfig.example.com');
		const comparison = compareModel(model, situation);
		expect(summarize(comparison)).toEqual([]);
		expect([stateAt(comparison, '_imaps._tcp'), stateAt(comparison, 'autoconfig')]).toEqual([['unknown'], ['unknown']]);
		expect(comparison.unlooked.map(({ place }) => place)).toEqual(
			expect.arrayContaining(['_imaps._tcp.example.com SRV', 'autoconfig.example.com CNAME']),
		);
	});

	it('where the service’s name is not known, any target may be the right one', () => {
		const comparison = compare(expected, [...without('autoconfig'), record('autoconfig', 'CNAME', 'x.example.org.')], { site: null });
		expect(stateAt(comparison, 'autoconfig')).toEqual(['unknown']);
		expect(summarize(comparison)).toEqual([]);
		expect(stateAt(compare(expected, without('autoconfig'), { site: null }), 'autoconfig')).toEqual(['missing']);
	});
});

describe('what is not ours (J-A)', () => {
	const MAIL = domainRecord({ services: { imap: { host: 'imap.example.com' }, submission: { host: 'smtp.example.com' } } });
	const OTHERS = [
		record('mta-sts', 'A', '192.0.2.50'),
		record('_mta-sts', 'TXT', '"v=STSv1; id=7"'),
		record('_smtp._tls', 'TXT', '"v=TLSRPTv1; rua=mailto:tls@example.com"'),
		record('_caldavs._tcp', 'SRV', '0 1 443 dav.example.com.'),
		record('_caldavs._tcp', 'TXT', '"path=/dav"'),
		record('_carddavs._tcp', 'SRV', '0 1 443 dav.example.com.'),
		record('_jmap._tcp', 'SRV', '0 1 443 jmap.example.com.'),
		record('_sieve._tcp', 'SRV', '0 1 4190 imap.example.com.'),
	];

	it('the operator’s own MTA-STS, DAV, JMAP and Sieve beside a record of mail alone', async () => {
		const expected = await expectedOf(MAIL);
		const all = allRecords(expected).map(toZoneRecord);
		const comparison = compare(expected, [...all, ...OTHERS]);
		expect([summarize(comparison), comparison.leftover]).toEqual([[], []]);
		expect(shortly(comparison.theirs)).toEqual(expect.arrayContaining(shortly(OTHERS)));
		expect(comparison.theirs).toHaveLength(OTHERS.length);
		const pruned = compare(expected, [...all, ...OTHERS], { prune: true });
		expect(pruned.changes.flatMap(({ remove }) => remove)).toHaveLength(OTHERS.length);
		expect(pruned.leftover).toEqual([]);
	});

	it('what a kept revision gave is ours to take out', async () => {
		const old = domainRecord({ services: { ...MAIL.services, caldav: { url: 'https://dav.example.com/dav' } } });
		const promised = await givenRecords([old], DOMAIN, SITE, NOW);
		const comparison = compare(await expectedOf(MAIL), [...allRecords(await expectedOf(MAIL)).map(toZoneRecord), ...OTHERS], { promised });
		expect(shortly(comparison.leftover)).toEqual(['SRV _caldavs._tcp', 'TXT _caldavs._tcp']);
		expect(comparison.theirs).toHaveLength(OTHERS.length - 2);
	});

	it('a record without mail leaves Microsoft’s Autodiscover alone', async () => {
		const expected = await expectedOf(resolvedFixture('policy-only').record);
		const theirs = record('autodiscover', 'CNAME', 'autodiscover.outlook.com.');
		const comparison = compare(expected, [...allRecords(expected).map(toZoneRecord), theirs]);
		expect([summarize(comparison), comparison.leftover, shortly(comparison.theirs)]).toEqual([[], [], ['CNAME autodiscover']]);
	});

	it('DAV and JMAP records ask for theirs alone', async () => {
		const dav = domainRecord({ services: { caldav: { url: 'https://dav.example.com/dav' }, jmap: { url: 'https://jmap.example.com/s' } } });
		const names = new Set(allRecords(await expectedOf(dav)).map(({ name }) => name.replace('.example.com', '')));
		expect([...names].filter((name) => !/ua-auto-config/.test(name))).toEqual(['_caldavs._tcp', '_jmap._tcp']);
	});

	it.each([
		['none', []],
		['autoconfig-autodiscover', ['autoconfig', 'autodiscover']],
		['all', ['autoconfig', 'autodiscover', 'ua-auto-config', 'mta-sts']],
	] as const)('names: %s', async (names, hosts) => {
		const { record: complete } = resolvedFixture('pacc-complete');
		const expected = await expectedOf({ ...complete, names, mtaSts: { mode: 'testing', mx: ['mx.example.com'], maxAge: 604800 } });
		const aliases = allRecords(expected).filter(({ type }) => type === 'CNAME');
		expect(aliases.map(({ name }) => name.replace('.example.com', ''))).toEqual(hosts);
		expect(allRecords(expected).some(({ name }) => name.startsWith('_mta-sts.'))).toBe(names === 'all');
		// It leads to the service without a name of the customer's.
		expect(allRecords(expected).some(({ name }) => name.startsWith('_autodiscover.'))).toBe(true);
	});

	it('a name is never its own target', async () => {
		const config = resolveConfig(MAIL, DOMAIN, { kind: 'domain', domain: DOMAIN }, NOW);
		if (!config.ok) throw new Error(config.error.reason);
		const expected = await expectedRecords(config.value, { host: domain('autoconfig.example.com'), names: 'all' }, []);
		const aliases = allRecords(expected).filter(({ type }) => type === 'CNAME');
		expect(aliases.map(({ name }) => name)).toEqual(['autodiscover.example.com', 'ua-auto-config.example.com']);
	});
});

describe('where it leads (J-B)', async () => {
	const expected = await expectedOf(resolvedFixture('everything').record);
	const all = allRecords(expected).map(toZoneRecord);
	const hosts = all.filter(({ type }) => type === 'CNAME');
	const services = all.filter(({ type }) => type !== 'CNAME');
	const SERVICE = { name: 'signpost.example.net', type: 'A', data: '192.0.2.9' };

	it.each<[string, Setting]>([
		['of which nobody knows who answers there', {}],
		['where somebody else answers', { answersAt: () => 'elsewhere' }],
	])('a wildcard with addresses, %s, is not our records', (_, setting) => {
		const comparison = compare(expected, [...services, SERVICE, record('*', 'A', '192.0.2.80')], setting);
		for (const { name } of hosts) expect(stateAt(comparison, name.replace('.example.com', ''))).toEqual(['missing']);
		expect(comparison.changes.flatMap(({ add }) => add)).toHaveLength(hosts.length);
		expect(comparison.changes.flatMap(({ remove }) => remove)).toEqual([]);
	});

	it('an address at the name itself that is the same as the wildcard’s gives way all the same', () => {
		compare(expected, [...services, record('*', 'A', '192.0.2.80'), record('autoconfig', 'A', '192.0.2.80')]);
	});

	it('a wildcard that leads to the service is as good as the records', () => {
		const comparison = compare(expected, [...services, record('*', 'CNAME', 'signpost.example.net.')]);
		expect(summarize(comparison)).toEqual([]);
		expect(comparison.records.every(({ state }) => state === 'present')).toBe(true);
	});

	it('proxied names, at whose addresses the service answers', () => {
		const proxied = hosts.flatMap(({ name }) => [
			{ name, type: 'A', data: '198.51.100.1' },
			{ name, type: 'AAAA', data: '2001:db8::1' },
		]);
		const comparison = compare(expected, [...services, ...proxied], { answersAt: () => 'ours' });
		expect([summarize(comparison), comparison.unlooked, comparison.theirs]).toEqual([[], [], []]);
		const untold = compare(expected, [...services, ...proxied]);
		expect(summarize(untold)).toEqual([]);
		for (const { name } of hosts) expect(stateAt(untold, name.replace('.example.com', ''))).toEqual(['addresses']);
	});

	it.each([
		['the right text', '"v=STSv1; id=806ad7e9dc73e294ea86"'],
		['a text of its own', '"v=STSv1; id=hoster1"'],
	])('_mta-sts delegated to a hoster that has %s', (_, text) => {
		const zone = [
			...all.filter(({ name }) => !name.startsWith('_mta-sts.')),
			record('_mta-sts', 'CNAME', '_mta-sts.hoster.example.'),
			{ name: '_mta-sts.hoster.example', type: 'TXT', data: text },
		];
		const comparison = compare(expected, zone);
		expect([summarize(comparison), comparison.leftover, comparison.theirs]).toEqual([[], [], []]);
		expect(stateAt(comparison, '_mta-sts')).toEqual(['present']);
	});

	it('services below a DNAME that leads to the same records', () => {
		const moved = services
			.filter(({ name }) => name.includes('._tcp.'))
			.map((each) => ({ ...each, name: each.name.replace('example.com', 'example.org') }));
		const zone = [
			...all.filter(({ name }) => !name.includes('._tcp.')),
			...moved,
			{ name: '_tcp.example.com', type: 'DNAME', data: '_tcp.example.org.' },
		];
		expect(summarize(compare(expected, zone))).toEqual([]);
	});
});

describe('PACC’s overlap', async () => {
	const { record: current } = resolvedFixture('pacc-complete');
	const old = { ...current, provider: { ...current.provider, name: 'Older' } };
	const oldest = { ...current, provider: { ...current.provider, name: 'Oldest' } };
	const expected = await expectedOf(current, [old]);
	const promised = await givenRecords([current, old, oldest], DOMAIN, SITE, NOW);
	const digestOf = async (each: DomainRecord) =>
		allRecords(await expectedOf(each))
			.filter(({ name, type }) => type === 'TXT' && name.startsWith('_ua-auto-config.'))
			.map(toZoneRecord);

	it('keeps the digest of the record before, and takes an older one out', async () => {
		const zone = [...allRecords(expected).map(toZoneRecord), ...(await digestOf(oldest))];
		expect(zone.filter(({ name }) => name.startsWith('_ua-auto-config.'))).toHaveLength(3);
		const comparison = compare(expected, zone, { promised });
		expect(comparison.changes.flatMap(({ remove }) => remove.map(({ data }) => data))).toEqual(
			(await digestOf(oldest)).map(({ data }) => data),
		);
	});

	it('a digest of which nothing is known stays: clients take any that matches', async () => {
		const zone = [...allRecords(expected).map(toZoneRecord), record('_ua-auto-config', 'TXT', '"v=UAAC1; a=sha256; d=AA=="')];
		const comparison = compare(expected, zone, { promised });
		expect([summarize(comparison), shortly(comparison.theirs)]).toEqual([[], ['TXT _ua-auto-config']]);
	});

	it('from a file alone the digests of earlier records are another’s', async () => {
		const zone = [...allRecords(expected).map(toZoneRecord), ...(await digestOf(oldest))];
		expect(summarize(compare(await expectedOf(current), zone))).toEqual([]);
	});
});
