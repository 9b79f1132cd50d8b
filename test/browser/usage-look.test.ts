/** The page of `signpost usage --report`, in a browser: legible, at every width, without a request. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { svg } from '../../src/cli/usage/chart.ts';
import { page as usagePage } from '../../src/cli/usage/page.ts';
import { judge } from '../../src/cli/usage/verdict.ts';
import { lastDays, plainLog, rfc3339, submission, TODAY, tallied } from '../cli/usage/logs.ts';
import { browserPath, launch, open } from './browser.ts';
import { accessible, fits, picture } from './judge.ts';

const path = await browserPath();

const LOGS: Readonly<Record<string, string>> = {
	safe: plainLog(60, (_, ago) => (ago >= 34 ? Math.ceil((ago - 33) / 4) : 0)),
	used:
		plainLog(300, (_, ago) => Math.ceil(ago / 60)) +
		submission(rfc3339(TODAY), 'submission', `${'long'.repeat(16)}@example.org`, '2001:db8:1234:5678:9abc:def0:1234:5678'),
	'not-told': lastDays(5)
		.map((day) => submission(rfc3339(day), '').repeat(3))
		.join(''),
};

describe.skipIf(path === null)('the page of usage', () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launch(path ?? '');
	});
	afterAll(async () => {
		await browser?.close();
	});

	const KINDS = [
		{ name: 'desktop', viewport: { width: 1100, height: 800 }, colorScheme: 'light' },
		{ name: 'dark', viewport: { width: 1100, height: 800 }, colorScheme: 'dark' },
		{ name: 'narrow', viewport: { width: 320, height: 640 }, colorScheme: 'light' },
		{ name: 'narrow-dark', viewport: { width: 320, height: 640 }, colorScheme: 'dark' },
	] as const;

	it.each(Object.keys(LOGS).flatMap((log) => KINDS.map((kind) => ({ log, ...kind }))))('$log, $name', async ({ log, name, ...options }) => {
		const tally = await tallied([LOGS[log] ?? '']);
		const { page, clean } = await open(browser, options);
		await page.setContent(usagePage(tally, judge(tally, 30, TODAY)));
		await page.locator('summary').click();
		await picture(page, `usage-${log}-${name}`);
		await fits(page);
		await accessible(page);
		expect(await page.locator('figure > svg rect').count()).toBeGreaterThan(4);
		clean();
		await page.context().close();
	});

	it.each(['light', 'dark'] as const)('the chart alone, %s', async (colorScheme) => {
		const tally = await tallied([LOGS.safe ?? '']);
		const { page, clean } = await open(browser, { viewport: { width: 800, height: 320 }, colorScheme });
		await page.goto(`data:image/svg+xml;base64,${Buffer.from(svg(tally, judge(tally, 30, TODAY))).toString('base64')}`);
		await picture(page, `usage-chart-${colorScheme}`, false);
		clean();
		await page.context().close();
	});
});
