/** The page of `signpost usage --report`, in a browser: legible, at every width, without a request. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeUsage } from '../../src/cli/usage/evidence/usage-verdict.ts';
import { renderChartSvg } from '../../src/cli/usage/log-chart.ts';
import { renderUsageReportPage as usagePage } from '../../src/cli/usage/usage-report-page.ts';
import { countLog, lastDays, rfc3339Timestamp, sampleLog, submissionLine, TODAY } from '../cli/usage/sample-logs.ts';
import { findChromium, launchChromium, openPage } from './chromium.ts';
import { expectAccessible, expectNoOverflow, takeScreenshot } from './page-assertions.ts';

const chromiumPath = await findChromium();

const LOG_SAMPLES: Readonly<Record<string, string>> = {
	safe: sampleLog(60, (_, ago) => (ago >= 34 ? Math.ceil((ago - 33) / 4) : 0)),
	used:
		sampleLog(300, (_, ago) => Math.ceil(ago / 60)) +
		submissionLine(rfc3339Timestamp(TODAY), 'submission', `${'long'.repeat(16)}@example.org`, '2001:db8:1234:5678:9abc:def0:1234:5678'),
	'not-told': lastDays(5)
		.map((day) => Array.from({ length: 3 }, () => submissionLine(rfc3339Timestamp(day), '')).join(''))
		.join(''),
};

describe.skipIf(chromiumPath === null)('the page of usage', () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launchChromium(chromiumPath ?? '');
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

	it.each(Object.keys(LOG_SAMPLES).flatMap((log) => KINDS.map((kind) => ({ log, ...kind }))))(
		'$log, $name',
		async ({ log, name, ...options }) => {
			const tally = await countLog([LOG_SAMPLES[log] ?? '']);
			const { page, expectNoFaults } = await openPage(browser, options);
			await page.setContent(usagePage(tally, judgeUsage(tally, 30, TODAY)));
			await page.locator('summary').click();
			await takeScreenshot(page, `usage-${log}-${name}`);
			await expectNoOverflow(page);
			await expectAccessible(page);
			expect(await page.locator('figure > svg rect').count()).toBeGreaterThan(4);
			expectNoFaults();
			await page.context().close();
		},
	);

	it.each(['light', 'dark'] as const)('the chart alone, %s', async (colorScheme) => {
		const tally = await countLog([LOG_SAMPLES.safe ?? '']);
		const { page, expectNoFaults } = await openPage(browser, { viewport: { width: 800, height: 320 }, colorScheme });
		await page.goto(`data:image/svg+xml;base64,${Buffer.from(renderChartSvg(tally, judgeUsage(tally, 30, TODAY))).toString('base64')}`);
		await takeScreenshot(page, `usage-chart-${colorScheme}`, false);
		expectNoFaults();
		await page.context().close();
	});
});
