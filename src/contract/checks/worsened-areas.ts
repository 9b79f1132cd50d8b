/** Which areas of a check got worse, and how a line of the audit trail names them. */
import { CHECK_AREAS, type CheckArea, GRADE_LETTERS, type Grade, NO_GRADE_MARK } from './check-grades.ts';
import type { WorsenedArea } from './check-results.ts';

/** What is known of an area from one result. */
export interface AreaGrade {
	/** Null where something was not understood or could not be looked at, and where nothing was looked at. */
	readonly grade: Grade | null;
	/** The grade of what was found, as if all that is not known were fine: `grade` where that is a letter. */
	readonly atBest: Grade;
}

/** What an area had until now: its result right before, and the last letter that it had, however long ago; null where it never had any. */
export interface EarlierGrades extends AreaGrade {
	readonly lastLetter: Grade | null;
}

/**
 * An area got worse where it has no letter any more, and where what was found is worse than in the result before and than its last letter:
 * with a letter, or without one, since an area of which something can never be looked at must not be silent.
 * @param earlier null where the area has no result yet: the first one is no change
 */
export function findWorsening(area: CheckArea, earlier: EarlierGrades | null, { grade, atBest }: AreaGrade): WorsenedArea | null {
	if (earlier === null) return null;
	const from = earlier.lastLetter;
	const isLetterLost = grade === null && earlier.grade !== null;
	const isFoundWorse = isWorse(atBest, earlier.atBest) && (from === null || isWorse(atBest, from));
	return isLetterLost || isFoundWorse ? { area, from, to: grade, atBest } : null;
}

function isWorse(grade: Grade, than: Grade): boolean {
	return GRADE_LETTERS.indexOf(grade) > GRADE_LETTERS.indexOf(than);
}

/** Such as "A to D", or "A to – (B at best)". */
export function formatWorsening({ from, to, atBest }: Omit<WorsenedArea, 'area'>): string {
	return `${from ?? NO_GRADE_MARK} to ${to ?? `${NO_GRADE_MARK} (${atBest} at best)`}`;
}

/** Such as "mail: A to D, dns: B to – (B at best)". */
export function formatWorsenedAreas(areas: readonly WorsenedArea[]): string {
	return areas.map((area) => `${area.area}: ${formatWorsening(area)}`).join(', ');
}

const WORSENED_AREA = /^([a-z-]{1,20}): (.) to (?:([A-F])|.{1,3} \(([A-F]) at best\))$/u;

/** Reads what `formatWorsenedAreas` has written; null for any other text. */
export function parseWorsenedAreas(text: string): readonly WorsenedArea[] | null {
	const areas = text.split(', ').flatMap((part) => parseArea(part) ?? []);
	return formatWorsenedAreas(areas) === text && areas.length > 0 ? areas : null;
}

function parseArea(text: string): WorsenedArea | null {
	const [, areaText, fromText, letter, floor] = WORSENED_AREA.exec(text) ?? [];
	const area = CHECK_AREAS.find((each) => each === areaText);
	const from = GRADE_LETTERS.find((each) => each === fromText) ?? null;
	const atBest = GRADE_LETTERS.find((each) => each === (letter ?? floor));
	if (area === undefined || atBest === undefined) return null;
	return { area, from, to: letter === undefined ? null : atBest, atBest };
}
