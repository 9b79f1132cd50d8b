import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchChromium, openPage, serviceUrl, WINDOWS } from './chromium.ts';
import { createRecord, openConsole, SAMPLE_RECORD, waitForNetworkIdle } from './console-session.ts';
import { takeScreenshot } from './page-assertions.ts';

const chromiumPath = await findChromium();
const VIEWPORT = { viewport: { width: 1280, height: 960 } };

/** The largest size of a picture in bytes: a README is read on phones too. */
const SCREENSHOT_SIZE_LIMIT = 150_000;

// The pictures in .github/screenshots are copies of those made here. Copy them again when the pages change.
describe.skipIf(chromiumPath === null)('the pictures of the README', () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launchChromium(chromiumPath ?? '');
	});
	afterAll(async () => {
		await browser?.close();
	});

	it.each(['setup.png', 'console.png'])('%s is there, and light', async (name) => {
		const { size } = await stat(join(import.meta.dirname, '../../.github/screenshots', name));
		expect(size).toBeGreaterThan(10_000);
		expect(size).toBeLessThan(SCREENSHOT_SIZE_LIMIT);
	});

	it('the set-up page', async () => {
		const { page, expectNoFaults } = await openPage(browser, { viewport: { width: 1280, height: 880 }, userAgent: WINDOWS });
		await page.goto(serviceUrl('autoconfig.example.com'));
		await waitForNetworkIdle(page);
		await takeScreenshot(page, 'readme-setup', false);
		expectNoFaults();
		await page.context().close();
	});

	it("the admin's page of a domain", async () => {
		const hosts = { imap: { host: 'imap.example.org' }, submission: { host: 'smtp.example.org' } };
		await createRecord('example.org', { ...SAMPLE_RECORD, services: hosts });
		const { page, expectNoFaults } = await openConsole(browser, '/admin/domains/example.org/record', VIEWPORT);
		await expect.poll(() => page.locator('.title .badges').textContent(), { timeout: 15_000 }).toContain('In sync');
		await page.getByLabel('Name', { exact: true }).fill('Example Mail & Calendar');
		await page.getByLabel('Reason').fill('We have calendars now');
		await takeScreenshot(page, 'readme-console', false);
		expectNoFaults();
		await page.context().close();
	});
});
