/** Renders reports as one self-contained HTML page, without scripts or requests, for light and dark mode, for phones and desktops. */

import {
	AREA_TITLES,
	GRADES,
	type Grade,
	NO_GRADE_MARK,
	NO_GRADE_RULE,
	OVERALL_RULE,
	worstFirst,
} from '../../contract/checks/check-grades.ts';
import { REPORT_PAGE_POLICY, REPORT_PAGE_STYLE } from '../report-page-style.ts';
import { areaRemarks, clientLines } from './check-report-text.ts';
import type { CheckReport, Finding } from './finding.ts';

// Every text from a server or a record passes through here. Attributes contain only texts of this program.
function escaped(text: string): string {
	return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const PAGE_STYLE = `
${REPORT_PAGE_STYLE}
h1,h2,h3{line-height:1.2;overflow-wrap:anywhere}h2{border-top:1px solid var(--line);padding-top:1rem}
.grade{display:inline-block;min-width:1.6em;text-align:center;border:2px solid;border-radius:.3em;font-weight:700;margin-right:.4em}
.A,.B{color:var(--good)}.C{color:var(--fair)}.D,.F,.error{color:var(--bad)}.warning{color:var(--fair)}.advice{color:var(--soft)}
.soft{color:var(--soft)}article{margin:0 0 1rem;padding-left:.8rem;border-left:3px solid var(--line)}article p{margin:0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:0 .8rem;align-items:baseline;margin:.2rem 0}dt{color:var(--soft);font-size:.9em}dd{margin:0;overflow-wrap:anywhere}
code,dd{font-family:ui-monospace,monospace;font-size:.9em}
.grades{list-style:none;padding:0}.grades li{display:flex;gap:.3em;align-items:baseline;margin:.3rem 0}.grades .grade{flex:none}
@media(max-width:32rem){dl{grid-template-columns:1fr}dd{margin-bottom:.3rem}}
`;

export function renderCheckReportPage(reports: readonly CheckReport[]): string {
	const [first] = reports;
	const title = reports.length === 1 && first !== undefined ? `Mail set-up of ${first.domain}` : `Mail set-up of ${reports.length} domains`;
	const rules = Object.entries(GRADES)
		.map(([grade, rule]) => `<li><span class="grade ${grade}">${grade}</span> ${rule}</li>`)
		.join('');
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${REPORT_PAGE_POLICY}">
<title>${escaped(title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${reports.map(renderReportSection).join('')}
<h2>How grades are given</h2>
<ul class="grades">${rules}<li>${renderGrade(null)} ${NO_GRADE_RULE}</li></ul>
<p>${OVERALL_RULE}</p>
</main>
</body>
</html>
`;
}

function renderReportSection({ address, at, overall, areas, omitted }: CheckReport): string {
	const parts = areas.map((report) => {
		const { area, grade, looked, findings } = report;
		const list = findings.length === 0 ? '<p>Nothing found.</p>\n' : worstFirst(findings).map(renderFindingArticle).join('');
		const remarks = [...clientLines(report), ...areaRemarks(report)].map(
			({ label, text }) => `<li><span class="soft">${label}</span> ${escaped(text)}</li>`,
		);
		const rest = remarks.length === 0 ? '' : `<ul>${remarks.join('')}</ul>\n`;
		return `<h3>${renderGrade(grade)} ${AREA_TITLES[area]} <span class="soft">${looked} looked at</span></h3>\n${list}${rest}`;
	});
	return `<section>
<h2>${renderGrade(overall)} ${escaped(address)}</h2>
<p class="soft">Looked at on <time datetime="${at}">${at.replace('T', ' ').slice(0, 16)} UTC</time></p>
${parts.join('')}${omitted.length === 0 ? '' : `<p class="soft">Not looked at: ${omitted.map((area) => AREA_TITLES[area]).join(', ')}</p>\n`}</section>
`;
}

function renderGrade(grade: Grade | null): string {
	return `<span class="grade ${grade ?? 'none'}">${grade ?? NO_GRADE_MARK}</span>`;
}

function renderFindingArticle({ severity, code, place, wanted, found, clause, advice }: Finding): string {
	return `<article>
<p><strong class="${severity}">${severity}</strong> <code>${code}</code></p>
<dl><dt>where</dt><dd>${escaped(place)}</dd><dt>wanted</dt><dd>${escaped(wanted)}</dd><dt>found</dt><dd>${escaped(found)}</dd></dl>
<p>${escaped(advice)} <span class="soft">${escaped(clause)}</span></p>
</article>
`;
}
