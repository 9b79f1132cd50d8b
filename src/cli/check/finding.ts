/** What a check found, and the grades that follow from it. */
import { FINDING_CODES, type FindingCode } from './finding-codes.ts';
import type { CheckArea, Severity } from './finding-details.ts';
import type { ClientVerdict } from './tls/client-classes.ts';

export interface Finding {
	readonly severity: Severity;
	readonly area: CheckArea;
	readonly code: FindingCode;
	/** The name, URL or host and port it is about. */
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

/** What one area came to. */
export interface AreaReport {
	readonly area: CheckArea;
	/** Places looked at: records, URLs, ports, hosts. */
	readonly looked: number;
	/** What was seen and understood. */
	readonly findings: readonly Finding[];
	/** What was seen, looked relevant, and was not understood. */
	readonly unclear: readonly Remark[];
	/** What should have been looked at and could not be. */
	readonly unlooked: readonly Remark[];
	/** What this check never looks at, or was told not to. */
	readonly uncovered: readonly Remark[];
	/** What kinds of mail clients make of the TLS of each port; empty in other areas than mail. */
	readonly clients: readonly ClientVerdict[];
}

/** Something that no finding can be made of, and why. */
export interface Remark {
	/** The name, URL or host and port it is about. */
	readonly place: string;
	readonly reason: string;
}

/** What a part of a check came to. */
export interface PartialReport {
	readonly findings: readonly Finding[];
	readonly unlooked: readonly Remark[];
}

/** The beginnings of a report: nothing found, nothing left out. */
export function emptyArea(area: CheckArea): AreaReport {
	return { area, looked: 0, findings: [], unclear: [], unlooked: [], uncovered: [], clients: [] };
}

/**
 * When a letter is given. Counts of errors and warnings alone: two runs over the same world give the same one. The one table of the rule:
 * help, reports and docs/dns.md print it.
 */
export const GRADES = {
	A: 'nothing but advice',
	B: 'one or two warnings',
	C: 'three warnings or more',
	D: 'one error',
	F: 'two errors or more',
} as const;

export type Grade = keyof typeof GRADES;

/** What stands in a letter's place. */
export const NO_GRADE_MARK = '–';

export const NO_GRADE_RULE = 'no letter: something in the area could not be looked at, or was not understood';

export const OVERALL_RULE = 'Overall: the worst of its areas; no letter where one of them has none.';

/** A letter for what was seen, where everything was seen and understood; null otherwise. */
export function gradeOf({ findings, unclear, unlooked }: AreaReport): Grade | null {
	if (unclear.length > 0 || unlooked.length > 0) return null;
	const count = (severity: Severity) => findings.filter((each) => each.severity === severity).length;
	const errors = count('error');
	if (errors > 0) return errors === 1 ? 'D' : 'F';
	const warnings = count('warning');
	if (warnings === 0) return 'A';
	return warnings <= 2 ? 'B' : 'C';
}

/** The check of one address. */
export interface CheckReport {
	readonly address: string;
	readonly domain: string;
	/** ISO 8601, UTC. */
	readonly at: string;
	/** Null where an area has no letter. */
	readonly overall: Grade | null;
	readonly areas: readonly (AreaReport & { readonly grade: Grade | null })[];
	/** Areas that nobody asked to look at. */
	readonly omitted: readonly CheckArea[];
}

export function gradedReport(address: string, domain: string, at: string, areas: readonly AreaReport[]): CheckReport {
	const graded = areas.map((area) => ({ ...area, grade: gradeOf(area) }));
	const letters = graded.map(({ grade }) => grade).filter((grade) => grade !== null);
	// Letters sort from good to bad.
	const overall = letters.length < graded.length ? null : (letters.sort().at(-1) ?? null);
	const omitted = CHECK_AREAS.filter((area) => !areas.some((each) => each.area === area));
	return { address, domain, at, overall, areas: graded, omitted };
}
