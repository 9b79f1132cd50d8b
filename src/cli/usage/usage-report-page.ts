/** Renders the counts as a self-contained HTML page, without scripts or requests: the answer, the chart, and who still uses STARTTLS. */
import { renderXml, type XmlElement, xml } from '../../lib/xml.ts';
import { REPORT_PAGE_POLICY, REPORT_PAGE_STYLE } from '../report-page-style.ts';
import { sanitizeText } from '../terminal.ts';
import { type ChartPeriod, renderStarttlsShare } from './chart-periods.ts';
import { describeDoubts } from './doubt-text.ts';
import { coveredDays, type HostEvidence, type LogCounts } from './evidence/log-counts.ts';
import type { StarttlsUser } from './evidence/starttls-users.ts';
import type { UsageVerdict } from './evidence/usage-verdict.ts';
import { CHART_STYLE, CHART_TITLE, chartPeriods, renderChartBars, TLS_MODE_LABELS } from './log-chart.ts';
import { renderVerdictSentence } from './verdict-text.ts';

// The style sheet has no ">" and no "&", because the XML writer would turn them into references, which HTML does not read in a style sheet.
const PAGE_STYLE = `${REPORT_PAGE_STYLE}
h1,h2{line-height:1.2}h2{font-size:1.15rem;margin:2rem 0 .5rem}.answer{font-size:1.15rem;border-inline-start:4px solid;padding-inline-start:.8rem}
.yes{border-color:var(--good)}.no{border-color:var(--bad)}.soon,.cannot-tell,.stale,.no-evidence{border-color:var(--fair)}
figure{margin:2rem 0}svg.chart{display:block;width:100%;height:14rem}figcaption,.ends,.soft{color:var(--soft);font-size:.9rem}
.ends{display:flex;justify-content:space-between;gap:1rem}.legend{list-style:none;padding:0;margin:0 0 .5rem;display:flex;flex-wrap:wrap;gap:.2rem 1.5rem}
.legend svg{width:.8rem;height:.8rem;margin-inline-end:.5rem;vertical-align:-.05rem}summary{cursor:pointer}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}td,th{text-align:end;padding:.3rem 0 .3rem .8rem;border-block-end:1px solid var(--line);white-space:nowrap}
th{font-weight:600;font-size:.9rem}td:first-child,th:first-child{width:100%;text-align:start;padding-inline-start:0;white-space:normal;overflow-wrap:anywhere}
.hosts th,.hosts td{white-space:normal}.parts{display:flex;flex-wrap:wrap}pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.85rem;border-inline-start:2px solid var(--line);padding-inline-start:.8rem}
.periods td:first-child{white-space:nowrap}@media(max-width:32rem){table{font-size:.85rem}.periods th{white-space:normal}.hosts th,.hosts td{padding-inline-start:.6rem}.hosts th:first-child,.hosts td:first-child{padding-inline-start:0}svg.chart{height:10rem}}
${CHART_STYLE}`;

