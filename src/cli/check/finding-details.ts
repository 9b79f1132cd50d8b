/** What every finding of one code has in common: its severity, the specification behind it, and what to do. */
import type { CheckArea, Severity } from '../../contract/checks/check-grades.ts';

export interface FindingDetails {
	readonly severity: Severity;
	readonly area: CheckArea;
	/** The specification that requires it, or the client whose behaviour depends on it. */
	readonly clause: string;
	/** What to do, with the setting to change in common servers. */
	readonly advice: string;
}

export const details = (severity: Severity, area: CheckArea, clause: string, advice: string): FindingDetails => ({
	severity,
	area,
	clause,
	advice,
});
