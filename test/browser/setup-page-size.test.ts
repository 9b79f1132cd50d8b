import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, IPHONE, launchChromium, openPage, serviceUrl } from './chromium.ts';
import { firstContentfulPaint, PAGE_SIZE_LIMIT, THROTTLED_PHONE, throttleLikePhone } from './throttled-phone.ts';

const chromiumPath = await findChromium();

describe.skipIf(chromiumPath === null)('the size of the set-up page', () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launchChromium(chromiumPath ?? '');
	});
	afterAll(async () => {
		await browser?.close();
	});

	it.each(['en', 'ar'])('is under the limit, self-test and all: %s', async (lang) => {
		const { page } = await openPage(browser, { userAgent: IPHONE });
		const weights: (readonly [string, Promise<number>])[] = [];
		page.on('response', (response) => {
			const { pathname, protocol } = new URL(response.url());
			if (protocol === 'http:') weights.push([pathname, response.body().then((body) => gzipSync(body).length)]);
		});
		await page.goto(serviceUrl('autoconfig.example.com', `/?lang=${lang}`), { waitUntil: 'networkidle' });
		const first = await totalBytes(weights);
		await page.locator('#test-run').click();
		await page.locator('.answer').first().waitFor();
		const all = await totalBytes(weights);
		process.stdout.write(`set-up page (${lang}), compressed: ${first} bytes at first, ${all} with the self-test\n`);
		expect(all).toBeLessThan(PAGE_SIZE_LIMIT);
		await page.context().close();
	});

	it('reports the first paint on a throttled phone', async () => {
		const { page } = await openPage(browser, { userAgent: IPHONE, viewport: { width: 390, height: 844 } });
		await throttleLikePhone(page);
		await page.goto(serviceUrl('autoconfig.example.com'), { waitUntil: 'networkidle' });
		const paint = await firstContentfulPaint(page);
		process.stdout.write(`set-up page, first contentful paint at ${THROTTLED_PHONE}: ${Math.round(paint)} ms\n`);
		expect(paint).toBeGreaterThan(0);
		await page.context().close();
	});
});

async function totalBytes(weights: readonly (readonly [string, Promise<number>])[]): Promise<number> {
	const all = await Promise.all(weights.map(([, weight]) => weight));
	return all.reduce((total, weight) => total + weight, 0);
}
