/** Which areas of a check got worse, and how a line of the audit trail names them. */
import { CHECK_AREAS, type CheckArea, GRADE_LETTERS, type Grade, NO_GRADE_MARK } from './check-grades.ts';
import type { WorsenedArea } from './check-results.ts';

/** The grades that an area had until now. */
export interface EarlierGrades {
	/** Of the result right before; null where that has none. */
	readonly grade: Grade | null;
	/** The last letter that it had, however many results without one came after it; null where it never had any. */
	readonly lastLetter: Grade | null;
}

/**
 * An area got worse where its new grade is a letter worse than the last letter that it had, and where it has no letter any more.
 * @param earlier null where the area has no result yet: the first one is no change
 */
export function findWorsening(area: CheckArea, earlier: EarlierGrades | null, grade: Grade | null): WorsenedArea | null {
	if (earlier === null) return null;
	const { lastLetter } = earlier;
	if (grade === null) return earlier.grade === null ? null : { area, from: earlier.grade, to: null };
	return lastLetter !== null && isWorse(grade, lastLetter) ? { area, from: lastLetter, to: grade } : null;
}

function isWorse(grade: Grade, than: Grade): boolean {
	return GRADE_LETTERS.indexOf(grade) > GRADE_LETTERS.indexOf(than);
}

/** Such as "mail: A to D, dns: B to –". */
export function formatWorsenedAreas(areas: readonly WorsenedArea[]): string {
	return areas.map(({ area, from, to }) => `${area}: ${from} to ${to ?? NO_GRADE_MARK}`).join(', ');
}

/** Reads what `formatWorsenedAreas` has written; null for any other text. */
export function parseWorsenedAreas(text: string): readonly WorsenedArea[] | null {
	const areas = text.split(', ').flatMap((part) => parseArea(part) ?? []);
	return formatWorsenedAreas(areas) === text && areas.length > 0 ? areas : null;
}

function parseArea(text: string): WorsenedArea | null {
	const [areaText, grades = ''] = text.split(': ', 2);
	const [fromText, toText] = grades.split(' to ', 2);
	const area = CHECK_AREAS.find((each) => each === areaText);
	const from = GRADE_LETTERS.find((each) => each === fromText);
	const to = toText === NO_GRADE_MARK ? null : GRADE_LETTERS.find((each) => each === toText);
	return area === undefined || from === undefined || to === undefined ? null : { area, from, to };
}
