/** The areas of a check, how bad a finding is, and the grades that follow: the tool computes them, and so does the service that keeps results. */

/**
 * `error`: some clients cannot be set up, or passwords are exposed. `warning`: it works, but not for all clients or not for long. `advice`:
 * it could be better.
 */
export const SEVERITIES = ['error', 'warning', 'advice'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const CHECK_AREAS = ['dns', 'http', 'mail', 'mta-sts'] as const;
export type CheckArea = (typeof CHECK_AREAS)[number];

export const AREA_TITLES = { dns: 'DNS', http: 'HTTP', mail: 'Mail servers', 'mta-sts': 'MTA-STS' } as const satisfies Record<
	CheckArea,
	string
>;

/**
 * What each grade means, the best first. Only the number of errors and warnings counts, so that two runs over the same state give the same
 * grade. The help, the reports and docs/dns.md print this table.
 */
export const GRADES = {
	A: 'nothing but advice',
	B: 'one or two warnings',
	C: 'three warnings or more',
	D: 'one error',
	F: 'two errors or more',
} as const;

export type Grade = keyof typeof GRADES;
export const GRADE_LETTERS = ['A', 'B', 'C', 'D', 'F'] as const satisfies readonly Grade[];

/** Printed where there is no grade. */
export const NO_GRADE_MARK = '–';

export const NO_GRADE_RULE = 'no letter: something in the area could not be looked at or was not understood, or nothing was looked at';

export const OVERALL_RULE = 'Overall: the worst of its areas; no letter where one of them has none.';

/** What the grade of an area follows from. */
export interface GradeBasis {
	/** How many places were looked at: without any there is no grade, since nothing shows that all is well. */
	readonly looked: number;
	readonly findings: readonly { readonly severity: Severity }[];
	/** How many things were not understood, or could not be looked at: with any there is no grade. */
	readonly unknowns: number;
}

export function gradeFindings({ looked, findings, unknowns }: GradeBasis): Grade | null {
	return looked === 0 || unknowns > 0 ? null : gradeAtBest(findings);
}

/** The grade of what was found, as if all that is not known were fine. */
export function gradeAtBest(findings: readonly { readonly severity: Severity }[]): Grade {
	const count = (severity: Severity) => findings.filter((each) => each.severity === severity).length;
	const errors = count('error');
	if (errors > 0) return errors === 1 ? 'D' : 'F';
	const warnings = count('warning');
	if (warnings === 0) return 'A';
	return warnings <= 2 ? 'B' : 'C';
}

/** The worst of the areas' grades; null where one of them has none, and where there is no area. */
export function overallGrade(grades: readonly (Grade | null)[]): Grade | null {
	const letters = grades.filter((grade) => grade !== null);
	// In alphabetical order the worst grade comes last.
	return letters.length < grades.length ? null : (letters.sort().at(-1) ?? null);
}

/** Sorts findings by severity, the worst first; findings of the same severity keep their order. */
export function worstFirst<Found extends { readonly severity: Severity }>(findings: readonly Found[]): readonly Found[] {
	return [...findings].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}
