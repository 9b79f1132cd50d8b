import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchChromium, openPage, serviceUrl } from './chromium.ts';
import { createRecord, logIn, waitForNetworkIdle } from './console-session.ts';
import { firstContentfulPaint, PAGE_SIZE_LIMIT, THROTTLED_PHONE, throttleLikePhone } from './throttled-phone.ts';

const chromiumPath = await findChromium();

describe.skipIf(chromiumPath === null)('the size of the console', () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launchChromium(chromiumPath ?? '');
	});
	afterAll(async () => {
		await browser?.close();
	});

	it('is under the limit, from the log-in to the last of the formats for DNS', async () => {
		await createRecord('weight.example');
		const { page } = await openPage(browser, {});
		const bodies = new Map<string, Promise<Buffer>>();
		page.on('response', (response) => {
			const { pathname } = new URL(response.url());
			if (response.status() === 200 && !pathname.startsWith('/admin/api/')) bodies.set(pathname, response.body());
		});
		const weight = async () => (await Promise.all(bodies.values())).reduce((sum, body) => sum + gzipSync(body).length, 0);
		await page.goto(serviceUrl('127.0.0.1', '/admin/domains/weight.example/record'));
		await logIn(page);
		await waitForNetworkIdle(page);
		const first = await weight();
		await page.getByRole('link', { name: 'DNS', exact: true }).click();
		await page.getByRole('button', { name: 'Download' }).waitFor();
		await waitForNetworkIdle(page);
		const all = await weight();
		process.stdout.write(`console, compressed: ${first} bytes for a domain's page, ${all} with the formats for DNS\n`);
		expect(first).toBeGreaterThan(10_000);
		expect(all).toBeLessThan(PAGE_SIZE_LIMIT);
		await page.context().close();
	});

	it('reports the first paint on a throttled phone', async () => {
		const { page } = await openPage(browser, { viewport: { width: 390, height: 844 } });
		await throttleLikePhone(page);
		await page.goto(serviceUrl('127.0.0.1', '/admin'), { waitUntil: 'commit' });
		await page.getByLabel('Token').waitFor();
		const paint = await firstContentfulPaint(page);
		process.stdout.write(`console, first contentful paint at ${THROTTLED_PHONE}: ${Math.round(paint)} ms\n`);
		expect(paint).toBeGreaterThan(0);
		await page.context().close();
	});
});
