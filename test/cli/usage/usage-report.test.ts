/** The reports for people and programs. They are golden files, so that a reviewer sees in the diff what changes. */
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { DOMParser, type Element } from '@xmldom/xmldom';
import { describe, expect, it } from 'vitest';
import { renderVerdictAdvice } from '../../../src/cli/usage/advice.ts';
import { anonymize } from '../../../src/cli/usage/anonymous.ts';
import type { LogCounts } from '../../../src/cli/usage/evidence/log-counts.ts';
import { judgeUsage } from '../../../src/cli/usage/evidence/usage-verdict.ts';
import { renderChartSvg } from '../../../src/cli/usage/log-chart.ts';
import { renderUsageReportPage } from '../../../src/cli/usage/usage-report-page.ts';
import { renderNotLookedAt, renderUsageReportText } from '../../../src/cli/usage/usage-report-text.ts';
import { renderVerdictSentence } from '../../../src/cli/usage/verdict-text.ts';
import { addDays } from '../../../src/lib/time.ts';
import {
	connectLine,
	countLog,
	countLogs,
	knockOn465,
	lastDays,
	rfc3339Timestamp,
	sampleLog,
	submissionLine,
	TODAY,
} from './sample-logs.ts';

const HOSTILE_ACCOUNT = `<script>alert(1)</script>&"'\u001b[31m\u202e@example.org`;

const logWithoutServiceNames = lastDays(5)
	.map((day) => Array.from({ length: 3 }, () => submissionLine(rfc3339Timestamp(day), '')).join(''))
	.join('');

const logWithGaps = lastDays(50)
	.filter((_, at) => at % 9 !== 4)
	.map(
		(day) => connectLine(rfc3339Timestamp(day)) + Array.from({ length: 4 }, () => submissionLine(rfc3339Timestamp(day), 'smtps')).join(''),
	)
	.join('');

const LOGS: Readonly<Record<string, string>> = {
	safe: sampleLog(60, (_, ago) => (ago >= 34 ? Math.ceil((ago - 33) / 4) : 0)),
	used:
		sampleLog(20, (_, ago) => (ago % 3 === 0 ? 3 : 0)) +
		submissionLine(rfc3339Timestamp(TODAY), 'submission', 'webmail@example.org', '127.0.0.1') +
		submissionLine(rfc3339Timestamp(TODAY), ''),
	soon: sampleLog(12, () => 0),
	'not-named': logWithoutServiceNames,
	gaps: logWithGaps,
	old: sampleLog(40, () => 0, rfc3339Timestamp, addDays(TODAY, -20)),
	empty: '',
	idle: connectLine(rfc3339Timestamp(TODAY)),
	hostile: submissionLine(rfc3339Timestamp(TODAY), 'submission', HOSTILE_ACCOUNT) + knockOn465(rfc3339Timestamp(TODAY)),
};

const plainText = (text: string) => stripVTControlCharacters(text);

describe.each(Object.keys(LOGS))('%s', (name) => {
	const read = () => countLog([LOGS[name] ?? '']);

	it('in a terminal', async () => {
		const tally = await read();
		const verdict = judgeUsage(tally, 30, TODAY);
		const text = renderUsageReportText(tally, verdict) + renderVerdictAdvice(verdict, ['/var/log/mail.log']) + renderNotLookedAt(verdict);
		await expect(plainText(text)).toMatchFileSnapshot(join(import.meta.dirname, `golden/${name}.txt`));
		expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(140);
	});

	it('as a page and as a picture: well-formed, without a script, and nothing from elsewhere', async () => {
		const tally = await read();
		const verdict = judgeUsage(tally, 30, TODAY);
		for (const [text, root] of [
			[renderUsageReportPage(tally, verdict).replace('<!DOCTYPE html>\n', ''), 'html'],
			[renderChartSvg(tally, verdict), 'svg'],
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
			expect(text).toContain(xmlEscaped(renderVerdictSentence(verdict, tally)));
			// Sums in the picture: what a bar stands for is written into it.
			const bars = [...document.getElementsByTagName('rect')].map((rect) => rect.getElementsByTagName('title')[0]?.textContent ?? '');
			const counted = bars.reduce((sum, title) => sum + Number(/: (\d+) /.exec(title)?.[1] ?? 0), 0);
			expect(counted).toBe(tally.submission.implicit + tally.submission.starttls + tally.submission.unknown);
		}
	});
});

function xmlEscaped(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll("'", '&apos;');
}

it('the picture and the page, as they are', async () => {
	const tally = await countLog([LOGS.used ?? '']);
	const verdict = judgeUsage(tally, 30, TODAY);
	await expect(renderChartSvg(tally, verdict)).toMatchFileSnapshot(join(import.meta.dirname, 'golden/used.svg'));
	await expect(renderUsageReportPage(tally, verdict)).toMatchFileSnapshot(join(import.meta.dirname, 'golden/used.html'));
	await expect(`${JSON.stringify({ verdict, sentence: renderVerdictSentence(verdict, tally), ...tally }, null, 2)}\n`).toMatchFileSnapshot(
		join(import.meta.dirname, 'golden/used.json'),
	);
});

it('every bar is inside the picture, and none is thinner than can be seen', async () => {
	const tally = await countLog([LOGS.safe ?? '']);
	const text = renderChartSvg(tally, judgeUsage(tally, 30, TODAY));
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
	const tally = anonymize(await countLog([LOGS.used ?? '', LOGS.hostile ?? '']));
	const verdict = judgeUsage(tally, 30, TODAY);
	const all = [
		renderUsageReportText(tally, verdict),
		renderUsageReportPage(tally, verdict),
		renderChartSvg(tally, verdict),
		JSON.stringify({ verdict, ...tally }),
	].join('\n');
	expect(all).not.toMatch(/example\.org|192\.0\.2\.|alert/);
	expect(all).toContain('account 1');
	expect(all).toContain('address 2');
	// Counts and days are still there.
	expect(tally.accounts.map(({ count }) => count)).toEqual(
		(await countLog([LOGS.used ?? '', LOGS.hostile ?? ''])).accounts.map(({ count }) => count),
	);
});

it('says where it has cut', async () => {
	const lines = Array.from({ length: 9 }, (_, nth) =>
		submissionLine(rfc3339Timestamp(TODAY), 'submission', `user${nth}`, `192.0.2.${nth}`),
	);
	const result: LogCounts = await countLogs([[knockOn465(rfc3339Timestamp(TODAY)), ...lines]], TODAY, { room: 2 });
	const verdict = judgeUsage(result, 30, TODAY);
	expect(renderVerdictSentence(verdict, result)).toMatch(/^No: .* More than \d accounts in this log/);
	for (const text of [renderUsageReportText(result, verdict), renderUsageReportPage(result, verdict)])
		expect(text).toMatch(/over STARTTLS: more than \d/);
});
