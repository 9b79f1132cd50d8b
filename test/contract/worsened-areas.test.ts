import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHECK_AREAS, GRADE_LETTERS } from '../../src/contract/checks/check-grades.ts';
import { findWorsening, formatWorsenedAreas, parseWorsenedAreas } from '../../src/contract/checks/worsened-areas.ts';

describe('an area', () => {
	it.each([
		['the first result', null, 'F', null],
		['the same grade', { grade: 'B', lastLetter: 'B' }, 'B', null],
		['a better grade', { grade: 'D', lastLetter: 'D' }, 'A', null],
		['a worse grade', { grade: 'A', lastLetter: 'A' }, 'B', ['A', 'B']],
		['no letter after one', { grade: 'B', lastLetter: 'B' }, null, ['B', null]],
		['still no letter', { grade: null, lastLetter: 'B' }, null, null],
		['the same letter after none', { grade: null, lastLetter: 'B' }, 'B', null],
		['a worse letter after none', { grade: null, lastLetter: 'B' }, 'F', ['B', 'F']],
		['the first letter', { grade: null, lastLetter: null }, 'F', null],
	] as const)('%s', (_, earlier, grade, expected) => {
		const found = findWorsening('mail', earlier, grade);
		expect(found).toEqual(expected === null ? null : { area: 'mail', from: expected[0], to: expected[1] });
	});
});

describe('the line of the audit trail', () => {
	it('is read as it was written', () => {
		const area = fc.record({
			area: fc.constantFrom(...CHECK_AREAS),
			from: fc.constantFrom(...GRADE_LETTERS),
			to: fc.constantFrom(...GRADE_LETTERS, null),
		});
		fc.assert(
			fc.property(fc.array(area, { minLength: 1 }), (areas) => {
				expect(parseWorsenedAreas(formatWorsenedAreas(areas))).toEqual(areas);
			}),
		);
	});

	it.each([
		'',
		'mail',
		'mail: A',
		'mail: A to E',
		'post: A to B',
		'mail: A to B, ',
		'mail: A to B: C',
		'mail: – to A',
		'mail: A to B and more',
	])('is no other text: %s', (text) => {
		expect(parseWorsenedAreas(text)).toBeNull();
	});
});
