import { env, exports } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { renderStored } from '../../../src/model/stored-record.ts';
import { supersededRecords } from '../../../src/store/objects/superseded.ts';
import type { Revision } from '../../../src/store/ports/record-history.ts';
import { recordText } from './record-keeper-fixtures.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const HOUR = 3_600_000;

/** Revisions, newest first, made the given numbers of hours ago. */
function history(...states: readonly (readonly [hoursAgo: number, name: string | null])[]): readonly Revision[] {
	return states.map(([hoursAgo, name], at) => ({
		revision: states.length - at,
		at: NOW - hoursAgo * HOUR,
		author: 'ada',
		token: null,
		act: 'put',
		note: '',
		tags: [],
		record: name === null ? null : recordText(name),
	}));
}

function supersededNames(revisions: readonly Revision[], overlapHours = 24): readonly string[] {
	return supersededRecords(revisions, 'a.example' as never, overlapHours * HOUR, NOW).map(({ record }) => record.provider?.name ?? '');
}

describe('records replaced a while ago', () => {
	it('are kept for the overlap, counted from when they were replaced', () => {
		expect(supersededNames(history([2, 'New'], [900, 'Old']))).toEqual(['Old']);
		expect(supersededNames(history([25, 'New'], [900, 'Old']))).toEqual([]);
		expect(supersededRecords(history([2, 'New'], [900, 'Old']), 'a.example' as never, 24 * HOUR, NOW)[0]?.until).toBe(NOW + 22 * HOUR);
	});

	it('are kept where their document differs only, once each, and three at most', () => {
		expect(supersededNames(history([1, 'New'], [2, 'New'], [3, 'Old'], [4, 'New'], [5, 'Old']))).toEqual(['Old']);
		expect(supersededNames(history([1, 'E'], [2, 'D'], [3, 'C'], [4, 'B'], [5, 'A']))).toEqual(['D', 'C', 'B']);
	});

	it('are kept where an alias stands in their place', () => {
		const [alias, old] = history([1, 'New'], [2, 'Old']);
		if (alias === undefined || old === undefined) throw new Error('no history');
		expect(supersededNames([{ ...alias, record: '{"kind":"alias","of":"b.example"}' }, old])).toEqual(['Old']);
	});

	it('are aliases where one of the same domain stands in their place, with other fields of its own', () => {
		const alias = (name: string | null, of = 'b.example') =>
			JSON.stringify({ kind: 'alias', of, ...(name === null ? {} : { provider: { name } }) });
		const texts = [alias('New'), alias('New'), alias('Old'), alias('Elsewhere', 'c.example'), alias(null)];
		const revisions = history([1, 'x'], [2, 'x'], [3, 'x'], [4, 'x'], [5, 'x']).map((revision, at) => ({
			...revision,
			record: texts[at] ?? null,
		}));
		expect(supersededNames(revisions)).toEqual(['Old', '']);
		const [first, ...rest] = revisions;
		const policy = { ...JSON.parse(alias('New')), mtaSts: { mode: 'none', mx: [], maxAge: 604800 }, names: 'none' };
		if (first === undefined) throw new Error('no history');
		// Policies and names are in no document whose digest is in DNS.
		expect(supersededNames([{ ...first, record: JSON.stringify(policy) }, ...rest])).toEqual(['Old', '']);
	});

	it('are none where the record was deleted, or came from nothing', () => {
		expect(supersededNames(history([1, null], [2, 'Old']))).toEqual([]);
		expect(supersededNames(history([1, 'New'], [2, null], [3, 'Old']))).toEqual(['Old']);
		expect(supersededNames(history([1, 'New']))).toEqual([]);
	});
});

describe('the zone', () => {
	it('lists the old digest until its time is over', async () => {
		const digests = async (name: string, until: number) => {
			const earlier = [{ until, record: JSON.parse(recordText('Old')) }];
			await env.RECORDS.put(`record:${name}`, renderStored(JSON.parse(recordText('New')), 2, earlier));
			const response = await exports.default.fetch(`https://admin.signpost.example/zone/${name}`);
			return (await response.text()).match(/UAAC1/g)?.length;
		};
		expect(await digests('a.example', Date.now() + HOUR)).toBe(2);
		expect(await digests('b.example', Date.now() - 1)).toBe(1);
	});
});
