/** Random zones with records of others of every kind, and the rule that says which of their records are ours. */
import fc from 'fast-check';
import { expectedRecords } from '../../src/dns/expected.ts';
import { allRecords } from '../../src/dns/formats/zone-format.ts';
import { givenRecords } from '../../src/dns/given-records.ts';
import { serviceNames } from '../../src/dns/service-names.ts';
import type { HostAnswer } from '../../src/dns/zone-comparison.ts';
import { resolveConfig } from '../../src/model/config.ts';
import type { Domain } from '../../src/model/names.ts';
import { fixtureNames, NOW, resolvedFixture } from './fixture-records.ts';
import { domain } from './valid-names.ts';
import { toZoneRecord, type ZoneRecord } from './zone-model.ts';

export const SITE = { host: domain('signpost.example.net'), names: 'all' as const };
const SERVICE_ADDRESSES: readonly ZoneRecord[] = [
	{ name: SITE.host, type: 'A', data: '192.0.2.9' },
	{ name: SITE.host, type: 'AAAA', data: '2001:db8::9' },
];
/** Addresses of a provider in front of the service, of others, and of machines that do not answer. */
const ADDRESSES: Readonly<Record<string, HostAnswer | null>> = {
	'192.0.2.9': 'ours',
	'198.51.100.1': 'ours',
	'192.0.2.80': 'elsewhere',
	'192.0.2.81': 'elsewhere',
	'203.0.113.7': null,
};

const TARGETS = [
	SITE.host,
	'www.example.org',
	'autodiscover.outlook.com',
	'cdn.example.org',
	'alias.example.org',
	'nowhere.example.org',
] as const;
/** Records in zones that belong to others. */
export const OUTSIDE: readonly ZoneRecord[] = [
	...SERVICE_ADDRESSES,
	{ name: 'www.example.org', type: 'A', data: '192.0.2.80' },
	{ name: 'cdn.example.org', type: 'A', data: '198.51.100.1' },
	{ name: 'alias.example.org', type: 'CNAME', data: `${SITE.host}.` },
	{ name: 'autodiscover.outlook.com', type: 'A', data: '192.0.2.81' },
	{ name: '_mta-sts.example.org', type: 'TXT', data: '"v=STSv1; id=hoster7"' },
	{ name: '_imaps._tcp.example.org', type: 'SRV', data: '0 1 993 imap.example.com.' },
];

const TEXTS = [
	'"hello"',
	'"v=spf1 -all"',
	'"v=STSv1; id=20260101T000000;"',
	'"v=STSv1; id=00112233445566778899;"',
	'"v=STSv1"',
	'"v=TLSRPTv1; rua=mailto:other@example.org"',
	'"v=UAAC1; a=sha256; d=AA=="',
	'"path=/other"',
	'"google-site-verification=abc"',
] as const;

const host = fc.constantFrom(...TARGETS).map((name) => `${name}.`);
const address = fc.constantFrom(...Object.keys(ADDRESSES));
const srv = fc.tuple(fc.constantFrom(0, 10, 20), fc.constantFrom(0, 1, 5), fc.constantFrom(465, 587, 993, 443, 4190), host);
const data = fc.oneof(
	address.map((ip) => ({ type: 'A', data: ip })),
	fc.constant({ type: 'AAAA', data: '2001:db8::9' }),
	fc.constant({ type: 'AAAA', data: '2001:db8::80' }),
	host.map((name) => ({ type: 'CNAME', data: name })),
	fc.constantFrom(...TEXTS).map((text) => ({ type: 'TXT', data: text })),
	srv.map(([priority, weight, port, target]) => ({ type: 'SRV', data: `${priority} ${weight} ${port} ${target}` })),
	fc.constant({ type: 'SRV', data: '0 0 0 .' }),
	host.map((name) => ({ type: 'MX', data: `10 ${name}` })),
	fc.constant({ type: 'CAA', data: '0 issue "ca.example.net"' }),
	fc.constant({ type: 'CNAME', data: '_mta-sts.example.org.' }),
	fc.constant({ type: 'CNAME', data: '_imaps._tcp.example.org.' }),
);

