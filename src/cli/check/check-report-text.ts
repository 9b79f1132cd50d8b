/** Renders a report for the terminal. */
import { AREA_TITLES, type Grade, NO_GRADE_MARK, type Severity, worstFirst } from '../../contract/checks/check-grades.ts';
import { paint, sanitizeText } from '../terminal.ts';
import type { AreaReport, CheckReport, Finding } from './finding.ts';
import type { ClientVerdict } from './tls/client-classes.ts';

const SEVERITY_STYLE = { error: 'red', warning: 'yellow', advice: 'cyan' } as const satisfies Record<Severity, string>;
const GRADE_STYLE = { A: 'green', B: 'green', C: 'yellow', D: 'red', F: 'red' } as const satisfies Record<Grade, string>;

const paintGrade = (letter: Grade | null) =>
	letter === null ? paint('bold', NO_GRADE_MARK) : paint(['bold', GRADE_STYLE[letter]], letter);

export function renderCheckReportText({ address, overall, areas, omitted }: CheckReport): string {
	const parts = areas.map((report) => {
		const { area, grade: letter, looked, findings } = report;
		const head = `${paintGrade(letter)}  ${paint('bold', AREA_TITLES[area])}  ${paint('gray', `${looked} looked at`)}\n`;
		return (
			head +
			worstFirst(findings).map(renderFindingText).join('') +
			clientLines(report).map(renderRemarkText).join('') +
			areaRemarks(report).map(renderRemarkText).join('')
		);
	});
	const others = omitted.length === 0 ? '' : `\nNot looked at: ${omitted.map((area) => AREA_TITLES[area]).join(', ')}\n`;
	return `${paintGrade(overall)}  ${paint('bold', address)}\n\n${parts.join('\n')}${others}`;
}

/** What an area did not understand, could not look at, and never looks at; printed below its grade in every report. */
export function areaRemarks({ unclear, unlooked, uncovered }: AreaReport): readonly { readonly label: string; readonly text: string }[] {
	const lists = [
		['not understood', unclear],
		['could not look', unlooked],
		['not covered', uncovered],
	] as const;
	return lists.flatMap(([label, remarks]) => remarks.map(({ place, reason }) => ({ label, text: `${place}: ${reason}` })));
}

const CLIENT_LABELS = { connects: 'connects', warns: 'warns', refuses: 'refuses', unknown: 'cannot tell' } as const satisfies Record<
	ClientVerdict['verdict'],
	string
>;

/** Which kinds of clients can use the ports: those that connect everywhere in one line, each other one with the port and the reason. */
export function clientLines({ clients }: Pick<AreaReport, 'clients'>): readonly { readonly label: string; readonly text: string }[] {
	const names = [...new Set(clients.map(({ client }) => client))];
	const smooth = names.filter((name) => clients.every(({ client, verdict }) => client !== name || verdict === 'connects'));
	const others = clients
		.filter(({ verdict }) => verdict !== 'connects')
		.map(({ client, verdict, place, reason, evidence }) => ({
			label: CLIENT_LABELS[verdict],
			text: `${client}: ${place}: ${reason} (${evidence})`,
		}));
	return [...(smooth.length === 0 ? [] : [{ label: CLIENT_LABELS.connects, text: smooth.join('; ') }]), ...others];
}

function renderRemarkText({ label, text }: { readonly label: string; readonly text: string }): string {
	return `   ${paint('gray', label)}  ${sanitizeText(text, 300)}\n`;
}

function renderFindingText({ severity, code, place, wanted, found, clause, advice }: Finding): string {
	const label = paint(SEVERITY_STYLE[severity], severity);
	return `   ${label}  ${code}  ${place}\n      wanted  ${wanted}\n      found   ${found}\n      do      ${advice} ${paint('gray', `(${clause})`)}\n`;
}

/** Renders the report of one domain as a row, for a table of many. */
export function renderCheckReportRow({ address, overall, areas }: CheckReport): readonly string[] {
	const findings = areas.flatMap((area) => area.findings);
	const codes = [
		...new Set(
			worstFirst(findings)
				.filter(({ severity }) => severity !== 'advice')
				.map(({ code }) => code),
		),
	];
	return [
		paintGrade(overall),
		address,
		areas.map((area) => `${area.area} ${paintGrade(area.grade)}`).join('  '),
		codes.slice(0, 4).join(' ') + (codes.length > 4 ? ' …' : ''),
	];
}
