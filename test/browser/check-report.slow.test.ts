/** The page of `signpost check --report` in a browser: it is legible at every width and sends no request. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderCheckReportPage } from '../../src/cli/check/check-report-page.ts';
import { emptyArea, finding, gradedReport } from '../../src/cli/check/finding.ts';
import { findChromium, launchChromium, openPage } from './chromium.ts';
import { expectAccessible, expectNoOverflow, takeScreenshot } from './page-assertions.ts';

const chromiumPath = await findChromium();

const CHECKED_AT = '2026-11-24T06:00:00.000Z';

const LONG_NAME = `${'long-'.repeat(10)}name.example.com`;

const ABOUT = { address: 'alice@example.com', domain: 'example.com', recordDigest: '', at: CHECKED_AT };

const FAILING_REPORT = gradedReport(ABOUT, [
	{
		...emptyArea('dns'),
		looked: 11,
		findings: [finding('dns-missing', `_submission._tcp.${LONG_NAME} SRV`, `10 1 587 ${LONG_NAME}.`, 'none')],
	},
	{ ...emptyArea('http'), looked: 27, unlooked: [{ place: 'https://example.com', reason: 'no whole answer within 10 s' }] },
	{
		...emptyArea('mail'),
		looked: 4,
		findings: [finding('auth-before-tls', 'smtp.example.com:587', 'no login before TLS', '<b>PLAIN</b> & LOGIN')],
	},
	{ ...emptyArea('mta-sts'), looked: 1, findings: [finding('mta-sts-absent', 'example.com', 'a policy', 'none')] },
]);

const PASSING_REPORT = gradedReport({ ...ABOUT, address: 'bob@example.org', domain: 'example.org' }, [{ ...emptyArea('dns'), looked: 11 }]);

describe.skipIf(chromiumPath === null)('the page of check', () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launchChromium(chromiumPath ?? '');
	});
	afterAll(async () => {
		await browser?.close();
	});

	it.each([
		{ name: 'desktop', viewport: { width: 1100, height: 800 }, colorScheme: 'light' },
		{ name: 'dark', viewport: { width: 1100, height: 800 }, colorScheme: 'dark' },
		{ name: 'narrow', viewport: { width: 320, height: 640 }, colorScheme: 'light' },
		{ name: 'narrow-dark', viewport: { width: 320, height: 640 }, colorScheme: 'dark' },
	] as const)('$name', async ({ name, ...options }) => {
		const { page, expectNoFaults } = await openPage(browser, options);
		await page.setContent(renderCheckReportPage([FAILING_REPORT, PASSING_REPORT]));
		await takeScreenshot(page, `check-${name}`);
		await expectNoOverflow(page);
		await expectAccessible(page);
		const text = await page.locator('body').innerText();
		// The text that a server sent is shown unchanged.
		expect(text).toContain('<b>PLAIN</b> & LOGIN');
		for (const said of ['example.org', 'auth-before-tls', `_submission._tcp.${LONG_NAME} SRV`]) expect(text).toContain(said);
		expectNoFaults();
		await page.context().close();
	});
});
