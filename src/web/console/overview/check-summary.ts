/** What the last check of a domain says, and what it does not say about today. No I/O. */
import { AREA_TITLES, CHECK_AREAS, type Grade, type Severity } from '../../../contract/checks/check-grades.ts';
import type { CheckedArea, DomainCheckView } from '../../../contract/checks/check-results.ts';
import { DAY_MS } from '../../../lib/time.ts';
import type { Status } from '../components/status-badge.tsx';

/** `loading`: it was asked for and is not there yet. `failed`: it could not be read. `none`: no check is kept of such a record. */
export type CheckResult = DomainCheckView | 'loading' | 'failed' | 'none';

/** A result that is older than this is not said to be how things are now. */
const FRESH_DAYS = 7;

const GRADE_TONES = { A: 'good', B: 'warn', C: 'warn', D: 'bad', F: 'bad' } as const satisfies Record<Grade, Status['tone']>;

/** Whole days since a result was sent. @param now Unix time in milliseconds */
export function ageInDays({ at }: Pick<CheckedArea, 'at'>, now: number): number {
	return Math.max(0, Math.floor((now - Date.parse(at)) / DAY_MS));
}

/** Whether a result is too old to be how things are now. */
export function isOld(area: Pick<CheckedArea, 'at'>, now: number): boolean {
	return ageInDays(area, now) > FRESH_DAYS;
}

/** Whether a result is of these days, and of the record that is saved now. */
export function isCurrent(area: Pick<CheckedArea, 'at' | 'isCurrentRecord'>, now: number): boolean {
	return area.isCurrentRecord && !isOld(area, now);
}

/** The tone of a grade: none of its own where it says nothing about now. */
export function gradeTone(grade: Grade | null, areas: readonly Pick<CheckedArea, 'at' | 'isCurrentRecord'>[], now: number): Status['tone'] {
	return grade === null || !areas.every((area) => isCurrent(area, now)) ? 'plain' : GRADE_TONES[grade];
}

/** The areas of which the service has no result. */
export function missingAreas({ areas }: DomainCheckView): readonly (typeof CHECK_AREAS)[number][] {
	return CHECK_AREAS.filter((area) => !areas.some((each) => each.area === area));
}

/** Why there is no overall grade; null where there is one. */
export function describeNoGrade(view: DomainCheckView): string | null {
	if (view.overall !== null) return null;
	const missing = missingAreas(view).map((area) => AREA_TITLES[area]);
	const ungraded = view.areas.filter(({ grade }) => grade === null);
	const unseen = ungraded.filter(isUnseen);
	const unknown = ungraded.filter((area) => !isUnseen(area));
	return [
		...(missing.length === 0 ? [] : [`Never sent: ${missing.join(', ')}.`]),
		...(unknown.length === 0 ? [] : [`Something could not be looked at, or was not understood: ${titles(unknown)}.`]),
		...(unseen.length === 0 ? [] : [`Nothing was looked at: ${titles(unseen)}.`]),
	].join(' ');
}

/** Whether nothing was looked at, and nothing says why. */
function isUnseen({ looked, unknowns, furtherUnknowns }: CheckedArea): boolean {
	return looked === 0 && unknowns.length + furtherUnknowns === 0;
}

const counted = (count: number, one: string, many = `${one}s`) => (count === 0 ? [] : [`${count} ${count === 1 ? one : many}`]);

export function countFindings({ findings }: Pick<CheckedArea, 'findings'>, severity: Severity): number {
	return findings.filter((each) => each.severity === severity).length;
}

/** What was found in an area, counted: "2 errors, 1 warning, 1 not known; 24 looked at". */
export function describeAreaCounts(area: CheckedArea): string {
	const counts = [
		...counted(countFindings(area, 'error'), 'error'),
		...counted(countFindings(area, 'warning'), 'warning'),
		...counted(countFindings(area, 'advice'), 'piece of advice', 'pieces of advice'),
		...counted(area.furtherFindings, 'further finding'),
		...counted(area.unknowns.length + area.furtherUnknowns, 'not known', 'not known'),
	];
	return `${counts.length === 0 ? 'nothing found' : counts.join(', ')}; ${area.looked} looked at`;
}

/** The parts of a task for the overview; they lead to the card of the check. */
export interface CheckTask {
	readonly tone: 'bad' | 'warn' | 'plain';
	readonly text: string;
}

/** What a check gives somebody to do. A result that says nothing about now asks for another check, whatever it found. */
export function checkTasks(check: CheckResult, now: number): readonly CheckTask[] {
	if (typeof check === 'string') return [];
	const current = check.areas.filter((area) => isCurrent(area, now));
	const unknown = current.filter(({ grade }) => grade === null);
	const old = check.areas.filter((area) => isOld(area, now));
	const ofOthers = check.areas.filter((area) => !isOld(area, now) && !area.isCurrentRecord);
	const ages = old.map((area) => ageInDays(area, now)).sort((a, b) => a - b);
	const days = [...new Set([ages[0], ages.at(-1)])].join(' to ');
	return [
		...foundTask('bad', 'error', current),
		...foundTask('warn', 'warning', current),
		...(unknown.length === 0 ? [] : [plainTask(`The last check could not tell everything: ${titles(unknown)}.`)]),
		...(old.length === 0 ? [] : [plainTask(`The last check was ${days} days ago (${titles(old)}): check again.`)]),
		...(ofOthers.length === 0
			? []
			: [plainTask(`The last check was of another record than the one saved now (${titles(ofOthers)}): check again.`)]),
	];
}

function foundTask(tone: 'bad' | 'warn', severity: Severity, areas: readonly CheckedArea[]): readonly CheckTask[] {
	const found = areas.filter((area) => countFindings(area, severity) > 0);
	const count = found.reduce((sum, area) => sum + countFindings(area, severity), 0);
	if (count === 0) return [];
	// Findings that are not listed may be as bad as the last that is.
	const isLeast = found.some(({ findings, furtherFindings }) => furtherFindings > 0 && findings.at(-1)?.severity === severity);
	const number = count === 1 ? (severity === 'error' ? 'an error' : 'a warning') : `${isLeast ? 'at least ' : ''}${count} ${severity}s`;
	return [{ tone, text: `The last check found ${number}: ${titles(found)}.` }];
}

function plainTask(text: string): CheckTask {
	return { tone: 'plain', text };
}

function titles(areas: readonly CheckedArea[]): string {
	return areas.map(({ area }) => AREA_TITLES[area]).join(', ');
}

/** What is said of the check where nobody has anything to do: what it covered, and what it did not. */
export function describeCheckWithoutTasks(check: Exclude<CheckResult, 'none'>): string {
	if (check === 'loading') return 'The last check is being read…';
	if (check === 'failed') return 'What the last check found could not be read.';
	if (check.areas.length === 0) return 'Nothing is known of the mail servers: no check was sent.';
	const missing = missingAreas(check).map((area) => AREA_TITLES[area]);
	return missing.length === 0 ? 'The last check found nothing but advice.' : `No check was sent of: ${missing.join(', ')}.`;
}
