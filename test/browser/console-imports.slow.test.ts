/** Imports in the console where a file cannot be read, an answer comes late, or a request fails: none changes anything without a word. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchChromium } from './chromium.ts';
import { callAdminApi, createRecord, openConsole, SAMPLE_RECORD, WIDE_VIEWPORT } from './console-session.ts';
import { expectAccessible, takeScreenshot } from './page-assertions.ts';

const chromiumPath = await findChromium();

describe.skipIf(chromiumPath === null)('an import in the console', () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launchChromium(chromiumPath ?? '');
	});
	afterAll(async () => {
		await browser?.close();
	});

	const line = (name: string) => JSON.stringify({ domain: name, record: SAMPLE_RECORD });
	const file = (name: string, content: string | Buffer) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(content) });

	it('is not offered where its preview has not come to the end', async () => {
		const { page, expectNoFaults } = await openConsole(browser, '/admin/new?from=export', WIDE_VIEWPORT, '503 /admin/api/import$');
		await page.locator('#bulk-file').setInputFiles(file('records.ndjson', `${line('whole-one.example')}\n${line('whole-two.example')}\n`));
		await page.route('**/admin/api/import?*', (route) => route.fulfill({ status: 503, body: '' }));
		await page.getByRole('button', { name: 'Preview' }).click();
		await page.getByText('2 of 2 were not looked at.').waitFor();
		await expectAccessible(page);
		await takeScreenshot(page, 'console-import-stopped');
		expect(await page.getByRole('button', { name: 'Import', exact: true }).count()).toBe(0);
		await page.unroute('**/admin/api/import?*');
		await page.getByRole('button', { name: 'Preview' }).click();
		await page.getByText('2 would be created').waitFor();
		await page.route('**/admin/api/import?*', (route) => route.fulfill({ status: 503, body: '' }));
		await page.getByRole('button', { name: 'Import', exact: true }).click();
		await page.getByText('2 of 2 were not answered for: whether they were imported is not known.').waitFor();
		expect((await callAdminApi('GET', '/domains/whole-two.example')).body.revision).toBe(0);
		await page.unroute('**/admin/api/import?*');
		await page.getByRole('button', { name: 'Preview' }).click();
		await page.getByText('2 would be created').waitFor();
		await page.getByRole('button', { name: 'Import', exact: true }).click();
		await page.getByText('2 were created').waitFor();
		await page.getByRole('link', { name: 'All domains' }).waitFor();
		expectNoFaults();
		await page.context().close();
	});

	it('says that a file is gone, or has bytes that are no characters', async () => {
		const { page, expectNoFaults } = await openConsole(browser, '/admin/new?from=export', WIDE_VIEWPORT);
		const folder = await mkdtemp(join(tmpdir(), 'signpost-import-'));
		const path = join(folder, 'mailcow.conf');
		const latin1 = Buffer.from(line('accents.example').replace('Example Mail', 'M\xFCller'), 'latin1');
		await page.locator('#bulk-file').setInputFiles(file('latin1.ndjson', latin1));
		await page.getByText('The file has bytes that are not UTF-8').waitFor();
		expect(await page.getByRole('button', { name: 'Preview' }).count()).toBe(0);
		await page.getByRole('radio', { name: 'Another program' }).check();
		await page.getByLabel('Program', { exact: true }).selectOption('mailcow');
		await writeFile(path, 'MAILCOW_HOSTNAME=mail.gone.example\n');
		await page.locator('#configuration-files').setInputFiles(path);
		await rm(folder, { recursive: true });
		await page.getByRole('button', { name: 'Import' }).click();
		await page.getByText('mailcow.conf cannot be read.').waitFor();
		await expectAccessible(page);
		await page
			.locator('#configuration-files')
			.setInputFiles([
				file('mailcow.conf', Buffer.from('MAILCOW_HOSTNAME=mail.latin.example\n# M\xFCller\n', 'latin1')),
				file('domains.json', '[{"domain_name": "latin.example"}]'),
			]);
		await page.getByRole('button', { name: 'Import' }).click();
		await page.getByRole('heading', { name: 'Imported record for latin.example' }).waitFor();
		await page.getByText('mailcow.conf: The document has bytes that are no characters of utf-8').waitFor();
		expectNoFaults();
		await page.context().close();
	});

	it('does not show the answer to what is no longer asked', async () => {
		const { page, expectNoFaults } = await openConsole(browser, '/admin/new?from=configuration', WIDE_VIEWPORT);
		await page.getByLabel('Program', { exact: true }).selectOption('mailcow');
		const conf = file('mailcow.conf', 'MAILCOW_HOSTNAME=mail.late.example\n');
		await page.locator('#configuration-files').setInputFiles([conf, file('domains.json', '[{"domain_name": "late.example"}]')]);
		const held = Promise.withResolvers<void>();
		await page.route('**/admin/api/import/configuration', async (route) => {
			const response = await route.fetch();
			await held.promise;
			await route.fulfill({ response });
		});
		const answered = page.waitForResponse('**/admin/api/import/configuration');
		await page.getByRole('button', { name: 'Import' }).click();
		await page.getByLabel('Program', { exact: true }).selectOption('autodiscover');
		held.resolve();
		await (await answered).finished();
		// The button says that the answer has arrived.
		await page.getByRole('button', { name: 'Import', exact: true }).waitFor();
		expect(await page.getByRole('heading', { name: 'Imported record' }).count()).toBe(0);
		expectNoFaults();
		await page.context().close();
	});

	it('does not take a record that cannot be read for one that is not there', async () => {
		await createRecord('unread.example');
		const { page, expectNoFaults } = await openConsole(browser, '/admin/new', WIDE_VIEWPORT, '503 /admin/api/domains/unread.example$');
		await page.route('**/admin/api/domains/unread.example', (route) => route.fulfill({ status: 503, body: '' }));
		await page.getByRole('textbox', { name: 'Domain' }).fill('unread.example');
		await page.getByLabel('IMAP host').fill('imap.unread.example');
		await page.getByLabel('Submission host').fill('smtp.unread.example');
		await page.getByRole('button', { name: 'Review' }).click();
		await page.getByText('Whether unread.example has a record is not known: The service answered 503.').waitFor();
		await page.unroute('**/admin/api/domains/unread.example');
		await page.getByRole('button', { name: 'Review' }).click();
		await page.getByText('unread.example already has a record.').waitFor();
		expectNoFaults();
		await page.context().close();
	});
});
