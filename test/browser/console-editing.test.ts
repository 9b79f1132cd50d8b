import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchChromium, openPage, serviceUrl } from './chromium.ts';
import { callAdminApi, changeRecord, createRecord, logIn, openConsole, SAMPLE_RECORD, WIDE_VIEWPORT } from './console-session.ts';
import { takeScreenshot } from './page-assertions.ts';

const chromiumPath = await findChromium();

describe.skipIf(chromiumPath === null)('the console', () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launchChromium(chromiumPath ?? '');
	});
	afterAll(async () => {
		await browser?.close();
	});

	it('lets a new admin create a domain in three fields, look at what clients would get, and publish it', async () => {
		const { page, expectNoFaults } = await openConsole(browser, '/admin', WIDE_VIEWPORT);
		await page.getByRole('link', { name: 'New domain', exact: true }).click();
		await page.getByRole('textbox', { name: 'Domain' }).fill('created.example');
		await page.getByLabel('IMAP host').fill('imap.created.example');
		await page.getByLabel('Submission host').fill('smtp.created.example');
		await takeScreenshot(page, 'console-new');
		await page.getByRole('button', { name: 'Review' }).click();
		await page.getByRole('heading', { name: 'created.example', level: 1 }).waitFor();
		await page.getByText('Not saved yet').waitFor();
		// 465 first, then 587.
		expect(
			await page
				.locator('.beside .line')
				.allTextContents()
				.then((lines) => lines.join('\n')),
		).toMatch(/<port>465<[\s\S]*<port>587</);
		await page.getByLabel('Name', { exact: true }).fill('Created Mail');
		await expect.poll(() => page.locator('.beside .code').textContent()).toContain('Created Mail');
		await page.getByLabel('Reason').fill('First record');
		await takeScreenshot(page, 'console-before-publish', false);
		await page.getByRole('button', { name: 'Publish' }).click();
		await page.getByText('Saved as revision 1.').waitFor();
		const { body } = await callAdminApi('GET', '/domains/created.example');
		expect(body).toMatchObject({ revision: 1, record: { provider: { name: 'Created Mail' } }, latest: { note: 'First record' } });
		expectNoFaults();
		await page.context().close();
	});

	it('merges what a second admin saved in the meantime, and asks only where both changed the same', async () => {
		await createRecord('merge.example');
		const { page, expectNoFaults } = await openConsole(
			browser,
			'/admin/domains/merge.example/record',
			WIDE_VIEWPORT,
			'412 /admin/api/domains/merge.example$',
		);
		await page.locator('#field-services\\.imap\\.host').fill('mine.example.com');
		await changeRecord('merge.example', (record) => ({ ...record, services: { ...record.services, pop3: { host: 'pop.example.com' } } }));
		await page.getByRole('button', { name: 'Save and publish' }).click();
		await page.getByRole('heading', { name: 'Changes can be merged' }).waitFor();
		await takeScreenshot(page, 'console-merge');
		await page.getByRole('button', { name: 'Merge and save' }).click();
		await page.getByText('Saved as revision 3.').waitFor();
		const merged = await callAdminApi('GET', '/domains/merge.example');
		expect(merged.body.record.services).toMatchObject({ imap: { host: 'mine.example.com' }, pop3: { host: 'pop.example.com' } });

		await page.getByLabel('Name', { exact: true }).fill('Mine');
		await changeRecord('merge.example', (record) => ({ ...record, provider: { name: 'Theirs' } }));
		await page.getByRole('button', { name: 'Save and publish' }).click();
		await page.getByRole('heading', { name: 'Conflicting changes' }).waitFor();
		expect(await page.getByRole('button', { name: 'Merge and save' }).isDisabled()).toBe(true);
		await takeScreenshot(page, 'console-collision');
		await page.getByLabel('Theirs: Theirs').check();
		await page.getByRole('button', { name: 'Merge and keep editing' }).click();
		await expect.poll(() => page.getByLabel('Name', { exact: true }).inputValue()).toBe('Theirs');
		expectNoFaults();
		await page.context().close();
	});

	it('names the domains that share a record: on its page, and before it is changed, restored or deleted', async () => {
		await createRecord('target.example');
		await changeRecord('target.example', (record) => ({ ...record, provider: { name: 'Changed' } }));
		const names = Array.from({ length: 9 }, (_, at) => `alias${at + 1}.example`);
		for (const name of names) await createRecord(name, { kind: 'alias', of: 'target.example' });
		const { page, expectNoFaults } = await openConsole(browser, '/admin/domains/target.example', WIDE_VIEWPORT);
		const card = page.getByRole('region', { name: 'Domains that share this record' });
		await expect.poll(() => card.getByRole('link').allTextContents()).toEqual(names.slice(0, 8));
		await card.getByText('And 1 more.').waitFor();
		await card.getByRole('link', { name: 'alias1.example', exact: true }).click();
		await page.getByRole('heading', { name: 'alias1.example', level: 1 }).waitFor();
		await page.getByRole('link', { name: 'target.example', exact: true }).click();
		await page.getByRole('link', { name: 'History', exact: true }).click();
		await page.getByRole('button', { name: 'Restore revision 1' }).click();
		const restore = page.getByRole('dialog', { name: 'Restore revision 1?' });
		await restore.getByText('Its aliases change with it: alias1.example').waitFor();
		await restore.getByRole('button', { name: 'Cancel' }).click();
		await page.getByRole('link', { name: 'Record', exact: true }).click();
		await page.getByLabel('Name', { exact: true }).fill('Changed again');
		await page.getByRole('form', { name: 'Save' }).getByText('Its aliases change with it: alias1.example').waitFor();
		await takeScreenshot(page, 'console-aliases', false);
		await page.getByRole('button', { name: 'Discard' }).click();
		await page.getByRole('button', { name: 'Delete record…' }).click();
		await page.getByText('Clients of its aliases get nothing either: alias1.example').waitFor();
		expectNoFaults();
		await page.context().close();
	});

	it('shows the history with its authors, and goes back', async () => {
		await createRecord('history.example');
		await changeRecord('history.example', (record) => ({ ...record, provider: { name: 'A mistake' } }));
		const { page, expectNoFaults } = await openConsole(browser, '/admin/domains/history.example/history', WIDE_VIEWPORT);
		await page.getByText('Changes').first().click();
		await expect.poll(() => page.locator('.changes').first().textContent()).toContain('A mistake');
		await takeScreenshot(page, 'console-history');
		await page.getByRole('button', { name: 'Restore revision 1' }).click();
		await page.getByRole('dialog', { name: 'Restore revision 1?' }).getByRole('button', { name: 'Restore', exact: true }).click();
		await page.getByText('Saved as revision 3.').waitFor();
		expect((await callAdminApi('GET', '/domains/history.example')).body.record).toEqual(SAMPLE_RECORD);
		expectNoFaults();
		await page.context().close();
	});

	it('keeps what is not saved over a reload, and goes both ways between form and JSON', async () => {
		await createRecord('kept.example');
		const { page, expectNoFaults } = await openConsole(browser, '/admin/domains/kept.example/record', WIDE_VIEWPORT);
		await page.getByRole('radio', { name: 'JSON', exact: true }).check();
		await page.locator('#json').fill(JSON.stringify({ ...SAMPLE_RECORD, provider: { name: 'From JSON' } }));
		expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('From JSON');
		await page.getByRole('button', { name: 'POP3' }).click();
		await page.locator('#field-services\\.pop3\\.host').fill('pop.kept.example');
		expect(JSON.parse(await page.locator('#json').inputValue())).toMatchObject({ services: { pop3: { host: 'pop.kept.example' } } });
		await page.locator('#field-services\\.pop3\\.host').fill('not a host');
		await page.getByText('1 error:').waitFor();
		expect(await page.getByRole('button', { name: 'Save and publish' }).isDisabled()).toBe(true);
		// Whoever still types in a field has left it for nothing else.
		await page.getByLabel('Tags').pressSequentially('pilot, n, ');
		expect(await page.getByLabel('Tags').inputValue()).toBe('pilot, n, ');
		await page.reload();
		await expect.poll(() => page.locator('#field-services\\.pop3\\.host').inputValue(), { timeout: 20_000 }).toBe('not a host');
		expect(await page.getByLabel('Tags').inputValue()).toBe('pilot, n');
		await takeScreenshot(page, 'console-mistake', false);
		await page.getByRole('button', { name: 'Discard' }).click();
		expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Example Mail');
		await page.reload();
		await page.getByRole('heading', { name: 'kept.example' }).waitFor();
		expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Example Mail');
		expectNoFaults();
		await page.context().close();
	});

	it('creates a token for a tag, which sees what the operator tags and can hand on no more', async () => {
		await createRecord('tagged.example', SAMPLE_RECORD, ['access:sales']);
		await createRecord('untagged.example');
		const { page, expectNoFaults } = await openConsole(browser, '/admin/tokens', WIDE_VIEWPORT, '422 /admin/api/tokens$');
		await page.getByLabel('Name').fill('Sales');
		await page.getByLabel('Role').selectOption('admin');
		await page.getByLabel('For', { exact: true }).selectOption('tag');
		await page.getByLabel('Tag', { exact: true }).fill('sales');
		await page.getByRole('button', { name: 'Create token' }).click();
		await page.getByText('must begin with access:').waitFor();
		await takeScreenshot(page, 'console-token-tag-refused');
		await page.getByLabel('Tag', { exact: true }).fill('access:sales');
		await page.getByRole('button', { name: 'Create token' }).click();
		const secret = (await page.locator('.secret code').textContent()) ?? '';
		await page.getByText('all with the tag access:sales').waitFor();
		await takeScreenshot(page, 'console-token-tag-created');

		const other = await openPage(
			browser,
			WIDE_VIEWPORT,
			/^401 \/admin\/api\/session$|^403 \/admin\/api\/domains\/tagged\.example$|^502 \/admin\/api\/domains\/tagged\.example\/dns$/,
		);
		await other.page.goto(serviceUrl('127.0.0.1', '/admin'));
		await logIn(other.page, secret);
		await other.page.getByRole('link', { name: 'tagged.example', exact: true }).waitFor();
		expect(await other.page.locator('tbody tr').count()).toBe(1);
		expect(await other.page.getByRole('link', { name: 'New domain' }).count()).toBe(0);
		await other.page.getByRole('link', { name: 'tagged.example', exact: true }).click();
		await other.page.getByRole('link', { name: 'Record', exact: true }).click();
		await other.page.getByLabel('Name', { exact: true }).fill('Sales were here');
		await other.page.getByLabel('Tags').fill('');
		await other.page.getByRole('button', { name: 'Save and publish' }).click();
		await other.page.getByText('Needed: operator, to add or remove a tag such as access:sales.').waitFor();
		await takeScreenshot(other.page, 'console-token-tag-guarded', false);
		await other.page.getByLabel('Tags').fill('access:sales, north');
		await other.page.getByRole('button', { name: 'Save and publish' }).click();
		await other.page.getByText('Saved as revision 2.').waitFor();
		await other.page.getByRole('link', { name: 'Tokens', exact: true }).click();
		expect(await other.page.getByLabel('Tag', { exact: true }).inputValue()).toBe('access:sales');
		await takeScreenshot(other.page, 'console-token-tag-own');
		other.expectNoFaults();
		expectNoFaults();
		await page.context().close();
		await other.page.context().close();
	});

	it('mints a token that works, for what it names and nothing else, until it is revoked', async () => {
		await createRecord('minted.example');
		const { page, expectNoFaults } = await openConsole(browser, '/admin/tokens', WIDE_VIEWPORT);
		await page.getByLabel('Name').fill('Carol');
		await page.getByLabel('Domains, one per line').fill('minted.example');
		await page.getByRole('button', { name: 'Create token' }).click();
		const secret = (await page.locator('.secret code').textContent()) ?? '';
		await takeScreenshot(page, 'console-minted');
		await page.getByRole('button', { name: 'Done' }).click();
		expect(await page.content()).not.toContain(secret);

		const other = await openPage(browser, WIDE_VIEWPORT, /^401 \/admin\/api\/session$/);
		await other.page.goto(serviceUrl('127.0.0.1', '/admin'));
		await logIn(other.page, secret);
		await expect.poll(() => other.page.locator('tbody tr').count()).toBe(1);
		expect(await other.page.getByRole('link', { name: 'Tokens' }).count()).toBe(0);
		await other.page.getByRole('link', { name: 'minted.example', exact: true }).click();
		await other.page.getByRole('link', { name: 'Record', exact: true }).click();
		await other.page.getByLabel('Name', { exact: true }).fill('Carol was here');
		await other.page.getByRole('button', { name: 'Save and publish' }).click();
		await other.page.getByText('Saved as revision 2.').waitFor();
		other.expectNoFaults();

		await page.getByRole('button', { name: 'Revoke Carol' }).click();
		await page.getByRole('button', { name: 'Confirm revocation Carol' }).click();
		await page.getByText('revoked').waitFor();
		expect((await callAdminApi('GET', '/domains/minted.example', undefined, {}, secret)).status).toBe(401);
		await other.page.reload();
		await other.page.getByLabel('Token').waitFor();
		expectNoFaults();
		await page.context().close();
		await other.page.context().close();
	});
});
