import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWebhookReceiver, verifyMessage, type WebhookReceiver } from '../support/webhook-receiver.ts';
import { findChromium, launchChromium, openPage, serviceUrl } from './chromium.ts';
import { callAdminApi, createRecord, logIn, openConsole, WIDE_VIEWPORT } from './console-session.ts';
import { expectAccessible, takeScreenshot } from './page-assertions.ts';

const chromiumPath = await findChromium();

/** A URL that webhooks may not have, and a test too soon after another. */
const REFUSALS = '422 /admin/api/webhooks$|429 /admin/api/webhooks/[^/]+/test$';

describe.skipIf(chromiumPath === null)('webhooks in the console', () => {
	let browser: Browser;
	let receiver: WebhookReceiver;
	beforeAll(async () => {
		browser = await launchChromium(chromiumPath ?? '');
		receiver = await startWebhookReceiver();
	});
	afterAll(async () => {
		await browser?.close();
		await receiver?.close();
	});

	it('are created, tested, told of a save, and deleted after a question', async () => {
		const { page, expectNoFaults } = await openConsole(browser, '/admin', WIDE_VIEWPORT, REFUSALS);
		await page.keyboard.press('Control+k');
		await page.keyboard.type('webh');
		await page.keyboard.press('Enter');
		await page.getByRole('heading', { name: 'Webhooks', level: 1 }).waitFor();
		await page.getByText('No webhooks yet.').waitFor();

		await page.getByLabel('URL').fill('https://printer.local/');
		await page.getByRole('button', { name: 'Create webhook' }).click();
		await page.getByText('URL needs a host that everybody can reach.').waitFor();
		await page.getByLabel('URL').fill(receiver.url);
		await page.getByLabel('a record is deleted').uncheck();
		await page.keyboard.press('Enter');
		const secret = (await page.locator('.secret code').textContent()) ?? '';
		expect(secret).toMatch(/^whsec_/);
		expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Secret of the new webhook');
		await expectAccessible(page);
		await takeScreenshot(page, 'console-webhook-created');
		await page.getByRole('button', { name: 'Done' }).click();
		expect(await page.content()).not.toContain(secret);
		const row = page.getByRole('row', { name: receiver.url });
		expect(await row.textContent()).toMatch(/told when a record is saved, or a check got worsecreated by operator.*Active.*0 waiting/);

		await row.getByRole('button', { name: 'Send test' }).click();
		await row.getByText('answered 204').waitFor();
		expect(receiver.received.map((message) => verifyMessage(message, secret))).toMatchObject([{ type: 'webhook.test' }]);
		await createRecord('hooked.example');
		await expect.poll(() => receiver.received.length, { timeout: 30_000 }).toBe(2);
		await row.getByRole('link', { name: 'Deliveries' }).click();
		const deliveries = page.getByRole('region', { name: `Deliveries to ${receiver.url}` });
		// The receiver has its message before the service has taken note of the answer.
		await expect
			.poll(async () => {
				await deliveries.getByRole('button', { name: 'Refresh' }).click();
				return deliveries.locator('tbody').textContent();
			})
			.toMatch(/hooked\.example saved, revision 1.*Delivered answered 204.*Test/);

		receiver.status = 503;
		await expect
			.poll(
				async () => {
					// The service sends one test in five seconds, and refuses others.
					await row.getByRole('button', { name: 'Send test' }).click();
					await row.getByRole('button', { name: 'Send test' }).waitFor();
					return row.textContent();
				},
				{ timeout: 30_000, interval: 1000 },
			)
			.toContain('Not delivered answered 503');
		await deliveries.getByText('answered 503').waitFor();
		await expectAccessible(page);
		await takeScreenshot(page, 'console-webhook-deliveries');

		await row.getByRole('button', { name: 'Delete…' }).click();
		const dialog = page.getByRole('dialog', { name: 'Delete this webhook?' });
		await dialog.getByText('No message waits. Its secret and the list of its deliveries go with it.').waitFor();
		await dialog.getByRole('button', { name: 'Cancel' }).click();
		expect(await row.count()).toBe(1);
		await row.getByRole('button', { name: 'Delete…' }).click();
		await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
		await page.getByText(`The webhook to ${receiver.url} is deleted.`).waitFor();
		await page.getByText('No webhooks yet.').waitFor();
		expect(await deliveries.count()).toBe(0);
		expect((await callAdminApi('GET', '/webhooks')).body.webhooks).toEqual([]);
		expectNoFaults();
		await page.context().close();
	});

	it('are not offered to those whose role has none, and the page says why', async () => {
		await createRecord('unhooked.example');
		const token = await callAdminApi('POST', '/tokens', { name: 'Writer', role: 'write', domains: ['unhooked.example'] });
		const { page, expectNoFaults } = await openPage(browser, WIDE_VIEWPORT, /^401 \/admin\/api\/session$/);
		await page.goto(serviceUrl('127.0.0.1', '/admin/webhooks'));
		await logIn(page, token.body.secret);
		await page.getByText('Webhooks need the role admin, and yours is write.').waitFor();
		expect(await page.getByRole('link', { name: 'Webhooks' }).count()).toBe(0);
		expect(await page.getByLabel('URL').count()).toBe(0);
		await page.keyboard.press('Control+k');
		await page.keyboard.type('webh');
		await page.getByText('Nothing is called that.').waitFor();
		expectNoFaults();
		await page.context().close();
	});
});