export function renderUsageReportPage(tally: LogCounts, verdict: UsageVerdict): string {
	const body = xml(
		'body',
		{},
		xml(
			'main',
			{},
			xml('h1', {}, 'Can 587 go?'),
			xml('p', { class: `answer ${verdict.answer}` }, renderVerdictSentence(verdict, tally)),
			renderDoubts(tally),
			verdict.answer === 'yes' ? renderNotLookedAt(verdict.notLookedAt) : null,
			coveredDays(tally) === null ? null : renderFigure(tally, verdict),
			renderStarttlsUsers('Accounts over STARTTLS', tally.accounts, tally.cut.accounts),
			renderStarttlsUsers('Clients’ addresses over STARTTLS', tally.clients, tally.cut.clients),
			renderHosts(tally.hosts),
		),
	);
	const policy = { 'http-equiv': 'Content-Security-Policy', content: REPORT_PAGE_POLICY };
	const head = xml(
		'head',
		{},
		xml('meta', { charset: 'utf-8' }),
		xml('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
		xml('meta', policy),
		xml('title', {}, CHART_TITLE),
		xml('style', {}, PAGE_STYLE),
	);
	// The document is written as XML; with this doctype browsers read it as HTML.
	return `<!DOCTYPE html>\n${renderXml(xml('html', { lang: 'en' }, head, body)).replace(/^<\?xml[^\n]*\n/, '')}`;
}

function renderFigure(tally: LogCounts, verdict: UsageVerdict): XmlElement {
	const { rows, daysPerRow, highest } = chartPeriods(tally);
	const span = coveredDays(tally);
	const { submission } = tally;
	const kinds = (['implicit', 'starttls', 'unknown'] as const).filter((kind) => kind !== 'unknown' || submission.unknown > 0);
	const swatch = (kind: (typeof kinds)[number]) =>
		xml('svg', { viewBox: '0 0 1 1', 'aria-hidden': 'true' }, xml('rect', { class: kind, width: '1', height: '1' }));
	const bar = daysPerRow === 1 ? 'a day' : `${daysPerRow} days`;
	return xml(
		'figure',
		{},
		xml(
			'ul',
			{ class: 'legend' },
			...kinds.map((kind) => xml('li', {}, swatch(kind), xml('span', {}, `${TLS_MODE_LABELS[kind]}: ${submission[kind]}`))),
		),
		renderChartBars(tally, verdict),
		xml('div', { class: 'ends' }, xml('span', {}, span?.first ?? ''), xml('span', {}, span?.last ?? '')),
		xml('figcaption', {}, `A bar is ${bar}, as the log has days; the highest is ${highest} submissions.`),
		xml('details', {}, xml('summary', {}, 'In numbers'), renderPeriodsTable(rows)),
	);
}

function renderPeriodsTable(rows: readonly ChartPeriod[]): XmlElement {
	return renderTable(
		'periods',
		['from', '465', '587', 'not told', '587 of all'],
		rows.map((row) =>
			row.logged
				? [row.from, String(row.implicit), String(row.starttls), String(row.unknown), renderStarttlsShare(row)]
				: [row.from, 'no log', '', '', ''],
		),
	);
}

/** How many rows a list on the page has at most. */
const MAX_USERS_SHOWN = 200;

function renderStarttlsUsers(title: string, list: readonly StarttlsUser[], cut: boolean): XmlElement | null {
	if (list.length === 0) return null;
	const rows = list.slice(0, MAX_USERS_SHOWN).map(({ name, count, last }) => [name, String(count), last]);
	return xml(
		'section',
		{},
		xml('h2', {}, `${title}: ${cut ? 'more than ' : ''}${list.length}`),
		renderTable('holdouts', ['who', 'times', 'last'], rows),
		list.length > MAX_USERS_SHOWN
			? xml('p', { class: 'soft' }, `The ${MAX_USERS_SHOWN} most recent. signpost usage --json names more.`)
			: null,
	);
}

function renderNotLookedAt(sentences: readonly string[]): XmlElement {
	return xml('section', {}, xml('h2', {}, 'Not looked at'), xml('ul', {}, ...sentences.map((sentence) => xml('li', {}, sentence))));
}

/** Lists what is in doubt, with the latest lines of each kind and the setting that would settle it. */
function renderDoubts(tally: LogCounts): XmlElement | null {
	const found = describeDoubts(tally);
	if (found.length === 0) return null;
	return xml(
		'section',
		{},
		xml('h2', {}, 'In doubt'),
		...found.flatMap(({ reason, text }) => {
			const { lines, setting } = tally.doubts[reason];
			return [
				xml('p', {}, `${text}.${setting === null ? '' : ` What would settle it: ${setting}`}`),
				lines.length === 0 ? null : xml('pre', {}, lines.map((line) => sanitizeText(line, MAX_LINE_SHOWN)).join('\n')),
			];
		}),
	);
}

/** How many characters of a log line are shown. */
const MAX_LINE_SHOWN = 300;

/** Lists what is known about each host, which is the basis of the answer. */
function renderHosts(hosts: readonly HostEvidence[]): XmlElement | null {
	if (hosts.length === 0) return null;
	const rows = hosts.slice(0, MAX_USERS_SHOWN).map(({ host, days, services }) => {
		const sum = (pick: (day: HostEvidence['days'][number]) => number) => String(days.reduce((all, day) => all + pick(day), 0));
		const name = host === '' ? 'not named' : host;
		return [
			`${name} (${services.length === 0 ? 'no service is named' : services.join(', ')})`,
			`${days.length}`,
			sum(({ covered }) => (covered ? 1 : 0)),
			sum(({ counts }) => counts.implicit),
			sum(({ counts }) => counts.starttls),
			sum(({ counts, doubts }) => counts.unknown + doubts),
		];
	});
	return xml(
		'section',
		{},
		xml('h2', {}, 'Hosts'),
		renderTable('hosts', ['host and its services', 'days', 'of those whole', '465', '587', 'in doubt'], rows),
		xml('p', { class: 'soft' }, 'A day is whole where its log would show 587, had anybody used it.'),
	);
}

function renderTable(kind: string, head: readonly string[], rows: readonly (readonly string[])[]): XmlElement {
	const line = (name: string, texts: readonly string[]) => xml('tr', {}, ...texts.map((text) => renderCell(name, text)));
	return xml('table', { class: kind }, xml('thead', {}, line('th', head)), xml('tbody', {}, ...rows.map((texts) => line('td', texts))));
}

/**
 * The name of a service continues on the next line after a slash, where its column is narrow. The parts are laid out as boxes, because the
 * line ends between their elements in the source would be spaces within the name.
 */
function renderCell(name: string, text: string): XmlElement {
	const parts = text.split(/(?<=\/)/);
	if (parts.length < 2) return xml(name, {}, text);
	return xml(name, {}, xml('span', { class: 'parts' }, ...parts.map((part) => xml('span', {}, part))));
}
