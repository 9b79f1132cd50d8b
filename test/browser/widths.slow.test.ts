import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LANGUAGE_CODES } from '../../src/http/setup/languages.ts';
import { CHECKED_DOMAINS, createCheckedDomains, openOverviewDetails, stubCheckAnswers } from './check-answers.ts';
import { findChromium, launchChromium, openPage, serviceUrl } from './chromium.ts';
import { callAdminApi, createRecord, openConsole, SAMPLE_RECORD, waitForNetworkIdle } from './console-session.ts';
import { expectNoBrokenWords, expectNoOverflow, expectTargetSizes, takeScreenshot } from './page-assertions.ts';
import { FAILING_WEBHOOK, stubWebhookAnswers } from './webhook-answers.ts';

const chromiumPath = await findChromium();

/** From the narrowest phone to a wide desk. Layouts change between these, so a page is loaded once and looked at in all of them. */
const WIDTHS = [320, 390, 600, 768, 900, 1024, 1200, 1440, 1920] as const;

const CONSOLE_PAGES = [
	['list', '/admin'],
	['overview', '/admin/domains/widths.example'],
	...Object.entries(CHECKED_DOMAINS).map(([state, domain]) => [`check-${state}`, `/admin/domains/${domain}`] as const),
	['record', '/admin/domains/widths.example/record'],
	['dns', '/admin/domains/widths.example/dns'],
	['history', '/admin/domains/widths.example/history'],
	['new', '/admin/new'],
	['tokens', '/admin/tokens'],
	['webhooks', `/admin/webhooks?webhook=${FAILING_WEBHOOK}`],
	['audit', '/admin/audit'],
	['usage', '/admin/usage'],
] as const;

beforeAll(async () => {
	if (chromiumPath === null) return;
	await createRecord('widths.example', SAMPLE_RECORD, ['customer:4711', 'pilot']);
	await createRecord('a-name-that-is-about-as-long-as-names-of-customers-really-are.widths.example');
	await createCheckedDomains();
	await callAdminApi('POST', '/tokens', { name: 'Deploy script', role: 'write', domains: ['widths.example'] });
	await callAdminApi('POST', '/tokens', { name: 'Sales team', role: 'write', tag: 'access:sales-in-the-north-west' });
});

describe.skipIf(chromiumPath === null)('every page in every width', () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launchChromium(chromiumPath ?? '');
	});
	afterAll(async () => {
		await browser?.close();
	});

	it.each(CONSOLE_PAGES)('console: %s', async (name, address) => {
		const { page, expectNoFaults } = await openConsole(browser, '/admin');
		await stubWebhookAnswers(page);
		await stubCheckAnswers(page);
		await page.goto(serviceUrl('127.0.0.1', address));
		await waitForNetworkIdle(page);
		await openOverviewDetails(page);
		await lookInAllWidths(page, `widths-console-${name}`);
		expectNoFaults();
		await page.context().close();
	});

	it.each(LANGUAGE_CODES)('set-up page: %s', async (lang) => {
		const { page, expectNoFaults } = await openPage(browser, {});
		await page.goto(serviceUrl('autoconfig.example.com', `/?lang=${lang}`));
		await lookInAllWidths(page, `widths-setup-${lang}`);
		expectNoFaults();
		await page.context().close();
	});
});

/**
 * A window of that many device pixels, enlarged to 200 %: by the browser's zoom, which halves the CSS pixels of the window and doubles those
 * of the device, or in its text alone, by the size of text in the browser's settings, 16 px unless somebody changes it.
 */
const ENLARGED = [
	{ name: 'zoom-1280', width: 640, deviceScaleFactor: 2, textPixels: 16 },
	{ name: 'zoom-768', width: 384, deviceScaleFactor: 2, textPixels: 16 },
	{ name: 'text-1280', width: 1280, deviceScaleFactor: 1, textPixels: 32 },
	{ name: 'text-390', width: 390, deviceScaleFactor: 1, textPixels: 32 },
] as const;

describe.skipIf(chromiumPath === null).each(ENLARGED)('every page at 200 %: $name', ({ name, width, deviceScaleFactor, textPixels }) => {
	const options = { viewport: { width, height: 450 }, deviceScaleFactor };
	let browser: Browser;
	beforeAll(async () => {
		browser = await launchChromium(chromiumPath ?? '', [`--blink-settings=defaultFontSize=${textPixels}`]);
	});
	afterAll(async () => {
		await browser?.close();
	});

	async function look(page: Page, what: string): Promise<void> {
		const size = await page.evaluate(() => getComputedStyle(document.documentElement).fontSize);
		expect(size).toBe(`${textPixels}px`);
		await takeScreenshot(page, `${name}-${what}`);
		await expectNoOverflow(page);
		await expectNoBrokenWords(page);
		await expectTargetSizes(page);
	}

	it.each(CONSOLE_PAGES)('console: %s', async (what, address) => {
		const { page, expectNoFaults } = await openConsole(browser, '/admin', options);
		await stubWebhookAnswers(page);
		await stubCheckAnswers(page);
		await page.goto(serviceUrl('127.0.0.1', address));
		await waitForNetworkIdle(page);
		await openOverviewDetails(page);
		await look(page, `console-${what}`);
		expectNoFaults();
		await page.context().close();
	});

	it.each(LANGUAGE_CODES)('set-up page: %s', async (lang) => {
		const { page, expectNoFaults } = await openPage(browser, options);
		await page.goto(serviceUrl('autoconfig.example.com', `/?lang=${lang}`));
		await look(page, `setup-${lang}`);
		expectNoFaults();
		await page.context().close();
	});
});

async function lookInAllWidths(page: Page, name: string): Promise<void> {
	for (const width of WIDTHS) {
		await page.setViewportSize({ width, height: 900 });
		await takeScreenshot(page, `${name}-${width}`);
		await expectNoOverflow(page);
		await expectNoBrokenWords(page);
		await expectTargetSizes(page);
	}
	expect(WIDTHS.length).toBeGreaterThan(0);
}