/** A record at a name of the service, at a wildcard beside or above it, or a DNAME over a part of the zone. */
function strangersIn(asking: Domain): fc.Arbitrary<ZoneRecord> {
	const parent = asking.slice(asking.indexOf('.') + 1);
	const wildcards = [`*.${asking}`, `*._tcp.${asking}`, `*._tls.${asking}`, ...(parent.includes('.') ? [`*.${parent}`] : [])];
	const name = fc.oneof(
		{ weight: 12, arbitrary: fc.constantFrom(...serviceNames(asking)) },
		{ weight: 2, arbitrary: fc.constantFrom(...wildcards) },
		{ weight: 1, arbitrary: fc.constantFrom(asking as string, `www.${asking}`, `_acme-challenge.autoconfig.${asking}`) },
	);
	const dname = fc
		.constantFrom(`_tcp.${asking}`, `_tls.${asking}`)
		.map((owner) => ({ name: owner, type: 'DNAME', data: 'moved.example.org.' }));
	return fc.oneof(
		{ weight: 30, arbitrary: fc.tuple(name, data).map(([owner, rest]) => ({ name: owner, ...rest })) },
		{ weight: 1, arbitrary: dname },
	);
}

/** Types that a change neither removes nor can put a CNAME beside. */
const HIDDEN_TYPES = ['MX', 'CAA', 'TXT', 'SRV'];

/** No name server has another record beside a CNAME (RFC 1034 §3.6.2), two CNAMEs, or anything below a DNAME (RFC 6672 §2.3). */
export function lawful(records: readonly ZoneRecord[]): readonly ZoneRecord[] {
	const kept: ZoneRecord[] = [];
	for (const record of records) {
		const here = kept.filter(({ name }) => name === record.name);
		const isCrowded = record.type === 'CNAME' ? here.length > 0 : here.some(({ type }) => type === 'CNAME');
		const isCovered = kept.some(
			(other) =>
				(other.type === 'DNAME' && record.name.endsWith(`.${other.name}`)) ||
				(record.type === 'DNAME' && (other.name.endsWith(`.${record.name}`) || (other.type === 'DNAME' && other.name === record.name))),
		);
		const isHidden = HIDDEN_TYPES.includes(record.type) && kept.some((other) => isShadowOf(other, record) || isShadowOf(record, other));
		if (!isCrowded && !isCovered && !isHidden) kept.push(record);
	}
	return kept;
}

/** Whether a record has the very data of a wildcard above it: no question tells the two apart. */
function isShadowOf(wildcard: ZoneRecord, record: ZoneRecord): boolean {
	const isAbove = wildcard.name.startsWith('*.') && record.name.endsWith(wildcard.name.slice(1));
	return isAbove && wildcard.type === record.type && wildcard.data === record.data;
}

/** A record, older revisions of it, and a zone in which a part of what they gave stands beside what others put there. */
export const randomZone = fc
	.record({
		fixture: fc.constantFrom(...fixtureNames()),
		old: fc.array(fc.constantFrom(...fixtureNames()), { maxLength: 2 }),
		asking: fc.constantFrom(domain('example.com'), domain('mail.example.com')),
	})
	.chain((chosen) =>
		fc.record({
			...Object.fromEntries(Object.entries(chosen).map(([name, value]) => [name, fc.constant(value)])),
			fixture: fc.constant(chosen.fixture),
			old: fc.constant(chosen.old),
			asking: fc.constant(chosen.asking),
			strangers: fc.array(strangersIn(chosen.asking), { maxLength: 14 }),
			share: fc.double({ min: 0, max: 1, noNaN: true }),
			pick: fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
			strangersFirst: fc.boolean(),
			hasApex: fc.boolean(),
			blind: fc.array(fc.constantFrom(...serviceNames(chosen.asking)), { maxLength: 2 }),
		}),
	);

