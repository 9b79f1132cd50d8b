import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { findChromium, launchChromium, openPage, serviceUrl } from './chromium.ts';
import { callAdminApi, createRecord, openConsole, SAMPLE_RECORD, WIDE_VIEWPORT } from './console-session.ts';
import { expectAccessible, takeScreenshot } from './page-assertions.ts';

const chromiumPath = await findChromium();

const AUTOCONFIG_DOCUMENT = `<?xml version="1.0"?><clientConfig version="1.1"><emailProvider id="imported.example"><domain>imported.example</domain>
<displayName>Imported Mail</displayName>
<incomingServer type="imap"><hostname>mail.imported.example</hostname><port>993</port><socketType>SSL</socketType><username>%EMAILLOCALPART%</username><authentication>password-cleartext</authentication></incomingServer>
<incomingServer type="imap"><hostname>mail.imported.example</hostname><port>143</port><socketType>plain</socketType><username>%EMAILLOCALPART%</username><authentication>password-cleartext</authentication></incomingServer>
<outgoingServer type="smtp"><hostname>mail.imported.example</hostname><port>465</port><socketType>SSL</socketType><username>%EMAILLOCALPART%</username><authentication>password-cleartext</authentication></outgoingServer>
</emailProvider></clientConfig>`;

describe.skipIf(chromiumPath === null)('the ways through the console', () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launchChromium(chromiumPath ?? '');
	});
	afterAll(async () => {
		await browser?.close();
	});

	it('works with a keyboard alone: log in, create, publish', async () => {
		const { page, expectNoFaults } = await openPage(browser, WIDE_VIEWPORT, /^401 \/admin\/api\/session$/);
		await page.goto(serviceUrl('127.0.0.1', '/admin/new'));
		await page.getByLabel('Token').waitFor();
		await page.keyboard.press('Tab');
		await page.keyboard.type(inject('token'));
		await page.keyboard.press('Enter');
		await page.getByRole('heading', { name: 'New domain' }).waitFor();
		await tabToElement(page, 'new-domain');
		await page.keyboard.type('keys.example');
		await page.keyboard.press('Tab');
		await page.keyboard.type('imap.keys.example');
		await page.keyboard.press('Tab');
		await page.keyboard.type('smtp.keys.example');
		await page.keyboard.press('Enter');
		await page.getByRole('heading', { name: 'keys.example', level: 1 }).waitFor();
		// The new page's title has the focus: what comes next is below it.
		expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
		await tabToElement(page, 'field-services.pop3');
		// What was added has the focus in its first field.
		await page.keyboard.press('Space');
		await page.keyboard.type('pop.keys.example');
		await tabToElement(page, 'note');
		await page.keyboard.type('Without a mouse');
		await page.keyboard.press('Enter');
		await page.getByText('Saved as revision 1.').waitFor();
		expect((await callAdminApi('GET', '/domains/keys.example')).body.record.services).toMatchObject({ pop3: { host: 'pop.keys.example' } });
		expectNoFaults();
		await page.context().close();
	});

	it('adopts what somebody put into KV by hand, and overwrites nothing unasked', async () => {
		const { page, expectNoFaults } = await openConsole(browser, '/admin?state=any', WIDE_VIEWPORT);
		await page.getByRole('link', { name: 'plain.example.com', exact: true }).click();
		await page.getByText('The record was changed in KV by hand').waitFor();
		await page.getByRole('link', { name: 'Settle it', exact: true }).click();
		await page.getByRole('heading', { name: 'Edited in KV' }).waitFor();
		await expectAccessible(page);
		await takeScreenshot(page, 'console-outside');
		await page.getByRole('button', { name: 'Save it as the next revision' }).click();
		const adopt = page.getByRole('dialog', { name: 'Save it as the next revision?' });
		await adopt.getByRole('button', { name: 'Save', exact: true }).click();
		await page.getByText('Saved as revision 1.').waitFor();
		expect(await page.getByRole('heading', { name: 'Edited in KV' }).count()).toBe(0);
		await expect.poll(() => page.locator('.title .badges').textContent(), { timeout: 10_000 }).toContain('In sync');
		expectNoFaults();
		await page.context().close();
	});

	it('imports an autoconfig document, and says what is lost', async () => {
		const { page, expectNoFaults } = await openConsole(browser, '/admin/new', WIDE_VIEWPORT);
		await page.getByRole('radio', { name: 'An autoconfig document' }).check();
		await page.getByRole('textbox', { name: 'Domain' }).fill('imported.example');
		await page.getByLabel('Or paste its text').fill(AUTOCONFIG_DOCUMENT);
		await page.getByRole('button', { name: 'Import' }).click();
		await page.getByText('is without encryption').waitFor();
		await expectAccessible(page);
		await takeScreenshot(page, 'console-import');
		await page.getByRole('button', { name: 'Review' }).click();
		await page.getByRole('button', { name: 'Publish' }).click();
		await page.getByText('Saved as revision 1.').waitFor();
		expect((await callAdminApi('GET', '/domains/imported.example')).body.record.provider.name).toBe('Imported Mail');
		expectNoFaults();
		await page.context().close();
	});

	it('imports a document for several domains with an alias for each of the others', async () => {
		const { page, expectNoFaults } = await openConsole(browser, '/admin/new', WIDE_VIEWPORT);
		await page.getByRole('radio', { name: 'An autoconfig document' }).check();
		await page.getByRole('textbox', { name: 'Domain' }).fill('first.example');
		const several = AUTOCONFIG_DOCUMENT.replace(/(<domain>)/, '<domain>first.example</domain><domain>second.example</domain>$1');
		await page.getByLabel('Or paste its text').fill(several);
		await page.getByRole('button', { name: 'Import' }).click();
		await page.getByRole('button', { name: 'Preview' }).click();
		await page.getByText('would be created').waitFor();
		expect((await callAdminApi('GET', '/domains/second.example')).body.revision).toBe(0);
		await expectAccessible(page);
		await page.locator('[aria-labelledby=bulk-import]').getByRole('button', { name: 'Import', exact: true }).click();
		await page.getByText('were created').waitFor();
		expect((await callAdminApi('GET', '/domains/second.example')).body.record).toEqual({ kind: 'alias', of: 'first.example' });
		expectNoFaults();
		await page.context().close();
	});

	it('imports the configuration of another program, with the other domains of its files', async () => {
		const { page, expectNoFaults } = await openConsole(browser, '/admin/new', WIDE_VIEWPORT);
		await page.getByRole('radio', { name: 'Another program' }).check();
		await page.getByLabel('Program', { exact: true }).selectOption('mailcow');
		const file = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
		await page
			.locator('#configuration-files')
			.setInputFiles([
				file('mailcow.conf', 'MAILCOW_HOSTNAME=mail.cow.example\n'),
				file('domains.json', '[{"domain_name": "one.cow.example"}, {"domain_name": "two.cow.example"}]'),
			]);
		await page.getByRole('button', { name: 'Import' }).click();
		await page.getByText('vars.local.inc.php is not looked at').waitFor();
		await expectAccessible(page);
		await takeScreenshot(page, 'console-import-program');
		await page.getByRole('button', { name: 'Preview' }).click();
		await page.getByText('2 would be created').waitFor();
		await page.locator('[aria-labelledby=bulk-import]').getByRole('button', { name: 'Import', exact: true }).click();
		await page.getByText('2 were created').waitFor();
		expect((await callAdminApi('GET', '/domains/two.cow.example')).body.record).toEqual({ kind: 'alias', of: 'one.cow.example' });
		expectNoFaults();
		await page.context().close();
	});

	it('imports a seed of automx2 after a preview, and exports all records', async () => {
		const { page, expectNoFaults } = await openConsole(browser, '/admin', WIDE_VIEWPORT);
		await page.getByRole('link', { name: 'Import', exact: true }).click();
		await page.getByRole('radio', { name: 'An automx2 seed' }).check();
		const seed = {
			version: 2,
			provider: 'Seeded Mail',
			domains: [{ name: 'seed-one.example' }, { name: 'seed-two.example' }],
			servers: [
				{ type: 'imap', name: 'imap.seed.example', port: 993 },
				{ type: 'smtp', name: 'smtp.seed.example', port: 465 },
			],
		};
		const buffer = Buffer.from(JSON.stringify(seed));
		await page.locator('#bulk-file').setInputFiles({ name: 'seed.json', mimeType: 'application/json', buffer });
		await page.getByRole('button', { name: 'Preview' }).click();
		await page.getByText('2 would be created').waitFor();
		expect((await callAdminApi('GET', '/domains/seed-two.example')).body.revision).toBe(0);
		await expectAccessible(page);
		await takeScreenshot(page, 'console-import-many');
		await page.getByRole('button', { name: 'Import', exact: true }).click();
		await page.getByText('2 were created').waitFor();
		await page.getByRole('link', { name: 'Domains', exact: true }).click();
		const downloading = page.waitForEvent('download');
		await page.getByRole('button', { name: 'Download all records' }).click();
		const file = await (await downloading).createReadStream();
		const chunks: Buffer[] = [];
		for await (const chunk of file) chunks.push(Buffer.from(chunk));
		expect(Buffer.concat(chunks).toString()).toContain('"domain":"seed-two.example"');
		expectNoFaults();
		await page.context().close();
	});

	it('deletes after asking, and the history brings it back', async () => {
		await createRecord('deleted.example');
		const { page, expectNoFaults } = await openConsole(browser, '/admin/domains/deleted.example/record', WIDE_VIEWPORT);
		await page.getByRole('button', { name: 'Delete record…' }).click();
		await page.getByRole('button', { name: 'Cancel' }).click();
		await page.getByRole('button', { name: 'Delete record…' }).click();
		await page.getByRole('button', { name: 'Delete', exact: true }).click();
		await page.getByText('Deleted (revision 2).').waitFor();
		expect((await callAdminApi('GET', '/domains/deleted.example')).body.state).toBe('deleted');
		await page.getByRole('link', { name: 'History', exact: true }).click();
		await page.getByRole('button', { name: 'Restore revision 1' }).click();
		await page.getByRole('dialog', { name: 'Restore revision 1?' }).getByRole('button', { name: 'Restore', exact: true }).click();
		await page.getByText('Saved as revision 3.').waitFor();
		expect((await callAdminApi('GET', '/domains/deleted.example')).body.state).toBe('live');
		expectNoFaults();
		await page.context().close();
	});

	it('changes a field of many domains as one act, shows before what changes, and undoes it as one', async () => {
		for (const name of ['one', 'two', 'three']) await createRecord(`bulk-${name}.example`, SAMPLE_RECORD, ['bulk']);
		const { page, expectNoFaults } = await openConsole(browser, '/admin?q=bulk', WIDE_VIEWPORT);
		await expect.poll(() => page.locator('tbody tr').count()).toBe(3);
		await page.keyboard.press('j');
		await page.keyboard.press('x');
		await page.getByText('1 selected').waitFor();
		await page.getByRole('button', { name: 'Select all 3' }).click();
		await page.getByRole('button', { name: 'Edit a field…' }).click();
		await page.getByLabel('Fallback').selectOption('none');
		await page.getByRole('button', { name: 'Preview changes' }).click();
		await page.getByText('3 change, 0 stay as they are.').waitFor();
		await expectAccessible(page);
		await takeScreenshot(page, 'console-bulk-preview');
		await page.getByRole('button', { name: 'Change 3 records' }).click();
		await page.getByRole('button', { name: 'Undo all' }).waitFor();
		const submission = async () => (await callAdminApi('GET', '/domains/bulk-two.example')).body.record.services.submission;
		expect(await submission()).toMatchObject({ starttls: null });
		await page.getByRole('button', { name: 'Undo all' }).click();
		await page.getByRole('heading', { name: 'Undone' }).waitFor();
		expect(await submission()).not.toHaveProperty('starttls');
		await page.getByRole('link', { name: 'Audit log', exact: true }).click();
		await page.getByText('3 domains').first().waitFor();
		await expectAccessible(page);
		await takeScreenshot(page, 'console-audit-groups');
		expectNoFaults();
		await page.context().close();
	});

	it('goes to a domain from any page with a key', async () => {
		await createRecord('palette.example');
		// A save is acknowledged before the directory, in which the palette searches, knows of it.
		await expect.poll(async () => (await callAdminApi('GET', '/domains?q=palett')).body.domains.length, { timeout: 20_000 }).toBe(1);
		const { page, expectNoFaults } = await openConsole(browser, '/admin/audit', WIDE_VIEWPORT);
		await page.keyboard.press('Control+k');
		await page.keyboard.type('palett');
		await page.getByRole('option', { name: 'palette.example' }).waitFor();
		await expectAccessible(page);
		await takeScreenshot(page, 'console-palette', false);
		await page.keyboard.press('Enter');
		await page.getByRole('heading', { name: 'palette.example', level: 1 }).waitFor();
		expectNoFaults();
		await page.context().close();
	});

	it('refuses a wrong token, and forgets drafts with the session', async () => {
		await createRecord('leaving.example');
		const { page, expectNoFaults } = await openConsole(browser, '/admin/domains/leaving.example/record', WIDE_VIEWPORT);
		await page.getByLabel('Name', { exact: true }).fill('Nobody else’s business');
		await expect.poll(() => page.evaluate(() => localStorage.length)).toBe(1);
		await page.getByRole('button', { name: 'Log out' }).click();
		await page.getByLabel('Token').fill('not-a-token-at-all-but-long-enough-0123');
		await page.getByRole('button', { name: 'Log in' }).click();
		await page.getByText('That token is not valid').waitFor();
		await expectAccessible(page);
		expect(await page.evaluate(() => localStorage.length)).toBe(0);
		expect(await page.context().cookies()).toEqual([]);
		expectNoFaults();
		await page.context().close();
	});
});

/** Presses Tab until an element has the focus. */
async function tabToElement(page: Page, id: string): Promise<void> {
	for (let presses = 0; presses < 80; presses++) {
		await page.keyboard.press('Tab');
		if ((await page.evaluate(() => document.activeElement?.id)) === id) return;
	}
	throw new Error(`Tab does not lead to ${id}`);
}
