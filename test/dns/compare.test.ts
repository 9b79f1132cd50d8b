import { describe, expect, it } from 'vitest';
import { compareZone, type LiveRecord, ownedNames } from '../../src/dns/compare.ts';
import { expectedRecords } from '../../src/dns/expected.ts';
import { renderRdata } from '../../src/dns/zone-file.ts';
import { resolveConfig } from '../../src/model/config.ts';
import type { DnsRecord } from '../../src/model/dns-record.ts';
import { fixtureNames, NOW, resolvedFixture } from '../support/fixture-records.ts';
import { domain } from '../support/valid-names.ts';

const SITE = { host: domain('signpost.example.net') };

async function expectedFixtureRecords(name: string): Promise<readonly DnsRecord[]> {
	const asking = domain('example.com');
	const config = resolveConfig(resolvedFixture(name).record, asking, { kind: 'domain', domain: asking }, NOW);
	if (!config.ok) throw new Error(config.error.reason);
	return (await expectedRecords(config.value, SITE, [])).flatMap(({ records }) => records);
}

const toLiveRecord = (record: DnsRecord): LiveRecord => ({ name: record.name, type: record.type, data: renderRdata(record), ttl: 300 });
const liveRecord = (name: string, type: string, data: string): LiveRecord => ({ name: `${name}.example.com`, type, data, ttl: 60 });

/** Changes in one line each: `SRV _imaps._tcp -old +new`. */
function summarize(changes: ReturnType<typeof compareZone>): readonly string[] {
	return changes.map(({ name, type, remove, add }) =>
		[
			type,
			name.replace('.example.com', ''),
			...remove.map(({ data }) => `-${data}`),
			...add.map((record) => `+${renderRdata(record)}`),
		].join(' '),
	);
}

describe('a zone that has everything', () => {
	it.each(fixtureNames())('%s needs no change', async (name) => {
		const expected = await expectedFixtureRecords(name);
		expect(compareZone(expected, expected.map(toLiveRecord))).toEqual([]);
	});

	it.each(fixtureNames())('%s stands at owned names only', async (name) => {
		for (const record of await expectedFixtureRecords(name)) expect(ownedNames('example.com')).toContain(record.name);
	});
});

describe('one difference is one change', async () => {
	const expected = await expectedFixtureRecords('everything');
	const all = expected.map(toLiveRecord);
	const without = (name: string) => all.filter((record) => record.name !== `${name}.example.com`);

	it.each<[string, readonly LiveRecord[], readonly string[]]>([
		['a record is missing', without('_imaps._tcp'), ['SRV _imaps._tcp +0 1 993 imap.example.com.']],
		[
			'a priority is wrong',
			[...without('_submissions._tcp'), liveRecord('_submissions._tcp', 'SRV', '20 1 465 smtp.example.com.')],
			['SRV _submissions._tcp -20 1 465 smtp.example.com. +0 1 465 smtp.example.com.'],
		],
		[
			'a second SRV record would share the load with the right one',
			[...all, liveRecord('_imaps._tcp', 'SRV', '0 1 993 old.example.com.')],
			['SRV _imaps._tcp -0 1 993 old.example.com.'],
		],
		[
			'a stale MTA-STS id is replaced',
			[...without('_mta-sts'), liveRecord('_mta-sts', 'TXT', '"v=STSv1; id=1"')],
			['TXT _mta-sts -"v=STSv1; id=1" +"v=STSv1; id=806ad7e9dc73e294ea86"'],
		],
		['a TXT record of somebody else stays', [...all, liveRecord('_mta-sts', 'TXT', '"site-verification=1"')], []],
		[
			'an address stands where a CNAME belongs, and cannot stand beside it',
			[...without('autoconfig'), liveRecord('autoconfig', 'A', '192.0.2.1')],
			['CNAME autoconfig +signpost.example.net.', 'A autoconfig -192.0.2.1'],
		],
		[
			'PACC has no words for this record: its digest must go',
			[...all, liveRecord('_ua-auto-config', 'TXT', '"v=UAAC1; a=sha256; d=AA=="')],
			['TXT _ua-auto-config -"v=UAAC1; a=sha256; d=AA=="'],
		],
	])('%s', (_, has, changes) => {
		expect(summarize(compareZone(expected, has))).toEqual(changes);
	});
});
