/** What the overview says of the last check: never more than is known, and nothing about today from a result that is old. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHECK_AREAS, GRADE_LETTERS, gradeFindings, overallGrade, SEVERITIES } from '../../../../src/contract/checks/check-grades.ts';
import type { CheckedArea, DomainCheckView } from '../../../../src/contract/checks/check-results.ts';
import { DAY_MS } from '../../../../src/lib/time.ts';
import {
	checkTasks,
	describeAreaCounts,
	describeCheckWithoutTasks,
	describeNoGrade,
	gradeTone,
} from '../../../../src/web/console/overview/check-summary.ts';

const NOW = Date.parse('2026-11-28T12:00:00Z');

function checkedArea(
	area: CheckedArea['area'],
	severities: readonly (typeof SEVERITIES)[number][] = [],
	more: Partial<CheckedArea> = {},
): CheckedArea {
	const findings = severities.map((severity) => ({ severity, code: 'x', place: 'p', wanted: 'w', found: 'f', advice: 'a' }));
	const { looked = 9, furtherUnknowns = 0 } = more;
	return {
		area,
		looked,
		findings,
		furtherFindings: 0,
		unknowns: [],
		furtherUnknowns,
		grade: gradeFindings({ looked, findings, unknowns: furtherUnknowns }),
		at: new Date(NOW - DAY_MS / 2).toISOString(),
		by: 'operator',
		kind: 'operator',
		isCurrentRecord: true,
		...more,
	};
}

function checkOf(...areas: readonly CheckedArea[]): DomainCheckView {
	const grades = CHECK_AREAS.map((area) => areas.find((each) => each.area === area)?.grade ?? null);
	return { domain: 'example.org', overall: overallGrade(grades), areas };
}

const daysAgo = (days: number) => new Date(NOW - days * DAY_MS).toISOString();
const textsOf = (...areas: readonly CheckedArea[]) => checkTasks(checkOf(...areas), NOW).map(({ tone, text }) => `${tone}: ${text}`);

const anyArea = (area: CheckedArea['area']) =>
	fc
		.tuple(fc.array(fc.constantFrom(...SEVERITIES), { maxLength: 4 }), fc.nat(20), fc.boolean(), fc.nat(2), fc.nat(1))
		.map(([severities, days, isCurrentRecord, furtherUnknowns, looked]) =>
			checkedArea(area, severities, { at: daysAgo(days), isCurrentRecord, furtherUnknowns, looked }),
		);
const anyCheck = fc
	.subarray([...CHECK_AREAS])
	.chain((areas) => fc.tuple(...areas.map(anyArea)))
	.map((areas) => checkOf(...areas));

describe('what the last check gives to do', () => {
	it('is nothing only where every area was found to be good, not long ago, of the record that is saved', () => {
		fc.assert(
			fc.property(anyCheck, (check) => {
				const claims =
					checkTasks(check, NOW).length === 0 && describeCheckWithoutTasks(check) === 'The last check found nothing but advice.';
				const isGood =
					check.overall === 'A' && check.areas.every(({ at, isCurrentRecord }) => isCurrentRecord && NOW - Date.parse(at) < 8 * DAY_MS);
				expect(claims).toBe(isGood);
			}),
		);
	});

	it('is no error and no warning where the result says nothing about now', () => {
		fc.assert(
			fc.property(anyCheck, (check) => {
				const old = {
					...check,
					areas: check.areas.map((area, at) => (at % 2 ? { ...area, at: daysAgo(9) } : { ...area, isCurrentRecord: false })),
				};
				expect(checkTasks(old, NOW).every(({ tone }) => tone === 'plain')).toBe(true);
			}),
		);
	});

	it('counts errors and warnings, and names their areas', () => {
		expect(
			textsOf(checkedArea('dns', ['warning']), checkedArea('http', ['error', 'warning']), checkedArea('mail', ['error', 'advice'])),
		).toEqual(['bad: The last check found 2 errors: HTTP, Mail servers.', 'warn: The last check found 2 warnings: DNS, HTTP.']);
	});

	it('counts no further than the list goes', () => {
		expect(textsOf(checkedArea('mail', ['error', 'error'], { furtherFindings: 7 }))).toEqual([
			'bad: The last check found at least 2 errors: Mail servers.',
		]);
		expect(textsOf(checkedArea('mail', ['error', 'error', 'warning'], { furtherFindings: 7 }))[0]).toContain('found 2 errors');
	});

	it('names what could not be told, what is old and what is of another record', () => {
		const areas = [
			checkedArea('dns', [], { furtherUnknowns: 1 }),
			checkedArea('http', ['error'], { at: daysAgo(12) }),
			checkedArea('mail', ['error'], { isCurrentRecord: false }),
			checkedArea('mta-sts', [], { at: daysAgo(7) }),
		];
		expect(textsOf(...areas)).toEqual([
			'plain: The last check could not tell everything: DNS.',
			'plain: The last check was 12 days ago (HTTP): check again.',
			'plain: The last check was of another record than the one saved now (Mail servers): check again.',
		]);
	});
});

it('of several old results both ends are named', () => {
	const areas = [
		checkedArea('dns', [], { at: daysAgo(10) }),
		checkedArea('http', [], { at: daysAgo(9) }),
		checkedArea('mail', [], { at: daysAgo(8) }),
	];
	expect(textsOf(...areas)).toEqual(['plain: The last check was 8 to 10 days ago (DNS, HTTP, Mail servers): check again.']);
});

describe('a grade', () => {
	it('has the colour of its letter for a week, and of the record that is saved now', () => {
		for (const letter of GRADE_LETTERS) {
			expect(gradeTone(letter, [checkedArea('dns', [], { at: daysAgo(7) })], NOW)).not.toBe('plain');
			expect(gradeTone(letter, [checkedArea('dns'), checkedArea('http', [], { at: daysAgo(8) })], NOW)).toBe('plain');
			expect(gradeTone(letter, [checkedArea('dns', [], { isCurrentRecord: false })], NOW)).toBe('plain');
		}
		expect(gradeTone(null, [checkedArea('dns')], NOW)).toBe('plain');
	});

	it('that is not there has a reason', () => {
		expect(describeNoGrade(checkOf(checkedArea('dns'), checkedArea('http', [], { furtherUnknowns: 1 })))).toBe(
			'Never sent: Mail servers, MTA-STS. Something could not be looked at, or was not understood: HTTP.',
		);
		expect(describeNoGrade(checkOf(...CHECK_AREAS.map((area) => checkedArea(area, [], { looked: area === 'mail' ? 0 : 1 }))))).toBe(
			'Nothing was looked at: Mail servers.',
		);
		expect(describeNoGrade(checkOf(...CHECK_AREAS.map((area) => checkedArea(area))))).toBeNull();
	});
});

it('what was found is counted', () => {
	expect(describeAreaCounts(checkedArea('mail'))).toBe('nothing found; 9 looked at');
	const found = checkedArea('mail', ['error', 'error', 'warning', 'advice'], { furtherFindings: 1, furtherUnknowns: 2 });
	expect(describeAreaCounts(found)).toBe('2 errors, 1 warning, 1 piece of advice, 1 further finding, 2 not known; 9 looked at');
});
