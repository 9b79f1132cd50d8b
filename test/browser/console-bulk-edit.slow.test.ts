/** Bulk edits in the console where a person is quick, or a request fails: what was previewed is what is applied, and can be undone. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchChromium } from './chromium.ts';
import { callAdminApi, createRecord, openConsole, SAMPLE_RECORD, WIDE_VIEWPORT } from './console-session.ts';
import { expectAccessible, takeScreenshot } from './page-assertions.ts';

const chromiumPath = await findChromium();

describe.skipIf(chromiumPath === null)('a bulk edit in the console', () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launchChromium(chromiumPath ?? '');
	});
	afterAll(async () => {
		await browser?.close();
	});

	it('applies what was previewed, whatever is typed or selected in the meantime', async () => {
		const { page, expectNoFaults } = await openBulkEdit('frozen');
		const held = Promise.withResolvers<void>();
		await page.route('**/admin/api/bulk-edits?*', async (route) => {
			await held.promise;
			await route.continue();
		});
		await page.getByLabel('Fallback').selectOption('none');
		await page.getByRole('button', { name: 'Preview changes' }).click();
		await page.getByLabel('Fallback').selectOption('always');
		await page.getByRole('checkbox', { name: 'Select frozen-two.example' }).uncheck();
		held.resolve();
		await page.getByText('2 change, 0 stay as they are.').waitFor();
		await page.getByRole('heading', { name: 'Edit 2 records' }).waitFor();
		await page.getByRole('button', { name: 'Change 2 records' }).click();
		await page.getByText('2 were changed, 0 stayed as they were.').waitFor();
		for (const name of ['frozen-one.example', 'frozen-two.example']) expect(await readSubmission(name)).toMatchObject({ starttls: null });
		expectNoFaults();
		await page.context().close();
	});

	it('says that it stopped, and can be undone or gone on with', async () => {
		const { page, expectNoFaults } = await openBulkEdit('stopped', '503 /admin/api/bulk-edits(/.*)?$');
		await page.getByLabel('Fallback').selectOption('none');
		await page.getByRole('button', { name: 'Preview changes' }).click();
		await page.getByText('2 change, 0 stay as they are.').waitFor();
		// The service does it, and its answer is lost.
		const lose = () =>
			page.route('**/admin/api/bulk-edits**', async (route) => {
				await route.fetch();
				await route.fulfill({ status: 503, body: '' });
			});
		await lose();
		await page.getByRole('button', { name: 'Change 2 records' }).click();
		await page.getByRole('heading', { name: 'Stopped before the end' }).waitFor();
		await page.getByText('Whether the records of the last request were changed is not known.').waitFor();
		await expectAccessible(page);
		await takeScreenshot(page, 'console-bulk-stopped');
		expect(await readSubmission('stopped-two.example')).toMatchObject({ starttls: null });
		await page.unroute('**/admin/api/bulk-edits**');
		await page.getByRole('button', { name: 'Go on' }).click();
		await page.getByText('0 were changed, 2 stayed as they were.').waitFor();
		await page.getByRole('button', { name: 'Close' }).click();
		await selectBoth(page, 'stopped');
		await page.getByLabel('Fallback').selectOption('always');
		await page.getByRole('button', { name: 'Preview changes' }).click();
		await page.getByText('2 change, 0 stay as they are.').waitFor();
		await lose();
		await page.getByRole('button', { name: 'Change 2 records' }).click();
		await page.getByRole('heading', { name: 'Stopped before the end' }).waitFor();
		await page.unroute('**/admin/api/bulk-edits**');
		await page.getByRole('button', { name: 'Undo all' }).click();
		await page.getByText('2 were restored, 0 stayed as they were.').waitFor();
		expect(await readSubmission('stopped-two.example')).toMatchObject({ starttls: null });
		expectNoFaults();
		await page.context().close();
	});

	it('is undone from the audit log, which says what it has restored', async () => {
		const { page, expectNoFaults } = await openBulkEdit('logged');
		await page.getByLabel('Fallback').selectOption('none');
		await page.getByRole('button', { name: 'Preview changes' }).click();
		await page.getByRole('button', { name: 'Change 2 records' }).click();
		await page.getByText('2 were changed, 0 stayed as they were.').waitFor();
		await page.getByRole('link', { name: 'Audit log', exact: true }).click();
		await page.getByRole('button', { name: 'Undo…' }).first().click();
		await page.getByText('2 change, 0 stay as they are.').waitFor();
		await page.getByRole('button', { name: 'Undo', exact: true }).click();
		await page.getByText('2 were restored, 0 stayed as they were.').waitFor();
		await expectAccessible(page);
		expect(await readSubmission('logged-two.example')).not.toHaveProperty('starttls');
		expectNoFaults();
		await page.context().close();
	});

	it('is for the search that was chosen, and for no other after a step back', async () => {
		await createBoth('back');
		const { page, expectNoFaults } = await openConsole(browser, '/admin', WIDE_VIEWPORT);
		const field = page.getByLabel('Search names and tags');
		await page.getByRole('link', { name: 'back-one.example', exact: true }).waitFor();
		// An entry of the browser's history for the list without a search, and one for the search.
		await page.evaluate(() => history.pushState(null, '', location.href));
		await field.fill('back');
		await page.getByText('2 domains', { exact: true }).waitFor();
		await page.getByRole('checkbox', { name: 'Select back-one.example' }).check();
		await page.getByRole('button', { name: 'Select all 2' }).click();
		await page.getByText('2 selected').waitFor();
		await page.goBack();
		await page.getByText('1 selected').waitFor();
		expect(await field.inputValue()).toBe('');
		expect(await page.getByText('2 domains', { exact: true }).count()).toBe(0);
		expectNoFaults();
		await page.context().close();
	});

	/** Two records, both of them selected, with the form open. */
	async function openBulkEdit(name: string, expected = '') {
		await createBoth(name);
		const watched = await openConsole(browser, `/admin?q=${name}`, WIDE_VIEWPORT, expected);
		await selectBoth(watched.page, name);
		return watched;
	}
});

/** Creates two records, and waits until the list has them. */
async function createBoth(name: string): Promise<void> {
	for (const each of ['one', 'two']) await createRecord(`${name}-${each}.example`, SAMPLE_RECORD, [name]);
	await expect.poll(async () => (await callAdminApi('GET', `/domains?q=${name}`)).body.domains.length, { timeout: 20_000 }).toBe(2);
}

async function selectBoth(page: Page, name: string): Promise<void> {
	for (const each of ['one', 'two']) await page.getByRole('checkbox', { name: `Select ${name}-${each}.example` }).check();
	await page.getByRole('button', { name: 'Edit a field…' }).click();
}

async function readSubmission(name: string) {
	return (await callAdminApi('GET', `/domains/${name}`)).body.record.services.submission;
}
