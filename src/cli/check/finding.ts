/** The findings of a check, and the reports that they make. */
import { CHECK_AREAS, type CheckArea, type Grade, gradeFindings, overallGrade, type Severity } from '../../contract/checks/check-grades.ts';
import { type Remark, uniqueRemarks } from '../../lib/result.ts';
import { FINDING_CODES, type FindingCode } from './finding-codes.ts';
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

/** The grade of an area; null where something in it could not be looked at or was not understood, and where nothing was looked at. */
export function gradeOf({ looked, findings, unclear, unlooked }: AreaReport): Grade | null {
	return gradeFindings({ looked, findings, unknowns: unclear.length + unlooked.length });
}

/** The report of the check of one address. */
export interface CheckReport {
	readonly address: string;
	readonly domain: string;
	/** SHA-256 of the JSON of the record that was compared with: of the domain's own one, or of the wildcard's that answers for it. */
	readonly recordDigest: string;
	/** ISO 8601, UTC. */
	readonly at: string;
	/** The worst grade of all areas; null where one of them has none. */
	readonly overall: Grade | null;
	readonly areas: readonly (AreaReport & { readonly grade: Grade | null })[];
	/** Areas that were not checked, because the command line did not ask for them. */
	readonly omitted: readonly CheckArea[];
}

export function gradedReport(
	{ address, domain, recordDigest, at }: Pick<CheckReport, 'address' | 'domain' | 'recordDigest' | 'at'>,
	areas: readonly AreaReport[],
): CheckReport {
	const graded = areas.map((area) => ({ ...area, grade: gradeOf(area) }));
	const overall = overallGrade(graded.map(({ grade }) => grade));
	const omitted = CHECK_AREAS.filter((area) => !areas.some((each) => each.area === area));
	return { address, domain, recordDigest, at, overall, areas: graded, omitted };
}
