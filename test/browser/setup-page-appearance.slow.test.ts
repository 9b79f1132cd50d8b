import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LANGUAGE_CODES } from '../../src/http/setup/languages.ts';
import { MAIL_APPS } from '../../src/http/setup/mail-app.ts';
import { ANDROID, findChromium, IPHONE, launchChromium, MAC, openPage, serviceUrl, WINDOWS } from './chromium.ts';
import { expectAccessible, expectNoBrokenWords, expectNoOverflow, hasGlyphs, takeScreenshot } from './page-assertions.ts';

const chromiumPath = await findChromium();

describe.skipIf(chromiumPath === null)('the set-up page', () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launchChromium(chromiumPath ?? '');
	});
	afterAll(async () => {
		await browser?.close();
	});

	const KINDS = [
		{ name: 'desktop', userAgent: WINDOWS, viewport: { width: 1280, height: 900 }, colorScheme: 'light', lang: 'en' },
		{ name: 'dark', userAgent: MAC, viewport: { width: 1280, height: 900 }, colorScheme: 'dark', lang: 'en' },
		{ name: 'phone', userAgent: IPHONE, viewport: { width: 390, height: 844 }, colorScheme: 'light', lang: 'en' },
		{ name: 'tablet', userAgent: ANDROID, viewport: { width: 768, height: 1024 }, colorScheme: 'light', lang: 'fr' },
		{ name: 'narrow', userAgent: IPHONE, viewport: { width: 320, height: 640 }, colorScheme: 'dark', lang: 'de' },
		{ name: 'arabic', userAgent: IPHONE, viewport: { width: 390, height: 844 }, colorScheme: 'light', lang: 'ar' },
		{ name: 'arabic-desktop', userAgent: WINDOWS, viewport: { width: 1100, height: 900 }, colorScheme: 'dark', lang: 'ar' },
		{ name: 'japanese', userAgent: IPHONE, viewport: { width: 320, height: 640 }, colorScheme: 'light', lang: 'ja' },
	] as const;

	it.each(KINDS)('$name: every choice is legible, fits, and passes axe', async ({ name, lang, ...options }) => {
		const { page, expectNoFaults } = await openPage(browser, options);
		await page.goto(serviceUrl('autoconfig.example.com', `/?lang=${lang}`));
		if (lang === 'ja' && !(await hasGlyphs(page, '漢字')))
			process.stdout.write(
				'No font on this machine has Japanese letters: the pictures named japanese show none, and their widths prove little.\n',
			);
		expect(await page.locator('html').getAttribute('dir')).toBe(lang === 'ar' ? 'rtl' : 'ltr');
		for (const way of MAIL_APPS) {
			await page.locator(`#way-${way}`).check();
			for (const details of await page.locator('main details').all()) await details.evaluate((element) => element.setAttribute('open', ''));
			await expectNoOverflow(page);
			await expectAccessible(page);
			await expectNoBrokenWords(page);
			await takeScreenshot(page, `${name}-${way}`);
		}
		expectNoFaults();
		await page.context().close();
	});

	const OTHERS = ['plain', 'pop', 'logins', 'markup', 'yellow', 'navy'] as const;

	it.each(OTHERS.flatMap((name) => (['light', 'dark'] as const).map((colorScheme) => [name, colorScheme] as const)))(
		'%s, %s: whatever the record says',
		async (name, colorScheme) => {
			const { page, expectNoFaults } = await openPage(browser, { userAgent: IPHONE, viewport: { width: 320, height: 640 }, colorScheme });
			await page.goto(serviceUrl(`autoconfig.${name}.example.com`));
			for (const details of await page.locator('main details').all()) await details.evaluate((element) => element.setAttribute('open', ''));
			await expectNoOverflow(page);
			await expectAccessible(page);
			await takeScreenshot(page, `${name}-${colorScheme}`);
			expectNoFaults();
			await page.context().close();
		},
	);

	/** A4 and Letter less margins of 1 cm. */
	const PAPERS = [
		{ paper: 'a4', width: 718 },
		{ paper: 'letter', width: 740 },
	] as const;

	it.each(LANGUAGE_CODES.flatMap((lang) => PAPERS.map((paper) => ({ lang, ...paper }))))(
		'printed on $paper, in full and as the card for new users: $lang',
		async ({ lang, paper, width }) => {
			const { page, expectNoFaults } = await openPage(browser, { viewport: { width, height: 1000 } });
			await page.goto(serviceUrl('autoconfig.example.com', `/?lang=${lang}`));
			await page.emulateMedia({ media: 'print' });
			await expectNoOverflow(page);
			await takeScreenshot(page, `print-${paper}-${lang}`);
			await page.evaluate(() => document.documentElement.classList.add('print-card'));
			expect(await page.locator('.share .letter').isVisible()).toBe(true);
			expect(await page.locator('main > *:visible').count()).toBe(1);
			await expectNoOverflow(page);
			await takeScreenshot(page, `print-${paper}-${lang}-card`);
			expectNoFaults();
			await page.context().close();
		},
	);

	it('an address filled in, as long as they come', async () => {
		const { page, expectNoFaults } = await openPage(browser, { viewport: { width: 320, height: 640 } });
		await page.goto(serviceUrl('autoconfig.example.com'));
		await page.locator('#address').fill(`${'a'.repeat(64)}@example.com`);
		await page.keyboard.press('Enter');
		await expect.poll(() => page.locator('#address-said').textContent()).toContain('aaa');
		await expectNoOverflow(page);
		await expectAccessible(page);
		expectNoFaults();
		await page.context().close();
	});

	it('the watch sees what it is there to see', async () => {
		const { page, faults, expectNoFaults } = await openPage(browser, {});
		await page.goto(serviceUrl('autoconfig.example.com'));
		expectNoFaults();
		await page.evaluate(() => {
			document.body.setAttribute('style', 'color: red');
			new Image().src = 'https://elsewhere.example.com/pixel.gif';
		});
		await expect.poll(() => faults.join('\n')).toMatch(/policy: style-src-attr[\s\S]*policy: img-src/);
		await page.context().close();
	});

	it('the start page too, and what it says of an address that is not known', async () => {
		const { page, expectNoFaults } = await openPage(browser, { viewport: { width: 320, height: 640 } });
		await page.goto(serviceUrl('127.0.0.1'));
		await expectNoOverflow(page);
		await expectAccessible(page);
		await takeScreenshot(page, 'start');
		expectNoFaults();
		await page.locator('#address').fill('alice@example.org');
		await page.keyboard.press('Enter');
		await page.locator('#address-said.bad').waitFor();
		await expectNoOverflow(page);
		await expectAccessible(page);
		await takeScreenshot(page, 'start-unknown');
		await page.goto(serviceUrl('127.0.0.1', '/setup/example.org'));
		await expectNoOverflow(page);
		await expectAccessible(page);
		await takeScreenshot(page, 'missing');
		await page.context().close();
	});
});
