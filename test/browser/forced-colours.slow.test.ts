/** With forced colours, as in the contrast themes of Windows, what is chosen still differs from what is not. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchChromium, openPage, serviceUrl } from './chromium.ts';
import { createRecord, openConsole, waitForNetworkIdle } from './console-session.ts';
import { takeScreenshot } from './page-assertions.ts';

const chromiumPath = await findChromium();
const FORCED = { viewport: { width: 1200, height: 900 }, forcedColors: 'active' } as const;

/** Where something is chosen, and the selectors of what is and of what could have been. */
const CHOICES = [
	['/setup/example.com', '.choice:has(:checked)', '.choice:not(:has(:checked))'],
	['/setup/example.com', '.languages [aria-current]', '.languages li > :not([aria-current])'],
	['/admin/tokens', '.sections a[aria-current]', '.sections a:not([aria-current])'],
	['/admin/domains/forced.example', '.tabs a[aria-current]', '.tabs a:not([aria-current])'],
	['/admin/domains/forced.example/record', '.kind:has(:checked)', '.kind:not(:has(:checked))'],
	['/admin/domains/forced.example/record', '.panes label:has(:checked)', '.panes label:not(:has(:checked))'],
	['/admin/domains/forced.example/record', '[aria-pressed="true"]', '[aria-pressed="false"]'],
] as const;

describe.skipIf(chromiumPath === null)('forced colours', () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launchChromium(chromiumPath ?? '');
		await createRecord('forced.example');
	});
	afterAll(async () => {
		await browser?.close();
	});

	it.each(CHOICES)('%s: %s differs from %s', async (path, chosen, other) => {
		const { page, expectNoFaults } = path.startsWith('/admin')
			? await openConsole(browser, path, FORCED)
			: await openPage(browser, FORCED).then(async (watched) => {
					await watched.page.goto(serviceUrl('127.0.0.1', path));
					return watched;
				});
		await waitForNetworkIdle(page);
		const look = (selector: string) =>
			page
				.locator(selector)
				.first()
				.evaluate((element) => {
					const { backgroundColor, outlineColor, outlineStyle } = getComputedStyle(element);
					return [backgroundColor, outlineStyle === 'none' ? 'none' : outlineColor];
				});
		expect(await look(chosen)).not.toEqual(await look(other));
		await takeScreenshot(page, `forced-${path.replaceAll('/', '-')}`);
		expectNoFaults();
		await page.context().close();
	});
});
