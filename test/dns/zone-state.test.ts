import { describe, expect, it } from 'vitest';
import type { LiveRecord } from '../../src/dns/compare.ts';
import { expectedRecords } from '../../src/dns/expected.ts';
import { toZoneLines } from '../../src/dns/zone-file.ts';
import { type RecordState, zoneState } from '../../src/dns/zone-state.ts';
import { resolveConfig } from '../../src/model/config.ts';
import { NOW, resolvedFixture } from '../support/fixture-records.ts';
import { domain } from '../support/valid-names.ts';

const exampleDomain = domain('example.com');
const config = resolveConfig(resolvedFixture('minimal').record, exampleDomain, { kind: 'domain', domain: exampleDomain }, NOW);
if (!config.ok) throw new Error(config.error.reason);
const EXPECTED_RECORDS = await expectedRecords(config.value, { host: domain('signpost.example.net') }, []);
const PUBLISHED: readonly LiveRecord[] = toZoneLines(EXPECTED_RECORDS).map(({ name, type, data, ttl }) => ({ name, type, data, ttl }));
const AUTOCONFIG = 'autoconfig.example.com';

/** A zone that has everything, but this at one name. */
function zoneStateWith(
	name: string,
	instead: readonly Partial<LiveRecord>[],
	{ siteKnown = true, unanswered = [] as readonly string[] } = {},
) {
	const put = instead.map((record) => ({ name, type: 'CNAME', data: '', ttl: 60, ...record }));
	const live = [...PUBLISHED.filter((record) => record.name !== name), ...put];
	return zoneState(EXPECTED_RECORDS, { live, unanswered: new Set(unanswered) }, siteKnown);
}

describe('the state of a record in DNS', () => {
	it('is present for each, where the zone has everything', () => {
		const { records, leftover } = zoneState(EXPECTED_RECORDS, { live: PUBLISHED, unanswered: new Set() }, true);
		expect(records.map(({ state }) => state)).toEqual(PUBLISHED.map(() => 'present'));
		expect(leftover).toEqual([]);
	});

	const address = { type: 'A', data: '192.0.2.1' };
	const elsewhere = { type: 'CNAME', data: 'elsewhere.example.' };
	const told: readonly (readonly [
		string,
		readonly Partial<LiveRecord>[],
		Parameters<typeof zoneStateWith>[2],
		RecordState,
		readonly string[],
	])[] = [
		['nothing there', [], {}, 'missing', []],
		['no answer', [], { unanswered: [AUTOCONFIG] }, 'unknown', []],
		['another target', [elsewhere], {}, 'different', ['elsewhere.example.']],
		['addresses, as a flattened CNAME has', [address], {}, 'addresses', ['192.0.2.1']],
		['some target, none being known', [elsewhere], { siteKnown: false }, 'unknown', ['elsewhere.example.']],
		['nothing there, whatever the target', [], { siteKnown: false }, 'missing', []],
	];
	it.each(told)('with %s', (_, instead, more, state, foundThere) => {
		const { records, leftover } = zoneStateWith(AUTOCONFIG, instead, more);
		const line = records.find(({ name }) => name === AUTOCONFIG);
		expect(line).toMatchObject({ state, found: foundThere });
		expect(records.filter((record) => record.state !== 'present')).toEqual([line]);
		expect(leftover).toEqual([]);
	});

	it('is present for a service record whatever the target, where it says so itself', () => {
		const { records } = zoneState(EXPECTED_RECORDS, { live: PUBLISHED, unanswered: new Set([AUTOCONFIG]) }, false);
		expect(records.every(({ state }) => state === 'present')).toBe(true);
	});

	it('names what is left over, and leaves the texts of others alone', () => {
		const stale = { name: '_caldavs._tcp.example.com', type: 'SRV', data: '0 1 443 dav.example.com.', ttl: 60 };
		const others = { name: '_smtp._tls.example.com', type: 'TXT', data: '"google-site-verification=1"', ttl: 60 };
		const { leftover } = zoneState(EXPECTED_RECORDS, { live: [...PUBLISHED, stale, others], unanswered: new Set() }, true);
		expect(leftover).toEqual([stale]);
	});
});
