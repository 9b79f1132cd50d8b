/** What the console says where a request failed: that it does not know, and never that there is nothing. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchChromium, openPage, serviceUrl } from './chromium.ts';
import { callAdminApi, changeRecord, createRecord, logIn, openConsole, WIDE_VIEWPORT, waitForNetworkIdle } from './console-session.ts';
import { expectAccessible, takeScreenshot } from './page-assertions.ts';

const chromiumPath = await findChromium();

describe.skipIf(chromiumPath === null)('the console without an answer', () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launchChromium(chromiumPath ?? '');
	});
	afterAll(async () => {
		await browser?.close();
	});

	it('says so where its code cannot be loaded, and has it after a reload', async () => {
		await createRecord('unloaded.example');
		const { page, expectNoFaults } = await openConsole(
			browser,
			'/admin/domains/unloaded.example/record',
			WIDE_VIEWPORT,
			'404 /assets/chunk-',
		);
		await page.getByLabel('Name', { exact: true }).waitFor();
		await waitForNetworkIdle(page);
		await page.route('**/assets/chunk-*', (route) => route.fulfill({ status: 404 }));
		await page.getByRole('link', { name: 'DNS', exact: true }).click();
		await page.getByText('Part of the console could not be loaded').waitFor();
		await expectAccessible(page);
		await takeScreenshot(page, 'console-load-failed');
		await page.unroute('**/assets/chunk-*');
		await page.getByRole('button', { name: 'Reload the page' }).click();
		await page.getByRole('heading', { name: 'Export for your DNS provider' }).waitFor();
		expect(await page.getByLabel('Format', { exact: true }).locator('option').count()).toBeGreaterThan(5);
		expectNoFaults();
		await page.context().close();
	});

	it('says that changes are not known where the revision before is no longer kept', async () => {
		await createRecord('aged.example');
		await changeRecord('aged.example', (record) => ({ ...record, provider: { name: 'Aged Mail' } }));
		const { page, expectNoFaults } = await openConsole(
			browser,
			'/admin/domains/aged.example/history',
			WIDE_VIEWPORT,
			'404 /admin/api/.*/revisions/1$',
		);
		const missing = await callAdminApi('GET', '/domains/aged.example/revisions/99');
		await page.route('**/revisions/1', (route) => route.fulfill({ status: missing.status, json: missing.body }));
		await page.getByText('Changes', { exact: true }).first().click();
		await page.getByText('What changed is not known: revision 1 is no longer kept. The record of revision 2:').waitFor();
		await page.getByText('"name": "Aged Mail"').waitFor();
		await page.unroute('**/revisions/1');
		await page.reload();
		await page.getByText('Changes', { exact: true }).first().click();
		await page.locator('del').getByText('Example Mail').waitFor();
		expect(await page.getByText('is no longer kept').count()).toBe(0);
		expectNoFaults();
		await page.context().close();
	});

	it('does not take a search that failed for one that found nothing', async () => {
		const { page, expectNoFaults } = await openConsole(browser, '/admin/audit', WIDE_VIEWPORT, '503 /admin/api/domains$');
		await page.route('**/admin/api/domains?*', (route) => route.fulfill({ status: 503, body: '' }));
		await page.keyboard.press('Control+k');
		await page.keyboard.type('unheard-of');
		await page.getByRole('dialog', { name: 'Go to' }).getByText('The service answered 503.').waitFor();
		expect(await page.getByText('Nothing is called that.').count()).toBe(0);
		await page.unroute('**/admin/api/domains?*');
		await page.getByRole('button', { name: 'Try again' }).click();
		await page.getByText('Nothing is called that.').waitFor();
		expectNoFaults();
		await page.context().close();
	});

	it('does not take a record that it may not read for one that is not there', async () => {
		await createRecord('landlord.example');
		await createRecord('tenant.example', { kind: 'alias', of: 'landlord.example' });
		const { body } = await callAdminApi('POST', '/tokens', { name: 'Tenant', role: 'write', domains: ['tenant.example'] });
		const refusals =
			/^401 \/admin\/api\/session$|^403 \/admin\/api\/domains\/landlord\.example$|^502 \/admin\/api\/domains\/tenant\.example\/dns$/;
		const { page, expectNoFaults } = await openPage(browser, WIDE_VIEWPORT, refusals);
		await page.goto(serviceUrl('127.0.0.1', '/admin/domains/tenant.example'));
		await logIn(page, body.secret);
		const notice = 'What this alias gives is not known here: the record of landlord.example could not be read.';
		await page.getByRole('region', { name: 'What mail apps are told' }).getByText(notice).waitFor();
		expect(await page.getByText('Nothing: the settings of this record cannot be worked out.').count()).toBe(0);
		await takeScreenshot(page, 'console-alias-unread');
		await page.getByRole('link', { name: 'DNS', exact: true }).click();
		// The service itself knows what the alias gives.
		await page.getByRole('heading', { name: 'Export for your DNS provider' }).waitFor();
		await page.getByRole('link', { name: 'Record', exact: true }).click();
		await page.getByRole('region', { name: 'Preview, JSON and changes' }).getByText(notice).waitFor();
		await page.getByRole('combobox', { name: 'Names in DNS' }).selectOption('none');
		await page.getByRole('navigation', { name: 'tenant.example' }).getByRole('link', { name: 'DNS' }).click();
		await page.getByText(notice).waitFor();
		expect(await page.getByText('This record needs no DNS records.').count()).toBe(0);
		expect(await page.getByRole('heading', { name: 'Export for your DNS provider' }).count()).toBe(0);
		expectNoFaults();
		await page.context().close();
	});

	it('stays logged in, and says so, where the service does not end the session', async () => {
		const { page, expectNoFaults } = await openConsole(browser, '/admin', WIDE_VIEWPORT, '503 /admin/api/session$');
		await page.route('**/admin/api/session', (route) => route.fulfill({ status: 503, body: '' }));
		await page.getByRole('button', { name: 'Log out' }).click();
		await page.getByText('You are still logged in.').waitFor();
		await expectAccessible(page);
		await takeScreenshot(page, 'console-log-out-failed');
		await page.unroute('**/admin/api/session');
		expect(await page.context().cookies()).toHaveLength(1);
		await page.getByRole('button', { name: 'Try again' }).click();
		await page.getByLabel('Token').waitFor();
		expect(await page.context().cookies()).toEqual([]);
		expectNoFaults();
		await page.context().close();
	});
});
