/** The choice of the names that lead to the service, what it does to the DNS records, and records of another service, which are left alone. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DnsView } from '../../src/contract/views.ts';
import { findChromium, launchChromium } from './chromium.ts';
import { callAdminApi, createRecord, openConsole, waitForNetworkIdle } from './console-session.ts';
import { expectAccessible, expectNoBrokenWords, expectNoOverflow, expectTargetSizes, takeScreenshot } from './page-assertions.ts';

const chromiumPath = await findChromium();

const LONG_TARGET = 'autodiscover.mail-of-a-company-with-a-long-name.protection.outlook.com.';

function dnsOf(domain: string): DnsView {
	return {
		domain,
		site: 'signpost.example.net',
		records: [],
		leftover: [{ name: `_jmap._tcp.${domain}`, type: 'SRV', ttl: 300, data: '0 1 443 jmap.example.com.' }],
		theirs: [
			{ name: `autodiscover.${domain}`, type: 'CNAME', ttl: 300, data: LONG_TARGET },
			{ name: `_ua-auto-config.${domain}`, type: 'TXT', ttl: 300, data: `"${'x'.repeat(200)}"` },
		],
		unlooked: [],
		publishing: null,
	};
}

describe.skipIf(chromiumPath === null)('names in DNS', () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launchChromium(chromiumPath ?? '');
	});
	afterAll(async () => {
		await browser?.close();
	});

	it.each(['light', 'dark'] as const)('are chosen, and the records follow: %s', async (colorScheme) => {
		const domain = `names-${colorScheme}.example`;
		await createRecord(domain);
		const { page, expectNoFaults } = await openConsole(browser, '/admin', { colorScheme });
		await page.route(`**/api/domains/${domain}/dns`, (route) => route.fulfill({ json: dnsOf(domain) }));
		await page.goto(new URL(`/admin/domains/${domain}/dns`, page.url()).href);
		const theirs = page.getByRole('region', { name: 'Records of another service, left alone' });
		await theirs.waitFor();
		expect(await theirs.getByText(LONG_TARGET).isVisible()).toBe(true);
		// There was nothing to compare, and so nothing is said to be published.
		expect(await page.getByText('This record needs no DNS records.').count()).toBe(1);
		expect(await page.getByRole('region', { name: 'Records to remove' }).getByText(`_jmap._tcp.${domain}`).isVisible()).toBe(true);
		const copied = (name: string) => page.getByRole('row').filter({ hasText: name });
		expect(await copied('ua-auto-config').count()).toBeGreaterThan(0);

		const openTab = (name: string) => page.getByRole('navigation', { name: domain }).getByRole('link', { name }).click();
		await openTab('Record');
		const choice = page.getByLabel('Names in DNS');
		await choice.selectOption('none');
		for (const width of [320, 600, 1200]) {
			await page.setViewportSize({ width, height: 900 });
			await choice.scrollIntoViewIfNeeded();
			await takeScreenshot(page, `names-choice-${colorScheme}-${width}`);
			await expectNoOverflow(page);
			await expectTargetSizes(page);
		}
		await openTab('DNS');
		await page.getByText('These are the records you need once you save your changes.').waitFor();
		expect(await copied('ua-auto-config').count()).toBe(0);
		expect(await copied('_autodiscover._tcp').count()).toBe(1);
		await waitForNetworkIdle(page);
		for (const width of [320, 600, 1200]) {
			await page.setViewportSize({ width, height: 900 });
			await takeScreenshot(page, `names-in-dns-${colorScheme}-${width}`);
			await expectNoOverflow(page);
			await expectNoBrokenWords(page);
			await expectTargetSizes(page);
		}
		await expectAccessible(page);
		await openTab('Record');
		await page.getByRole('button', { name: 'Save and publish' }).click();
		await page.getByText('Saved as revision 2.').waitFor();
		expect((await callAdminApi('GET', `/domains/${domain}`)).body.record).toMatchObject({ names: 'none' });
		expectNoFaults();
		await page.context().close();
	});
});
