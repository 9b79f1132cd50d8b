import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHECK_AREAS, GRADE_LETTERS, type Grade } from '../../src/contract/checks/check-grades.ts';
import {
	type AreaGrade,
	type EarlierGrades,
	findWorsening,
	formatWorsenedAreas,
	formatWorsening,
	parseWorsenedAreas,
} from '../../src/contract/checks/worsened-areas.ts';

/** What was known of an area: with a letter, or without one and with what was found. */
const letter = (grade: Grade) => ({ grade, atBest: grade });
const none = (atBest: Grade) => ({ grade: null, atBest });

describe('an area', () => {
	it.each<[why: string, earlier: EarlierGrades | null, now: AreaGrade, expected: string | null]>([
		['the first result', null, letter('F'), null],
		['the same grade', { ...letter('B'), lastLetter: 'B' }, letter('B'), null],
		['a better grade', { ...letter('D'), lastLetter: 'D' }, letter('A'), null],
		['a worse grade', { ...letter('A'), lastLetter: 'A' }, letter('B'), 'A to B'],
		['no letter after one', { ...letter('B'), lastLetter: 'B' }, none('A'), 'B to – (A at best)'],
		['no letter after one, and more was found', { ...letter('B'), lastLetter: 'B' }, none('F'), 'B to – (F at best)'],
		['still no letter', { ...none('A'), lastLetter: 'B' }, none('A'), null],
		['still no letter, and more was found', { ...none('A'), lastLetter: 'A' }, none('D'), 'A to – (D at best)'],
		['still no letter, and more was found than before, as at the last letter', { ...none('A'), lastLetter: 'D' }, none('D'), null],
		['never a letter, and more was found', { ...none('A'), lastLetter: null }, none('F'), '– to – (F at best)'],
		['never a letter, and the same was found', { ...none('F'), lastLetter: null }, none('F'), null],
		['never a letter, and less was found', { ...none('F'), lastLetter: null }, none('D'), null],
		['the same letter after none', { ...none('A'), lastLetter: 'B' }, letter('B'), null],
		['a worse letter after none', { ...none('B'), lastLetter: 'B' }, letter('F'), 'B to F'],
		['a letter for what was told already', { ...none('D'), lastLetter: 'A' }, letter('D'), null],
		['the first letter, for what was found before', { ...none('F'), lastLetter: null }, letter('F'), null],
		['the first letter, and more was found', { ...none('A'), lastLetter: null }, letter('D'), '– to D'],
	])('%s', (_, earlier, now, expected) => {
		const found = findWorsening('mail', earlier, now);
		expect(found === null ? null : formatWorsening(found)).toBe(expected);
		if (found !== null) expect(found).toEqual({ area: 'mail', from: earlier?.lastLetter, to: now.grade, atBest: now.atBest });
	});
});

describe('the line of the audit trail', () => {
	it('is read as it was written', () => {
		const known = fc.oneof(
			fc.constantFrom(...GRADE_LETTERS).map((to) => ({ to, atBest: to })),
			fc.constantFrom(...GRADE_LETTERS).map((atBest) => ({ to: null, atBest })),
		);
		const area = fc
			.tuple(fc.constantFrom(...CHECK_AREAS), fc.constantFrom(...GRADE_LETTERS, null), known)
			.map(([name, from, now]) => ({ area: name, from, ...now }));
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
		'mail: A to –',
		'mail: A to – (E at best)',
		'mail: A to B (B at best)',
		'mail: G to A',
		'mail: A to B and more',
	])('is no other text: %s', (text) => {
		expect(parseWorsenedAreas(text)).toBeNull();
	});
});
