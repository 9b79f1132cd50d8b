/** What is found in a mail server's configuration: in the shape that `check` has for the world outside. */
import type { Severity } from '../check/finding-details.ts';
import { paint, sanitizeText } from '../terminal.ts';

/** What a kind of finding always says. */
export interface FindingKind {
	readonly severity: Severity;
	readonly clause: string;
	readonly advice: string;
}

export interface MailServerFinding extends FindingKind {
	readonly area: 'postfix' | 'dovecot';
	readonly code: string;
	/** The file's setting or service that it is about. */
	readonly place: string;
	readonly wanted: string;
	readonly found: string;
}

const SEVERITY_STYLE = { error: 'red', warning: 'yellow', advice: 'cyan' } as const satisfies Record<Severity, string>;
const SEVERITY_ORDER: readonly Severity[] = ['error', 'warning', 'advice'];

/** Worst first; nothing where there is none. */
export function renderFindings(findings: readonly MailServerFinding[]): string {
	return [...findings]
		.sort((a, b) => SEVERITY_ORDER.indexOf(a.severity) - SEVERITY_ORDER.indexOf(b.severity))
		.map(({ severity, code, place, wanted, found, clause, advice }) => {
			const head = `${paint(SEVERITY_STYLE[severity], severity)}  ${code}  ${sanitizeText(place, 200)}`;
			return `${head}\n   wanted  ${wanted}\n   found   ${sanitizeText(found, 200)}\n   do      ${sanitizeText(advice, 400)} ${paint('gray', `(${clause})`)}\n`;
		})
		.join('');
}
