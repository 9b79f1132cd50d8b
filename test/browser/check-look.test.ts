/** The page of `signpost check --report`, in a browser: legible, at every width, without a request. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { finding, report } from '../../src/cli/check/finding.ts';
import { renderPage } from '../../src/cli/check/page.ts';
import { browserPath, launch, open } from './browser.ts';
import { accessible, fits, picture } from './judge.ts';

const path = await browserPath();

const AT = '2026-11-24T06:00:00.000Z';

const LONG = `${'long-'.repeat(10)}name.example.com`;

const BAD = report('alice@example.com', 'example.com', AT, [
	{
		area: 'dns',
		looked: 11,
		findings: [finding('dns-missing', `_submission._tcp.${LONG} SRV`, `10 1 587 ${LONG}.`, 'none')],
	},
	{ area: 'http', looked: 27, findings: [] },
	{
		area: 'mail',
		looked: 4,
		findings: [finding('auth-before-tls', 'smtp.example.com:587', 'no login before TLS', '<b>PLAIN</b> & LOGIN')],
	},
	{ area: 'mta-sts', looked: 1, findings: [finding('mta-sts-absent', 'example.com', 'a policy', 'none')] },
]);

const GOOD = report('bob@example.org', 'example.org', AT, [{ area: 'dns', looked: 11, findings: [] }]);

describe.skipIf(path === null)('the page of check', () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launch(path ?? '');
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
		const { page, clean } = await open(browser, options);
		await page.setContent(renderPage([BAD, GOOD]));
		await picture(page, `check-${name}`);
		await fits(page);
		await accessible(page);
		const text = await page.locator('body').innerText();
		// What a server said stands there as it said it.
		expect(text).toContain('<b>PLAIN</b> & LOGIN');
		for (const said of ['example.org', 'auth-before-tls', `_submission._tcp.${LONG} SRV`]) expect(text).toContain(said);
		clean();
		await page.context().close();
	});
});
