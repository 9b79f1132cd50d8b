/** What both pages are measured by: their size, and their first paint on a slow phone. The times are printed and never asserted. */
import type { Page } from 'playwright-core';

/** The most that a page and everything it loads may weigh, in bytes, compressed. */
export const PAGE_SIZE_LIMIT = 150 * 1024;

export const THROTTLED_PHONE = '150 ms latency, 1.6 Mbit/s, a quarter of the CPU';

/** Slows a page down as Lighthouse does for its mobile score. */
export async function throttleLikePhone(page: Page): Promise<void> {
	const session = await page.context().newCDPSession(page);
	await session.send('Network.enable');
	const throughput = (1.6 * 1024 * 1024) / 8;
	await session.send('Network.emulateNetworkConditions', {
		offline: false,
		latency: 150,
		downloadThroughput: throughput,
		uploadThroughput: throughput / 2,
	});
	await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
}

/** Milliseconds from the start of the navigation to the first contentful paint; 0 where the page painted nothing. */
export function firstContentfulPaint(page: Page): Promise<number> {
	return page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0);
}
