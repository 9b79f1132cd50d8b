/** A tally as a picture: SVG that stands alone, and a page around it without scripts. */
import { renderXml, type XmlElement, xml } from '../../lib/xml.ts';
import { type Period, periods, sentence } from './show.ts';
import type { Holdout, Tally } from './tally.ts';
import type { Verdict } from './verdict.ts';

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [720, 260, 48, 28];

const STYLE = `.implicit{fill:#1f7a5a}.starttls{fill:#d97706}.unknown{fill:#8b8fa3}text{font:12px system-ui,sans-serif;fill:#334}
line{stroke:#ccd;stroke-width:1}@media(prefers-color-scheme:dark){text{fill:#dde}line{stroke:#445}.implicit{fill:#3fae86}.starttls{fill:#f5a524}}`;

/** The chart as an SVG document: stacked bars a period, with a title and a description for those who do not see it. */
export function svg(tally: Tally, verdict: Verdict): string {
	return renderXml(picture(tally, verdict)).replace(/^<\?xml[^\n]*\n/, '');
}

function picture(tally: Tally, verdict: Verdict): XmlElement {
	const rows = periods(tally, 90);
	const most = Math.max(1, ...rows.map((row) => row.implicit + row.starttls + row.unknown));
	const plot = HEIGHT - BOTTOM - 12;
	const step = (WIDTH - LEFT) / Math.max(1, rows.length);
	const bars = rows.flatMap((row, at) => stack(row, LEFT + at * step, step, plot / most));
	return xml(
		'svg',
		{ xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-labelledby': 'title what' },
		xml('title', { id: 'title' }, 'Submissions over 465 and 587'),
		xml('desc', { id: 'what' }, sentence(verdict)),
		xml('style', {}, STYLE),
		xml('line', { x1: String(LEFT), y1: String(HEIGHT - BOTTOM), x2: String(WIDTH), y2: String(HEIGHT - BOTTOM) }),
		xml('text', { x: '4', y: '22' }, String(most)),
		xml('text', { x: '4', y: String(HEIGHT - BOTTOM) }, '0'),
		xml('text', { x: String(LEFT), y: String(HEIGHT - 8) }, rows[0]?.from ?? ''),
		xml('text', { x: String(WIDTH), y: String(HEIGHT - 8), 'text-anchor': 'end' }, tally.covered?.last ?? ''),
		...bars,
	);
}

function stack(row: Period, x: number, step: number, scale: number): readonly XmlElement[] {
	let y = HEIGHT - BOTTOM;
	return (['implicit', 'starttls', 'unknown'] as const).flatMap((kind) => {
		const height = row[kind] * scale;
		if (height === 0) return [];
		y -= height;
		const place = { x: x.toFixed(1), y: y.toFixed(1), width: Math.max(1, step - 1).toFixed(1), height: height.toFixed(1) };
		return [xml('rect', { class: kind, ...place }, xml('title', {}, `${row.from}: ${row[kind]} ${NAMES[kind]}`))];
	});
}

const NAMES = { implicit: 'over 465', starttls: 'over 587', unknown: 'not told' } as const;

const PAGE_STYLE = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}
svg{width:100%;height:auto}table{border-collapse:collapse;width:100%}td,th{text-align:start;padding:.25rem .75rem .25rem 0;border-block-end:1px solid #8884}
.answer{font-size:1.25rem;font-weight:600}i{display:inline-block;width:.8em;height:.8em;margin-inline-end:.4em}.i{background:#1f7a5a}.s{background:#d97706}`;

/** A self-contained page: the answer, the chart, and who still uses STARTTLS. */
export function page(tally: Tally, verdict: Verdict): string {
	const body = xml(
		'body',
		{},
		xml('h1', {}, 'Can 587 go?'),
		xml('p', { class: 'answer' }, sentence(verdict)),
		picture(tally, verdict),
		xml(
			'p',
			{},
			xml('i', { class: 'i' }, ' '),
			xml('span', {}, `465, implicit TLS: ${tally.submission.implicit}. `),
			xml('i', { class: 's' }, ' '),
			xml('span', {}, `587, STARTTLS: ${tally.submission.starttls}.`),
		),
		table('Accounts that still use STARTTLS', tally.accounts),
		table('Clients’ addresses that still use STARTTLS', tally.clients),
	);
	const head = xml(
		'head',
		{},
		xml('meta', { charset: 'utf-8' }),
		xml('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
		xml('title', {}, 'Submissions over 465 and 587'),
		xml('style', {}, PAGE_STYLE),
	);
	// The tree is the same as XHTML's; with this doctype browsers read it as HTML.
	return `<!DOCTYPE html>\n${renderXml(xml('html', { lang: 'en' }, head, body)).replace(/^<\?xml[^\n]*\n/, '')}`;
}

/** Rows of a table on the page. */
const SHOWN = 200;

function table(title: string, list: readonly Holdout[]): XmlElement | null {
	if (list.length === 0) return null;
	const cells = (name: string, ...texts: readonly string[]) => xml('tr', {}, ...texts.map((text) => xml(name, {}, text)));
	const more = list.length > SHOWN ? [cells('td', `… and ${list.length - SHOWN} more`, '', '')] : [];
	const rows = list.slice(0, SHOWN).map(({ name, count, last }) => cells('td', name, String(count), last));
	return xml(
		'section',
		{},
		xml('h2', {}, `${title}: ${list.length}`),
		xml('table', {}, cells('th', 'who', 'submissions', 'last'), ...rows, ...more),
	);
}
