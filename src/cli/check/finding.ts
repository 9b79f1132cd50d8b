/** What a check found, and the grades that follow from it. */
import { type CheckArea, FINDING_CODES, type FindingCode, type Severity } from './finding-codes.ts';

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
	readonly findings: readonly Finding[];
}

/** When a grade is given. Counts of errors and warnings alone: two runs over the same world give the same grade. */
export const GRADES = {
	A: 'nothing but advice',
	B: 'one or two warnings',
	C: 'three warnings or more',
	D: 'one error',
	F: 'two errors or more',
} as const;

export type Grade = keyof typeof GRADES;

export const OVERALL_RULE = 'Overall: the worst of its areas.';

export function gradeOf(findings: readonly Finding[]): Grade {
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
	readonly overall: Grade;
	readonly areas: readonly (AreaReport & { readonly grade: Grade })[];
}

export function gradedReport(address: string, domain: string, at: string, areas: readonly AreaReport[]): CheckReport {
	const graded = areas.map((area) => ({ ...area, grade: gradeOf(area.findings) }));
	const overall =
		graded
			.map(({ grade }) => grade)
			.sort()
			.at(-1) ?? 'A';
	return { address, domain, at, overall, areas: graded };
}
