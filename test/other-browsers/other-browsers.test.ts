/**
 * The set-up page and the console in Debian's Firefox and WebKit: what they must be in every width and in both colour schemes, and the tasks
 * of a visitor and of an admin. test/browser has more of it, in Chromium.
 */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { callAdminApi, createRecord } from '../browser/console-session.ts';
import { expectAccessible, expectNoBrokenWords, expectNoOverflow, expectTargetSizes } from '../browser/page-assertions.ts';
import type { BrowserPage, RunningBrowser } from './browser.ts';
import { firefox } from './firefox.ts';
import { webkit } from './webkit.ts';

const WIDTHS = [320, 390, 450, 600, 768, 900, 1024, 1200, 1440, 1920] as const;
const PATIENCE = { timeout: 20_000 };
const DOMAIN = 'other-browsers.example';

const CONSOLE_PAGES = [
	'',
	'/domains/other-browsers.example',
	'/domains/other-browsers.example/record',
	'/domains/other-browsers.example/dns',
	'/tokens',
	'/webhooks',
	'/audit',
	'/usage',
];

const url = (path: string) => `http://127.0.0.1:${inject('port')}${path}`;

beforeAll(() => createRecord(DOMAIN));

describe.each([firefox, webkit])('$name', (browserUnderTest) => {
	const { name, narrowest } = browserUnderTest;
	const obstacle = browserUnderTest.findObstacle();
	if (obstacle !== null) process.stdout.write(`left out: ${name}: ${obstacle} (npm run test:servers installs what Debian has now)\n`);
	const widths = WIDTHS.filter((width) => width >= narrowest);

	describe.skipIf(obstacle !== null).each(['light', 'dark'] as const)('%s', (scheme) => {
		let browser: RunningBrowser;
		let page: BrowserPage;
		beforeAll(async () => {
			browser = await browserUnderTest.launch(scheme);
			page = browser.page;
		}, 120_000);
		afterAll(() => browser?.close());

		it('is the browser that was asked for, in the colours that were asked for', async () => {
			expect(browser.version.toLowerCase()).toContain(name.toLowerCase());
			await page.open(url('/setup/example.com'));
			expect(await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)).toBe(scheme === 'dark');
		});

		it.each(['en', 'de', 'ar', 'ja'])(
			'the set-up page in %s has nothing that sticks out, breaks, is too small or out of reach',
			async (language) => {
				await page.open(url(`/setup/example.com?lang=${language}`));
				await inspect(page, widths);
			},
		);

		it('fills the settings in for an address, without a request that has it', async () => {
			await page.open(url('/setup/example.com?lang=en'));
			await page.fill('#address', 'alice@example.com');
			await page.clickButton('Show my settings');
			await expect
				.poll(() => page.evaluate(() => document.querySelector('#address-said')?.textContent), PATIENCE)
				.toContain('alice@example.com');
			const logins = await page.evaluate(() => [...document.querySelectorAll('[data-login]')].map(({ textContent }) => textContent));
			expect(new Set(logins)).toEqual(new Set(['alice@example.com']));
			const asked = await page.evaluate(() => performance.getEntriesByType('resource').map((entry) => entry.name));
			expect(asked.filter((each) => each.includes('alice'))).toEqual([]);
		});

		it('lets an admin log in and change a record', async () => {
			await page.resize(1200);
			await page.open(url(`/admin/domains/${DOMAIN}/record`));
			await page.fill('input[type="password"]', inject('token'));
			await page.clickButton('Log in');
			await page.fill('#field-provider\\.name', `Mail in ${name}, ${scheme}`);
			await page.clickButton('Save and publish');
			await expect
				.poll(async () => (await callAdminApi('GET', `/domains/${DOMAIN}`)).body.record.provider.name, PATIENCE)
				.toBe(`Mail in ${name}, ${scheme}`);
			await expect.poll(() => page.evaluate(() => document.body.textContent), PATIENCE).toMatch(/Saved as revision \d+\./);
		});

		it.each(CONSOLE_PAGES)('the console at /admin%s is the same', async (path) => {
			await page.open(url(`/admin${path}`));
			await expect.poll(() => page.evaluate(() => document.querySelector('main h1, main h2') !== null), PATIENCE).toBe(true);
			await waitUntilQuiet(page);
			await inspect(page, widths);
		});

		it('logged no error', () => {
			// Comparing with DNS is refused: no test reaches a name server. Browsers log such answers themselves.
			expect(page.faults.filter((fault) => !/502|\/dns/.test(fault))).toEqual([]);
		});
	});
});

async function inspect(page: BrowserPage, widths: readonly number[]): Promise<void> {
	for (const width of widths) {
		await page.resize(width);
		await expectNoOverflow(page);
		await expectNoBrokenWords(page);
		await expectTargetSizes(page);
	}
	await expectAccessible(page);
	expect(widths.length).toBeGreaterThan(5);
}

/** Waits until no request has been made for half a second. */
async function waitUntilQuiet(page: BrowserPage): Promise<void> {
	const count = () => page.evaluate(() => performance.getEntriesByType('resource').length);
	for (let before = -1, now = await count(); before !== now; ) {
		await new Promise((resolve) => setTimeout(resolve, 500));
		[before, now] = [now, await count()];
	}
}
