/** The formats, printed in full and as changes: one committed file each. */
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { expectedRecords } from '../../src/dns/expected.ts';
import { allRecords } from '../../src/dns/formats/zone-format.ts';
import { ZONE_FORMAT_NAMES, ZONE_FORMATS } from '../../src/dns/formats/zone-formats.ts';
import { renderRdata } from '../../src/dns/zone-file.ts';
import { resolveConfig } from '../../src/model/config.ts';
import { NOW, resolvedFixture } from '../support/fixture-records.ts';
import { domain } from '../support/valid-names.ts';
import { compareModel, createZoneModel, toZoneRecord, type ZoneRecord } from '../support/zone-model.ts';

const DOMAIN = domain('example.com');
const ZONE = { domain: DOMAIN, origin: DOMAIN };

async function expectedFixtureRecords(name: string) {
	const config = resolveConfig(resolvedFixture(name).record, DOMAIN, { kind: 'domain', domain: DOMAIN }, NOW);
	if (!config.ok) throw new Error(config.error.reason);
	return expectedRecords(config.value, { host: domain('signpost.example.net'), names: 'all' as const }, []);
}

const expected = await expectedFixtureRecords('everything');

/** Live DNS with one of each: something missing, wrong, foreign, given by a wildcard, and left over. */
const LIVE: readonly ZoneRecord[] = [
	...allRecords(expected)
		.filter(({ name }) => !/^(_imaps|_submissions|autoconfig|autodiscover|_mta-sts)\./.test(name))
		.map(toZoneRecord),
	{ name: 'autoconfig.example.com', type: 'A', data: '192.0.2.7' },
	{ name: '*.example.com', type: 'A', data: '192.0.2.8' },
	{ name: '_submissions._tcp.example.com', type: 'SRV', data: '10 1 465 old.example.com.' },
	{ name: '_mta-sts.example.com', type: 'TXT', data: '"v=STSv1; id=00112233445566778899"' },
	{ name: '_mta-sts.example.com', type: 'TXT', data: '"hello"' },
	{ name: '_ua-auto-config.example.com', type: 'TXT', data: '"v=UAAC1; a=sha256; d=AA=="' },
];

const CHANGES = compareModel(createZoneModel(LIVE), {
	domain: DOMAIN,
	site: 'signpost.example.net',
	expected,
	promised: [{ type: 'TXT', name: '_ua-auto-config.example.com', text: 'v=UAAC1; a=sha256; d=AA==' }],
	answersAt: () => 'elsewhere',
	prune: false,
}).changes;

describe.each(ZONE_FORMAT_NAMES)('%s', (name) => {
	const format = ZONE_FORMATS[name];

	it('prints a zone', async () => {
		await expect(format.renderZone(ZONE, expected)).toMatchFileSnapshot(`../golden/formats/${name}.txt`);
	});

	it('prints a change', async () => {
		const { text, notes } = format.renderChange(ZONE, CHANGES);
		await expect(`${text}${notes.map((note) => `# ${note}\n`).join('')}`).toMatchFileSnapshot(`../golden/formats/${name}-change.txt`);
	});

	it('prints nothing where nothing must change', () => {
		expect(format.renderChange(ZONE, [])).toEqual({ text: '', notes: [] });
	});
});

// What each format's own reader would see: every record, once.
describe('read back', () => {
	const rows = allRecords(expected).map((record) => `${record.name} ${record.type} ${renderRdata(record)}`);

	it('Cloudflare has every record', () => {
		const { posts } = JSON.parse(ZONE_FORMATS.cloudflare.renderZone(ZONE, expected));
		const read = posts.map(
			({ name, type, content, data }: { name: string; type: string; content: string; data: Record<string, unknown> }) => {
				if (type === 'SRV')
					return `${name} SRV ${data.priority} ${data.weight} ${data.port} ${data.target === '.' ? '.' : `${data.target}.`}`;
				return `${name} ${type} ${type === 'CNAME' ? `${content}.` : content}`;
			},
		);
		expect(read).toEqual(rows);
	});

	it('Route 53 has every record', () => {
		const { Changes } = JSON.parse(ZONE_FORMATS.route53.renderZone(ZONE, expected));
		const read = Changes.flatMap(
			({ ResourceRecordSet: set }: { ResourceRecordSet: { Name: string; Type: string; ResourceRecords: { Value: string }[] } }) =>
				set.ResourceRecords.map(({ Value }) => `${set.Name.slice(0, -1)} ${set.Type} ${Value}`),
		);
		expect(read.sort()).toEqual([...rows].sort());
	});

	it('PowerDNS has every record', () => {
		const { rrsets } = JSON.parse(ZONE_FORMATS.powerdns.renderZone(ZONE, expected));
		const read = rrsets.flatMap(({ name, type, records }: { name: string; type: string; records: { content: string }[] }) =>
			records.map(({ content }) => `${name.slice(0, -1)} ${type} ${content}`),
		);
		expect(read.sort()).toEqual([...rows].sort());
	});

	it('octoDNS is YAML with sorted names and every record', () => {
		const zone = parse(ZONE_FORMATS.octodns.renderZone(ZONE, expected));
		const names = Object.keys(zone);
		expect(names).toEqual([...names].sort());
		const count = names.flatMap((name) => zone[name].flatMap((set: { value?: string; values?: unknown[] }) => set.values ?? [set.value]));
		expect(count).toHaveLength(rows.length);
		expect(zone['_mta-sts'][0].values).toEqual(['v=STSv1\\; id=806ad7e9dc73e294ea86']);
	});

	it('DNSControl runs as JavaScript and calls once for every record', () => {
		const calls: string[] = [];
		const call =
			(type: string) =>
			(name: string, ...rest: unknown[]) =>
				calls.push(`${name}.example.com ${type} ${rest.slice(0, -1).join(' ')}`);
		const run = new Function('D_EXTEND', 'CNAME', 'TXT', 'SRV', 'TTL', ZONE_FORMATS.dnscontrol.renderZone(ZONE, expected));
		run(
			() => undefined,
			call('CNAME'),
			call('TXT'),
			call('SRV'),
			() => undefined,
		);
		expect(calls).toEqual(rows.map((row) => row.replace(/"/g, '')));
	});

	it('names are relative to a zone above the mail domain', () => {
		expect(ZONE_FORMATS.dnscontrol.renderZone({ domain: DOMAIN, origin: 'com' }, expected)).toContain(
			'CNAME("autoconfig.example", "signpost',
		);
	});
});
