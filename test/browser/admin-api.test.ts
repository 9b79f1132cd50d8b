import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { findChromium, launchChromium, openPage, SCREENSHOTS, serviceUrl, WINDOWS } from './chromium.ts';
import { expectAccessible, expectNoOverflow } from './page-assertions.ts';

const chromiumPath = await findChromium();

/** Sends a request as a script of the page does, and returns the status and the text. */
function fetchInPage(
	page: Page,
	url: string,
	init: { readonly method: string; readonly body?: string; readonly headers?: Record<string, string> },
) {
	return page.evaluate(
		async ([to, sent]) => {
			const response = await fetch(to, { ...sent, credentials: 'include' }).catch((failure: Error) => failure.name);
			return typeof response === 'string' ? response : { status: response.status, text: await response.text() };
		},
		[url, init] as const,
	);
}

describe.skipIf(chromiumPath === null)('the admin in a browser', () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launchChromium(chromiumPath ?? '');
	});
	afterAll(async () => {
		await browser?.close();
	});

	it.each([
		['a desktop', 1280],
		['a phone', 360],
	])('shows its reference to %s, under its policy', async (_, width) => {
		const { page, expectNoFaults } = await openPage(browser, { userAgent: WINDOWS, viewport: { width, height: 800 } });
		const answered = await page.goto(serviceUrl('127.0.0.1', '/admin/reference'));
		expect(answered?.headers()['content-security-policy']).toContain("default-src 'self'");
		expect(await page.locator('#putDomain').innerText()).toContain('PUT /admin/api/domains/{domain}');
		// Every link leads somewhere: within the page, or to the description.
		const hrefs = await page.locator('a').evaluateAll((links) => [...new Set(links.map((link) => link.getAttribute('href') ?? ''))]);
		for (const href of hrefs) {
			if (href.startsWith('#')) expect(await page.locator(`[id="${href.slice(1)}"]`).count(), href).toBe(1);
			else expect((await page.request.get(serviceUrl('127.0.0.1', href))).status(), href).toBe(200);
		}
		await expectAccessible(page);
		await expectNoOverflow(page);
		expectNoFaults();
		await page.context().close();
	});

	it('searches its reference', async () => {
		const { page, expectNoFaults } = await openPage(browser, { userAgent: WINDOWS });
		await page.goto(serviceUrl('127.0.0.1', '/admin/reference'));
		await page.keyboard.press('/');
		await page.keyboard.type('revoke token');
		expect(await page.locator('#search output').innerText()).toMatch(/^\d of \d+ operations$/);
		expect(await page.locator('#revokeToken').isVisible()).toBe(true);
		expect(await page.locator('#putDomain').isVisible()).toBe(false);
		expect(await page.locator('#operations a[href="#putDomain"]').isVisible()).toBe(false);
		expectNoFaults();
		await page.context().close();
	});

	it('sends requests that are tried out, under its policy', async () => {
		const { page, expectNoFaults } = await openPage(browser, { userAgent: WINDOWS, viewport: { width: 1280, height: 800 } });
		await page.goto(serviceUrl('127.0.0.1', '/admin/reference/try'));
		await page.getByPlaceholder('Filter by tag').fill('whom the credentials');
		await page.locator('.opblock').first().waitFor();
		await expect.poll(() => page.locator('.opblock').count()).toBe(1);
		await page.getByRole('button', { name: 'Authorize' }).first().click();
		await page.getByLabel('auth-bearer-value').fill(inject('token'));
		await page.getByRole('button', { name: 'Apply credentials' }).first().click();
		await page.locator('.btn-done').first().click();
		await page.locator('.opblock-summary-control').click();
		await page.getByRole('button', { name: 'Execute' }).click();
		await page.locator('.live-responses-table .response-col_status').getByText('200').waitFor();
		expect(await page.locator('.live-responses-table').innerText()).toContain('"who": "operator"');
		await page.screenshot({ path: `${SCREENSHOTS}/try-api.png`, fullPage: true });
		expectNoFaults();
		await page.context().close();
	});

	it('opens a session that its own pages write with, that no script reads, and that no page elsewhere writes with', async () => {
		const { page } = await openPage(browser, { userAgent: WINDOWS });
		const token = inject('token');
		await page.goto(serviceUrl('127.0.0.1', '/admin/reference'));
		const session = '/admin/api/session';
		expect(await fetchInPage(page, session, { method: 'GET' })).toMatchObject({ status: 401 });
		expect(await fetchInPage(page, session, { method: 'POST', body: JSON.stringify({ token }) })).toMatchObject({ status: 200 });
		expect(await page.evaluate(() => document.cookie)).toBe('');
		expect(await fetchInPage(page, session, { method: 'GET' })).toMatchObject({ status: 200 });
		const record = { kind: 'domain', provider: { name: 'Browser' }, services: { imap: { host: 'imap.example.com' } } };
		const put = { method: 'PUT', body: JSON.stringify({ record }), headers: { 'If-None-Match': '*' } };
		const domain = '/admin/api/domains/browser.example';
		expect(await fetchInPage(page, domain, put)).toMatchObject({ status: 200 });

		// A form, or a script that does not care for the answer, needs no leave to be sent.
		const elsewhere = await page.context().newPage();
		await elsewhere.goto(serviceUrl('autoconfig.example.com'));
		expect(await fetchInPage(elsewhere, serviceUrl('127.0.0.1', domain), put)).toBe('TypeError');
		expect(await fetchInPage(elsewhere, serviceUrl('127.0.0.1', `${domain}/restore`), { method: 'POST', body: '{"revision":1}' })).toBe(
			'TypeError',
		);
		expect(await fetchInPage(page, domain, { method: 'GET' })).toMatchObject({ text: expect.stringContaining('"revision":1,') });

		expect(await fetchInPage(page, session, { method: 'DELETE' })).toMatchObject({ status: 204 });
		expect(await fetchInPage(page, session, { method: 'GET' })).toMatchObject({ status: 401 });
		await page.context().close();
	});
});
