/** A report in the terminal. */
import { paint } from '../terminal.ts';
import type { Severity } from './codes.ts';
import type { Finding, Grade, Report } from './finding.ts';

export const AREA_TITLES = { dns: 'DNS', http: 'HTTP', mail: 'Mail servers', 'mta-sts': 'MTA-STS' } as const;

const SEVERITY_STYLE = { error: 'red', warning: 'yellow', advice: 'cyan' } as const satisfies Record<Severity, string>;
const GRADE_STYLE = { A: 'green', B: 'green', C: 'yellow', D: 'red', F: 'red' } as const satisfies Record<Grade, string>;

const grade = (letter: Grade) => paint(['bold', GRADE_STYLE[letter]], letter);

export function showReport({ address, overall, areas }: Report): string {
	const parts = areas.map(({ area, grade: letter, looked, findings }) => {
		const head = `${grade(letter)}  ${paint('bold', AREA_TITLES[area])}  ${paint('gray', `${looked} looked at`)}\n`;
		return head + ordered(findings).map(showFinding).join('');
	});
	return `${grade(overall)}  ${paint('bold', address)}\n\n${parts.join('\n')}`;
}

const ORDER: readonly Severity[] = ['error', 'warning', 'advice'];

/** Worst first; otherwise as they were found. */
export function ordered(findings: readonly Finding[]): readonly Finding[] {
	return [...findings].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
}

function showFinding({ severity, code, place, wanted, found, clause, advice }: Finding): string {
	const label = paint(SEVERITY_STYLE[severity], severity);
	return `   ${label}  ${code}  ${place}\n      wanted  ${wanted}\n      found   ${found}\n      do      ${advice} ${paint('gray', `(${clause})`)}\n`;
}

/** Many domains: a line each. */
export function showLine({ address, overall, areas }: Report): readonly string[] {
	const findings = areas.flatMap((area) => area.findings);
	const codes = [
		...new Set(
			ordered(findings)
				.filter(({ severity }) => severity !== 'advice')
				.map(({ code }) => code),
		),
	];
	return [
		grade(overall),
		address,
		areas.map((area) => `${area.area} ${grade(area.grade)}`).join('  '),
		codes.slice(0, 4).join(' ') + (codes.length > 4 ? ' …' : ''),
	];
}
