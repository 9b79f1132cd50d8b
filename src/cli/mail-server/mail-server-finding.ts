/** Findings about a mail server's configuration, in the form of the findings of `check`. */
import type { Severity } from '../../contract/checks/check-grades.ts';
import { paint, sanitizeText } from '../terminal.ts';

/** What every finding of one kind has in common. */
export interface FindingKind {
	readonly severity: Severity;
	readonly clause: string;
	readonly advice: string;
}

export interface MailServerFinding extends FindingKind {
	readonly area: 'postfix' | 'dovecot';
	readonly code: string;
	/** The setting or service that it is about. */
	readonly place: string;
	readonly wanted: string;
	readonly found: string;
}

const SEVERITY_STYLE = { error: 'red', warning: 'yellow', advice: 'cyan' } as const satisfies Record<Severity, string>;
const SEVERITY_ORDER: readonly Severity[] = ['error', 'warning', 'advice'];

/** Renders findings, the worst first; an empty text where there are none. */
export function renderFindings(findings: readonly MailServerFinding[]): string {
	return [...findings]
		.sort((a, b) => SEVERITY_ORDER.indexOf(a.severity) - SEVERITY_ORDER.indexOf(b.severity))
		.map(({ severity, code, place, wanted, found, clause, advice }) => {
			const head = `${paint(SEVERITY_STYLE[severity], severity)}  ${code}  ${sanitizeText(place, 200)}`;
			return `${head}\n   wanted  ${wanted}\n   found   ${sanitizeText(found, 200)}\n   do      ${sanitizeText(advice, 400)} ${paint('gray', `(${clause})`)}\n`;
		})
		.join('');
}
