import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, browserPath, IPHONE, launch, MAC, open, WINDOWS } from './browser.ts';
import { accessible, fits, picture } from './judge.ts';

const path = await browserPath();

describe.skipIf(path === null)('the set-up page', () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launch(path ?? '');
	});
	afterAll(async () => {
		await browser?.close();
	});

	const WAYS = ['iphone', 'mac', 'finder', 'outlook', 'other'] as const;
	const KINDS = [
		{ name: 'desktop', userAgent: WINDOWS, viewport: { width: 1280, height: 900 }, colorScheme: 'light', lang: 'en' },
		{ name: 'dark', userAgent: MAC, viewport: { width: 1280, height: 900 }, colorScheme: 'dark', lang: 'en' },
		{ name: 'phone', userAgent: IPHONE, viewport: { width: 390, height: 844 }, colorScheme: 'light', lang: 'en' },
		{ name: 'narrow', userAgent: IPHONE, viewport: { width: 320, height: 640 }, colorScheme: 'dark', lang: 'de' },
		{ name: 'arabic', userAgent: IPHONE, viewport: { width: 390, height: 844 }, colorScheme: 'light', lang: 'ar' },
		{ name: 'arabic-desktop', userAgent: WINDOWS, viewport: { width: 1100, height: 900 }, colorScheme: 'dark', lang: 'ar' },
		{ name: 'japanese', userAgent: IPHONE, viewport: { width: 320, height: 640 }, colorScheme: 'light', lang: 'ja' },
	] as const;

	it.each(KINDS)('$name: every choice is legible, fits, and passes axe', async ({ name, lang, ...options }) => {
		const { page, clean } = await open(browser, options);
		await page.goto(at('autoconfig.example.com', `/?lang=${lang}`));
		expect(await page.locator('html').getAttribute('dir')).toBe(lang === 'ar' ? 'rtl' : 'ltr');
		for (const way of WAYS) {
			await page.locator(`#way-${way}`).check();
			for (const details of await page.locator('main details').all()) await details.evaluate((element) => element.setAttribute('open', ''));
			await fits(page);
			await accessible(page);
			await picture(page, `${name}-${way}`);
		}
		clean();
		await page.context().close();
	});

	it('the watch sees what it is there to see', async () => {
		const { page, clean } = await open(browser, {});
		await page.goto(at('autoconfig.example.com'));
		clean();
		await page.evaluate(() => {
			document.body.setAttribute('style', 'color: red');
			new Image().src = 'https://elsewhere.example.com/pixel.gif';
		});
		await expect.poll(() => clean).toThrow(/style-src-attr[\s\S]*img-src/);
		await page.context().close();
	});

	it('the start page too', async () => {
		const { page, clean } = await open(browser, { viewport: { width: 320, height: 640 } });
		await page.goto(at('127.0.0.1'));
		await fits(page);
		await accessible(page);
		await picture(page, 'start');
		clean();
		await page.context().close();
	});
});
