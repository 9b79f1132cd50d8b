import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, browserPath, launch, open, WINDOWS } from './browser.ts';
import { enter, RECORD, seed, settled } from './console-service.ts';
import { picture } from './judge.ts';

const path = await browserPath();
const VIEW = { viewport: { width: 1280, height: 960 } };

/** Bytes: a README is read on telephones too. */
const LIMIT = 150_000;

// The two in .github/screenshots are copied from what is made here when the pages change.
describe.skipIf(path === null)('the pictures of the README', () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launch(path ?? '');
	});
	afterAll(async () => {
		await browser?.close();
	});

	it.each(['setup.png', 'console.png'])('%s is there, and light', async (name) => {
		const { size } = await stat(join(import.meta.dirname, '../../.github/screenshots', name));
		expect(size).toBeGreaterThan(10_000);
		expect(size).toBeLessThan(LIMIT);
	});

	it('the set-up page', async () => {
		const { page, clean } = await open(browser, { viewport: { width: 1280, height: 880 }, userAgent: WINDOWS });
		await page.goto(at('autoconfig.example.com'));
		await page.locator('#address').fill('alice@example.com');
		await page.keyboard.press('Enter');
		await settled(page);
		await picture(page, 'readme-setup', false);
		clean();
		await page.context().close();
	});

	it("the admin's page of a domain", async () => {
		const hosts = { imap: { host: 'imap.example.org' }, submission: { host: 'smtp.example.org' } };
		await seed('example.org', { ...RECORD, services: hosts });
		const { page, clean } = await enter(browser, '/admin/domains/example.org', VIEW);
		await expect.poll(() => page.locator('.title .badges').textContent(), { timeout: 15_000 }).toContain('In sync');
		await page.getByLabel('Name', { exact: true }).fill('Example Mail & Calendar');
		await page.getByLabel('Why').fill('We have calendars now');
		await picture(page, 'readme-console', false);
		clean();
		await page.context().close();
	});
});
