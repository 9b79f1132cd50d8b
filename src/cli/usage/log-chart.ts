/** Draws the counts as stacked bars in SVG. */
import { renderXml, type XmlElement, xml } from '../../lib/xml.ts';
import { type ChartPeriod, type ChartPeriods, groupIntoPeriods } from './chart-periods.ts';
import { coveredDays, type LogCounts } from './evidence/log-counts.ts';
import type { TlsMode } from './evidence/submission.ts';
import type { UsageVerdict } from './evidence/usage-verdict.ts';
import { renderVerdictSentence } from './verdict-text.ts';

const [WIDTH, HEIGHT] = [720, 220];

/** The largest number of bars; with more, each would be too narrow to be told from the next. */
const MAX_BARS = 90;

/** Colours that people with red-green colour blindness can tell apart too. */
export const CHART_STYLE = `.implicit{fill:#1f7a5a}.starttls{fill:#e08a00}.unknown{fill:#868ea1}.axis{stroke:#868ea1;stroke-width:1;vector-effect:non-scaling-stroke}
@media(prefers-color-scheme:dark){.implicit{fill:#3fae86}.starttls{fill:#ffb84d}}`;

const LABEL_STYLE = `text{font:13px system-ui,sans-serif;fill:#545c70}.paper{fill:#fff}
@media(prefers-color-scheme:dark){text{fill:#a8b0c3}.paper{fill:#161616}}`;

export const CHART_TITLE = 'Submissions over 465 and 587';

export function chartPeriods(tally: LogCounts): ChartPeriods {
	return groupIntoPeriods(tally, MAX_BARS);
}

/** The bars without any text: they stretch to the width of the page, and text in them would be stretched too. */
export function renderChartBars(tally: LogCounts, verdict: UsageVerdict): XmlElement {
	return xml(
		'svg',
		{
			class: 'chart',
			viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
			preserveAspectRatio: 'none',
			role: 'img',
			'aria-labelledby': 'chart-title chart-says',
		},
		xml('title', { id: 'chart-title' }, CHART_TITLE),
		xml('desc', { id: 'chart-says' }, renderVerdictSentence(verdict, tally)),
		...stackedBars(tally, 0, 0),
	);
}

/** The chart as a separate document, with its text. */
export function renderChartSvg(tally: LogCounts, verdict: UsageVerdict): string {
	const [left, top, bottom] = [56, 44, 28];
	const { highest, daysPerRow } = chartPeriods(tally);
	const span = coveredDays(tally);
	const [right, base] = [left + WIDTH, top + HEIGHT];
	const text = (x: number, y: number, anchor: string, words: string) =>
		xml('text', { x: String(x), y: String(y), 'text-anchor': anchor }, words);
	const legend = ([kind, x]: readonly [TlsMode, number]) => [
		xml('rect', { class: kind, x: String(x), y: '12', width: '12', height: '12' }),
		text(x + 18, 23, 'start', TLS_MODE_LABELS[kind]),
	];
	const kinds = [
		['implicit', left],
		['starttls', left + 170],
		...(tally.submission.unknown > 0 ? [['unknown', left + 320] as const] : []),
	] as const;
	return renderXml(
		xml(
			'svg',
			{
				xmlns: 'http://www.w3.org/2000/svg',
				viewBox: `0 0 ${right + 12} ${base + bottom}`,
				role: 'img',
				'aria-labelledby': 'chart-title chart-says',
			},
			xml('title', { id: 'chart-title' }, CHART_TITLE),
			xml('desc', { id: 'chart-says' }, renderVerdictSentence(verdict, tally)),
			xml('style', {}, CHART_STYLE + LABEL_STYLE),
			xml('rect', { class: 'paper', width: '100%', height: '100%' }),
			...kinds.flatMap(legend),
			text(left - 8, top + 10, 'end', String(highest)),
			text(left - 8, base, 'end', '0'),
			text(left, base + 20, 'start', span?.first ?? ''),
			text((left + right) / 2, base + 20, 'middle', daysPerRow === 1 ? 'a bar is a day' : `a bar is ${daysPerRow} days`),
			text(right, base + 20, 'end', span?.last ?? ''),
			...stackedBars(tally, left, top),
		),
	);
}

export const TLS_MODE_LABELS = {
	implicit: '465, implicit TLS',
	starttls: '587, STARTTLS',
	unknown: 'port not told',
} as const satisfies Record<TlsMode, string>;

function stackedBars(tally: LogCounts, left: number, top: number): readonly XmlElement[] {
	const { rows, highest } = chartPeriods(tally);
	const step = WIDTH / Math.max(1, rows.length);
	const base = top + HEIGHT;
	return [
		...rows.flatMap((row, at) => stackedBar(row, { x: left + at * step, step, base, scale: (HEIGHT - 4) / highest })),
		xml('line', { class: 'axis', x1: String(left), y1: String(base), x2: String(left + WIDTH), y2: String(base) }),
	];
}

interface Slot {
	readonly x: number;
	readonly step: number;
	readonly base: number;
	readonly scale: number;
}

function stackedBar(row: ChartPeriod, { x, step, base, scale }: Slot): readonly XmlElement[] {
	let y = base;
	// 587 is at the bottom of each bar, where its trend is easiest to see.
	return (['starttls', 'unknown', 'implicit'] as const).flatMap((kind) => {
		if (row[kind] === 0) return [];
		// Even one submission among thousands stays visible.
		const height = Math.max(2, row[kind] * scale);
		y -= height;
		const place = { x: x.toFixed(1), y: y.toFixed(1), width: Math.max(1, step * 0.86).toFixed(1), height: height.toFixed(1) };
		return [xml('rect', { class: kind, ...place }, xml('title', {}, `${row.from}: ${row[kind]} (${TLS_MODE_LABELS[kind]})`))];
	});
}
