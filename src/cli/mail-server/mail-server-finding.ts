/** What is found in a mail server's configuration: in the shape that `check` has for the world outside. */
import type { Severity } from '../check/finding-codes.ts';
import { type ExitCode, paint } from '../terminal.ts';

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

/** Worst first, or one line that says that there is nothing. */
export function renderMailServerFindings(findings: readonly MailServerFinding[]): string {
	if (findings.length === 0) return 'Nothing to find fault with.\n';
	return [...findings]
		.sort((a, b) => SEVERITY_ORDER.indexOf(a.severity) - SEVERITY_ORDER.indexOf(b.severity))
		.map(
			({ severity, code, place, wanted, found, clause, advice }) =>
				`${paint(SEVERITY_STYLE[severity], severity)}  ${code}  ${place}\n   wanted  ${wanted}\n   found   ${found}\n   do      ${advice} ${paint('gray', `(${clause})`)}\n`,
		)
		.join('');
}

/** Advice alone is no reason to fail: 1 with an error or a warning. */
export function findingsExitCode(findings: readonly MailServerFinding[]): ExitCode {
	return findings.some(({ severity }) => severity !== 'advice') ? 1 : 0;
}
