/** What is known of a kind of finding: how bad it is, where it is written, and what to do. */

/** `error`: some clients cannot be set up, or passwords are exposed. `warning`: it works, but not for all clients or not for long. `advice`: it could be better. */
export type Severity = 'error' | 'warning' | 'advice';
export type CheckArea = 'dns' | 'http' | 'mail' | 'mta-sts';

export interface FindingDetails {
	readonly severity: Severity;
	readonly area: CheckArea;
	/** The text that asks for it, or the client that goes by it. */
	readonly clause: string;
	/** What to do, with the setting of common servers where they have one. */
	readonly advice: string;
}

export const details = (severity: Severity, area: CheckArea, clause: string, advice: string): FindingDetails => ({
	severity,
	area,
	clause,
	advice,
});
