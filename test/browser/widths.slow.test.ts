import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchChromium, openPage, serviceUrl } from './chromium.ts';
import { callAdminApi, createRecord, openConsole, SAMPLE_RECORD, waitForNetworkIdle } from './console-session.ts';
import { expectNoBrokenWords, expectNoOverflow, expectTargetSizes, takeScreenshot } from './page-assertions.ts';

const chromiumPath = await findChromium();

/** From the narrowest phone to a wide desk. Layouts change between these, so a page is loaded once and looked at in all of them. */
const WIDTHS = [320, 390, 600, 768, 900, 1024, 1200, 1440, 1920] as const;

const CONSOLE_PAGES = [
	['list', '/admin'],
	['overview', '/admin/domains/widths.example'],
	['record', '/admin/domains/widths.example/record'],
	['dns', '/admin/domains/widths.example/dns'],
	['history', '/admin/domains/widths.example/history'],
	['new', '/admin/new'],
	['tokens', '/admin/tokens'],
	['audit', '/admin/audit'],
	['usage', '/admin/usage'],
] as const;

describe.skipIf(chromiumPath === null)('every page in every width', () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launchChromium(chromiumPath ?? '');
		await createRecord('widths.example', SAMPLE_RECORD, ['customer:4711', 'pilot']);
		await createRecord('a-name-that-is-about-as-long-as-names-of-customers-really-are.widths.example');
		await callAdminApi('POST', '/tokens', { name: 'Deploy script', role: 'write', domains: ['widths.example'] });
	});
	afterAll(async () => {
		await browser?.close();
	});

	it.each(CONSOLE_PAGES)('console: %s', async (name, address) => {
		const { page, expectNoFaults } = await openConsole(browser, address);
		await waitForNetworkIdle(page);
		await lookInAllWidths(page, `widths-console-${name}`);
		expectNoFaults();
		await page.context().close();
	});

	it.each(['en', 'de', 'ar', 'ja'])('set-up page: %s', async (lang) => {
		const { page, expectNoFaults } = await openPage(browser, {});
		await page.goto(serviceUrl('autoconfig.example.com', `/?lang=${lang}`));
		await lookInAllWidths(page, `widths-setup-${lang}`);
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
