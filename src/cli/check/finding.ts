/** The findings of a check, and the grades that follow from them. */
import { type Remark, uniqueRemarks } from '../../lib/result.ts';
import { FINDING_CODES, type FindingCode } from './finding-codes.ts';
import type { CheckArea, Severity } from './finding-details.ts';
import type { ClientVerdict } from './tls/client-classes.ts';

export interface Finding {
	readonly severity: Severity;
	readonly area: CheckArea;
	readonly code: FindingCode;
	/** The name, the URL, or the host and port that it is about. */
	readonly place: string;
	readonly wanted: string;
	readonly found: string;
	readonly clause: string;
	readonly advice: string;
}

export function finding(code: FindingCode, place: string, wanted: string, found: string): Finding {
	const { severity, area, clause, advice } = FINDING_CODES[code];
	return { severity, area, code, place, wanted, found, clause, advice };
}

export const CHECK_AREAS = ['dns', 'http', 'mail', 'mta-sts'] as const satisfies readonly CheckArea[];

/** The result of one area of a check. */
export interface AreaReport {
	readonly area: CheckArea;
	/** How many places were looked at: records, URLs, ports, hosts. */
	readonly looked: number;
	/** What was seen and understood. */
	readonly findings: readonly Finding[];
	/** What was seen, looked relevant, and was not understood. */
	readonly unclear: readonly Remark[];
	/** What should have been looked at and could not be. */
	readonly unlooked: readonly Remark[];
	/** What this check never looks at, or was asked not to look at. */
	readonly uncovered: readonly Remark[];
	/** Whether each kind of mail client can use the TLS of each port; empty in areas other than mail. */
	readonly clients: readonly ClientVerdict[];
}

/** The result of one part of a check. */
export interface PartialReport {
	readonly findings: readonly Finding[];
	/** What was seen, looked relevant, and was not understood. */
	readonly unclear: readonly Remark[];
	readonly unlooked: readonly Remark[];
}

/** Returns the result of a part in which everything was seen and understood. */
export function partWith(...findings: readonly Finding[]): PartialReport {
	return { findings, unclear: [], unlooked: [] };
}

/** Returns the result of a part that could not be looked at. */
export function unlookedPart(place: string, reason: string): PartialReport {
	return { findings: [], unclear: [], unlooked: [{ place, reason }] };
}

/** Returns the result of a part that was seen and not understood. */
export function unclearPart(place: string, reason: string): PartialReport {
	return { findings: [], unclear: [{ place, reason }], unlooked: [] };
}

/** Joins the results of several parts. */
export function joinParts(parts: readonly PartialReport[]): PartialReport {
	return {
		findings: parts.flatMap(({ findings }) => findings),
		unclear: uniqueRemarks(parts.flatMap(({ unclear }) => unclear)),
		unlooked: uniqueRemarks(parts.flatMap(({ unlooked }) => unlooked)),
	};
}

/** Returns an empty report of an area: nothing looked at, nothing found, nothing left out. */
export function emptyArea(area: CheckArea): AreaReport {
	return { area, looked: 0, findings: [], unclear: [], unlooked: [], uncovered: [], clients: [] };
}

/**
 * What each grade means. Only the number of errors and warnings counts, so that two runs over the same state give the same grade. The help,
 * the reports and docs/dns.md print this table.
 */
export const GRADES = {
	A: 'nothing but advice',
	B: 'one or two warnings',
	C: 'three warnings or more',
	D: 'one error',
	F: 'two errors or more',
} as const;

export type Grade = keyof typeof GRADES;

/** Printed where there is no grade. */
export const NO_GRADE_MARK = '–';

export const NO_GRADE_RULE = 'no letter: something in the area could not be looked at, or was not understood';

export const OVERALL_RULE = 'Overall: the worst of its areas; no letter where one of them has none.';

/** The grade of an area; null where something in it could not be looked at or was not understood. */
export function gradeOf({ findings, unclear, unlooked }: AreaReport): Grade | null {
	if (unclear.length > 0 || unlooked.length > 0) return null;
	const count = (severity: Severity) => findings.filter((each) => each.severity === severity).length;
	const errors = count('error');
	if (errors > 0) return errors === 1 ? 'D' : 'F';
	const warnings = count('warning');
	if (warnings === 0) return 'A';
	return warnings <= 2 ? 'B' : 'C';
}

/** The report of the check of one address. */
export interface CheckReport {
	readonly address: string;
	readonly domain: string;
	/** ISO 8601, UTC. */
	readonly at: string;
	/** The worst grade of all areas; null where one of them has none. */
	readonly overall: Grade | null;
	readonly areas: readonly (AreaReport & { readonly grade: Grade | null })[];
	/** Areas that were not checked, because the command line did not ask for them. */
	readonly omitted: readonly CheckArea[];
}

export function gradedReport(address: string, domain: string, at: string, areas: readonly AreaReport[]): CheckReport {
	const graded = areas.map((area) => ({ ...area, grade: gradeOf(area) }));
	const letters = graded.map(({ grade }) => grade).filter((grade) => grade !== null);
	// In alphabetical order the worst grade comes last.
	const overall = letters.length < graded.length ? null : (letters.sort().at(-1) ?? null);
	const omitted = CHECK_AREAS.filter((area) => !areas.some((each) => each.area === area));
	return { address, domain, at, overall, areas: graded, omitted };
}