/** The DNS records that the record of a fixture asks for. */
async function expectedOf(fixture: string, asking: Domain) {
	const config = resolveConfig(resolvedFixture(fixture, asking).record, asking, { kind: 'domain', domain: asking }, NOW);
	if (!config.ok) throw new Error(config.error.reason);
	return expectedRecords(config.value, SITE, []);
}

/** A zone that was drawn, and what the comparison of it is given. */
export interface DrawnZone {
	/** The DNS records that the record asks for now. */
	readonly expected: Awaited<ReturnType<typeof expectedOf>>;
	/** The DNS records that the record and its older revisions asked for. */
	readonly promised: Awaited<ReturnType<typeof givenRecords>>;
	/** A part of what the record gives and gave, and what others put there, in the order in which it goes into the zone. */
	readonly records: readonly ZoneRecord[];
}

/** What fast-check chooses for one zone. */
type ZoneChoice = typeof randomZone extends fc.Arbitrary<infer Choice> ? Choice : never;

/** Takes a part of what the record gives and gave into the zone, beside what others put there. */
export async function drawZone({ fixture, old, asking, strangers, share, pick, strangersFirst }: ZoneChoice): Promise<DrawnZone> {
	const expected = await expectedOf(fixture, asking);
	const revisions = [fixture, ...old].map((name) => resolvedFixture(name, asking).record);
	const promised = await givenRecords(revisions, asking, SITE, NOW);
	const ours = [...allRecords(expected), ...promised].map(toZoneRecord).filter(() => pick.next().value < share);
	return { expected, promised, records: strangersFirst ? [...strangers, ...ours] : [...ours, ...strangers] };
}

/** Which service answers at an address of a random zone; null where nobody can tell. */
export function answersAt(ip: string): HostAnswer | null {
	return ADDRESSES[ip] ?? null;
}

/**
 * Whether a record is ours, written independently of the code under test: a kept revision asked for it, or it contradicts the present
 * record.
 */
export function isOurs({ name, type, data: text }: ZoneRecord, zone: readonly ZoneRecord[], { expected, promised }: DrawnZone): boolean {
	if (promised.map(toZoneRecord).some((given) => given.name === name && given.type === type && given.data === text)) return true;
	const wanted = allRecords(expected)
		.map(toZoneRecord)
		.filter((record) => record.name === name);
	if (wanted.length === 0) return false;
	if (type === 'SRV') return wanted.some((record) => record.type === 'SRV');
	if (type === 'TXT') {
		const tag = (value: string) => /^"(v=\w+|path=)/.exec(value)?.[1];
		return wanted.some((record) => record.type === 'TXT' && tag(record.data) === tag(text) && tag(text) !== 'v=UAAC1');
	}
	// An alias in a service record's place leads right only to a hoster that has the right text.
	if (type === 'CNAME' && name.startsWith('_')) return !name.startsWith('_mta-sts.') || text !== '_mta-sts.example.org.';
	// An alias that leads to the service gives way, to another that does, only where no question tells it from that of a wildcard.
	const leadsToService = [`${SITE.host}.`, 'alias.example.org.', 'cdn.example.org.'].includes(text);
	if (type === 'CNAME') return !leadsToService || zone.some((record) => isShadowOf(record, { name, type, data: text }));
	if (type !== 'A' && type !== 'AAAA') return false;
	// An address gives way to an alias only where somebody else is known to answer, or where a wildcard has the very same.
	const here = zone.filter((record) => record.name === name && (record.type === 'A' || record.type === 'AAAA'));
	const answers = here.map((record) => ADDRESSES[record.data] ?? null);
	return (
		wanted.some((record) => record.type === 'CNAME') &&
		(answers.includes('elsewhere') || zone.some((record) => record.name.startsWith('*.')))
	);
}
