/** What people and programs are shown: committed, so that a reviewer reads in the diff what changes. */
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { DOMParser, type Element } from '@xmldom/xmldom';
import { describe, expect, it } from 'vitest';
import { advice } from '../../../src/cli/usage/advice.ts';
import { anonymous } from '../../../src/cli/usage/anonymous.ts';
import { svg } from '../../../src/cli/usage/chart.ts';
import { page } from '../../../src/cli/usage/page.ts';
import { sentence } from '../../../src/cli/usage/sentence.ts';
import { showTally } from '../../../src/cli/usage/show.ts';
import { addDays } from '../../../src/cli/usage/stamp.ts';
import type { Tally } from '../../../src/cli/usage/tally.ts';
import { tallier } from '../../../src/cli/usage/tally.ts';
import { judge } from '../../../src/cli/usage/verdict.ts';
import { connect, lastDays, plainLog, readInto, rfc3339, submission, TODAY, tallied } from './logs.ts';

const HOSTILE = `<script>alert(1)</script>&"'\u001b[31m\u202e@example.org`;

const unnamed = lastDays(5)
	.map((day) => submission(rfc3339(day), '').repeat(3))
	.join('');

const gaps = lastDays(50)
	.filter((_, at) => at % 9 !== 4)
	.map((day) => submission(rfc3339(day), 'smtps').repeat(4))
	.join('');

const LOGS: Readonly<Record<string, string>> = {
	safe: plainLog(60, (_, ago) => (ago >= 34 ? Math.ceil((ago - 33) / 4) : 0)),
	used:
		plainLog(20, (_, ago) => (ago % 3 === 0 ? 3 : 0)) +
		submission(rfc3339(TODAY), 'submission', 'webmail@example.org', '127.0.0.1') +
		submission(rfc3339(TODAY), ''),
	soon: plainLog(12, () => 0),
	'not-named': unnamed,
	gaps,
	old: plainLog(40, () => 0, rfc3339, addDays(TODAY, -20)),
	empty: '',
	idle: connect(rfc3339(TODAY)),
	hostile: submission(rfc3339(TODAY), 'submission', HOSTILE),
};

const seen = (text: string) => stripVTControlCharacters(text);

describe.each(Object.keys(LOGS))('%s', (name) => {
	const read = () => tallied([LOGS[name] ?? '']);

	it('in a terminal', async () => {
		const tally = await read();
		const verdict = judge(tally, 30, TODAY);
		const text = showTally(tally, verdict) + advice(verdict, ['/var/log/mail.log']);
		await expect(seen(text)).toMatchFileSnapshot(join(import.meta.dirname, `golden/${name}.txt`));
		expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(140);
	});

	it('as a page and as a picture: well-formed, without a script, and nothing from elsewhere', async () => {
		const tally = await read();
		const verdict = judge(tally, 30, TODAY);
		for (const [text, root] of [
			[page(tally, verdict).replace('<!DOCTYPE html>\n', ''), 'html'],
			[svg(tally, verdict), 'svg'],
		] as const) {
			const faults: string[] = [];
			const document = new DOMParser({ onError: (level, message) => faults.push(`${level}: ${message}`) }).parseFromString(
				text,
				'text/xml',
			);
			expect([faults, document.documentElement?.tagName]).toEqual([[], root]);
			expect(document.getElementsByTagName('script').length).toBe(0);
			// In HTML a style sheet is taken as it stands: a reference would not be undone.
			expect(/<style>[^<]*<\/style>/.exec(text)?.[0]).not.toMatch(/&/);
			const attributes = [...document.getElementsByTagName('*')].flatMap((element: Element) =>
				[...element.attributes].map((each) => each.name),
			);
			expect(attributes.filter((attribute) => /^(on|href|src|style$)/.test(attribute))).toEqual([]);
			expect(text).toContain(escaped(sentence(verdict, tally)));
			// Sums in the picture: what a bar stands for is written into it.
			const bars = [...document.getElementsByTagName('rect')].map((rect) => rect.getElementsByTagName('title')[0]?.textContent ?? '');
			const counted = bars.reduce((sum, title) => sum + Number(/: (\d+) /.exec(title)?.[1] ?? 0), 0);
			expect(counted).toBe(tally.submission.implicit + tally.submission.starttls + tally.submission.unknown);
		}
	});
});

function escaped(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll("'", '&apos;');
}

it('the picture and the page, as they are', async () => {
	const tally = await tallied([LOGS.used ?? '']);
	const verdict = judge(tally, 30, TODAY);
	await expect(svg(tally, verdict)).toMatchFileSnapshot(join(import.meta.dirname, 'golden/used.svg'));
	await expect(page(tally, verdict)).toMatchFileSnapshot(join(import.meta.dirname, 'golden/used.html'));
	await expect(`${JSON.stringify({ verdict, sentence: sentence(verdict, tally), ...tally }, null, 2)}\n`).toMatchFileSnapshot(
		join(import.meta.dirname, 'golden/used.json'),
	);
});

it('every bar is inside the picture, and none is thinner than can be seen', async () => {
	const tally = await tallied([LOGS.safe ?? '']);
	const text = svg(tally, judge(tally, 30, TODAY));
	const [, width = 0, height = 0] = (/viewBox="0 0 (\d+) (\d+)"/.exec(text) ?? []).map(Number);
	const rects = [...text.matchAll(/<rect class="\w+" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g)];
	expect(rects.length).toBeGreaterThan(60);
	for (const [, x, y, w, h] of rects.map((match) => match.map(Number))) {
		expect((x ?? 0) + (w ?? 0)).toBeLessThanOrEqual(width);
		expect((y ?? 0) + (h ?? 0)).toBeLessThanOrEqual(height);
		expect(Math.min(x ?? -1, y ?? -1)).toBeGreaterThanOrEqual(0);
		expect(Math.min(w ?? 0, h ?? 0)).toBeGreaterThanOrEqual(1);
	}
});

it('anonymous: no account and no address, anywhere', async () => {
	const tally = anonymous(await tallied([LOGS.used ?? '', LOGS.hostile ?? '']));
	const verdict = judge(tally, 30, TODAY);
	const all = [showTally(tally, verdict), page(tally, verdict), svg(tally, verdict), JSON.stringify({ verdict, ...tally })].join('\n');
	expect(all).not.toMatch(/example\.org|192\.0\.2\.|alert/);
	expect(all).toContain('account 1');
	expect(all).toContain('address 2');
	// Counts and days are still there.
	expect(tally.accounts.map(({ count }) => count)).toEqual(
		(await tallied([LOGS.used ?? '', LOGS.hostile ?? ''])).accounts.map(({ count }) => count),
	);
});

it('says where it has cut', async () => {
	const tally = tallier(2);
	await readInto(tally, [
		Array.from({ length: 9 }, (_, nth) => submission(rfc3339(TODAY), 'submission', `user${nth}`, `192.0.2.${nth}`)).join(''),
	]);
	const result: Tally = tally.result();
	const verdict = judge(result, 30, TODAY);
	expect(sentence(verdict, result)).toMatch(/^No: .* More than \d accounts in this log/);
	for (const text of [showTally(result, verdict), page(result, verdict)]) expect(text).toMatch(/over STARTTLS: more than \d/);
});
