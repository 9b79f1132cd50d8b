/** The custom hostnames on a domain's overview, in every state. The service of these tests creates none, so the answers are put in its place. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOSTNAME_PHASES } from '../../src/contract/hostnames/hostname-phases.ts';
import type { DomainHostnamesView, HostnameView } from '../../src/contract/hostnames/hostname-views.ts';
import { findChromium, launchChromium } from './chromium.ts';
import { createRecord, openConsole, waitForNetworkIdle } from './console-session.ts';
import { expectAccessible, expectNoBrokenWords, expectNoOverflow, expectTargetSizes, takeScreenshot } from './page-assertions.ts';

const chromiumPath = await findChromium();

const ANSWER = {
	on: true,
	domain: 'hostnames.example',
	hostnames: HOSTNAME_PHASES.map(
		(state): HostnameView => ({
			hostname: `autoconfig.${state}.hostnames.example`,
			domain: 'hostnames.example',
			state,
			status: 'pending',
			certificateStatus: 'pending_validation',
			failure: state === 'over-limit' ? 'No more custom hostnames can be created in this zone (1404)' : null,
			errors: state === 'refused' ? ['custom hostname does not CNAME to this zone.'] : [],
			validationRecords: [
				'_acme-challenge.autoconfig.hostnames.example CNAME autoconfig.hostnames.example.0123456789abcdef.dcv.cloudflare.com',
			],
			nextLookAt: '2026-11-28T10:05:00.000Z',
			leavesAt: state === 'leaving' ? '2026-12-28T09:00:00.000Z' : null,
		}),
	),
	usage: { used: 100, included: 100, hardCap: 5000, limit: 100 },
	failure: 'Cloudflare takes no more requests for now.',
	pausedUntil: '2026-11-28T10:05:00.000Z',
} satisfies DomainHostnamesView;

describe.skipIf(chromiumPath === null)('the host names of a domain', () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launchChromium(chromiumPath ?? '');
		await createRecord('hostnames.example');
	});
	afterAll(async () => {
		await browser?.close();
	});

	it.each(['light', 'dark'] as const)('are shown in every state, and checked again by a button: %s', async (colorScheme) => {
		const { page, expectNoFaults } = await openConsole(browser, '/admin', { colorScheme });
		const rechecks: string[] = [];
		await page.route('**/domains/hostnames.example/hostnames', (route) => route.fulfill({ json: ANSWER }));
		await page.route('**/domains/hostnames.example/hostnames/recheck', (route) => {
			rechecks.push(route.request().method());
			return route.fulfill({ json: ANSWER });
		});
		await page.goto(new URL('/admin/domains/hostnames.example', page.url()).href);
		const card = page.getByRole('region', { name: 'Host names' });
		await card.waitFor();
		await waitForNetworkIdle(page);
		for (const { hostname } of ANSWER.hostnames) expect(await card.getByText(hostname, { exact: true }).isVisible()).toBe(true);
		for (const text of [
			'Over the limit',
			'Timed out',
			'Cloudflare says: custom hostname does not CNAME to this zone.',
			'100 of 100 custom hostnames of the service are used; the price includes 100.',
		])
			expect([text, await card.getByText(text).first().isVisible()]).toEqual([text, true]);
		// The record for the customer's zone stands only with hostnames that wait for it.
		expect(await card.getByText(/_acme-challenge/).count()).toBe(2);
		for (const width of [320, 600, 1200]) {
			await page.setViewportSize({ width, height: 900 });
			await takeScreenshot(page, `hostnames-card-${colorScheme}-${width}`);
			await expectNoOverflow(page);
			await expectNoBrokenWords(page);
			await expectTargetSizes(page);
		}
		await expectAccessible(page);
		await card.getByRole('button', { name: 'Check again' }).click();
		await expect.poll(() => rechecks).toEqual(['POST']);
		expectNoFaults();
		await page.context().close();
	});

	it('are not shown where the service creates none', async () => {
		const { page, expectNoFaults } = await openConsole(browser, '/admin/domains/hostnames.example');
		await page.getByRole('heading', { name: 'What mail apps are told' }).waitFor();
		await waitForNetworkIdle(page);
		expect(await page.getByRole('region', { name: 'Host names' }).count()).toBe(0);
		expectNoFaults();
		await page.context().close();
	});
});
