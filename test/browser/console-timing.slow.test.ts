/** What the console makes of keys and answers that come at a bad moment: none is lost, and none replaces what is newer. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchChromium } from './chromium.ts';
import { callAdminApi, changeRecord, createRecord, openConsole, SAMPLE_RECORD, WIDE_VIEWPORT } from './console-session.ts';

const chromiumPath = await findChromium();

describe.skipIf(chromiumPath === null)('the console at a bad moment', () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launchChromium(chromiumPath ?? '');
	});
	afterAll(async () => {
		await browser?.close();
	});

	it('takes the keys of a list from the moment the list is there', async () => {
		await createRecord('early.example', SAMPLE_RECORD, ['early']);
		await expect.poll(async () => (await callAdminApi('GET', '/domains?q=early')).body.domains.length, { timeout: 20_000 }).toBe(1);
		const { page, expectNoFaults } = await openConsole(browser, '/admin/audit', WIDE_VIEWPORT);
		await typeOnceShown(page, 'tbody th a', { key: 'j' });
		await page.getByRole('link', { name: 'Domains', exact: true }).click();
		await page.getByRole('link', { name: 'early.example', exact: true }).waitFor();
		await expect.poll(() => page.evaluate(() => document.activeElement?.closest('tbody tr') !== null)).toBe(true);
		expectNoFaults();
		await page.context().close();
	});

	it('keeps a filter that is chosen before the typed search is sent', async () => {
		const { page, expectNoFaults } = await openConsole(browser, '/admin', WIDE_VIEWPORT);
		await page.evaluate(() => {
			const [field, filter] = [document.getElementById('search'), document.getElementById('state')];
			if (!(field instanceof HTMLInputElement) || !(filter instanceof HTMLSelectElement)) throw new Error('There is no filter.');
			field.value = 'nobody';
			field.dispatchEvent(new InputEvent('input', { bubbles: true }));
			filter.value = 'deleted';
			filter.dispatchEvent(new Event('change', { bubbles: true }));
		});
		await page.getByText('No matching domains.').waitFor();
		await expect.poll(() => new URL(page.url()).search).toBe('?state=deleted&q=nobody');
		expect(await page.getByLabel('Search names and tags').inputValue()).toBe('nobody');
		expectNoFaults();
		await page.context().close();
	});

	it('says what a dialog is about that is opened again at once', async () => {
		await createRecord('reopened.example');
		const { page, expectNoFaults } = await openConsole(browser, '/admin/domains/reopened.example/record', WIDE_VIEWPORT);
		await page.getByRole('button', { name: 'Delete record…' }).click();
		const consequence = page.getByText('Mail clients will no longer get any settings for it.');
		await consequence.waitFor();
		await page.evaluate(() => {
			const dialog = document.querySelector<HTMLDialogElement>('dialog[open]');
			const opener = dialog?.parentElement?.querySelector<HTMLButtonElement>(':scope > button');
			dialog?.close();
			opener?.click();
		});
		await nextFrames(page);
		expect(await consequence.isVisible()).toBe(true);
		await page.keyboard.press('Escape');
		const palette = page.getByRole('dialog', { name: 'Go to' });
		await page.keyboard.press('Control+k');
		await palette.waitFor();
		await page.evaluate(() => {
			document.querySelector<HTMLDialogElement>('dialog[open]')?.close();
			document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true }));
		});
		await nextFrames(page);
		expect(await palette.isVisible()).toBe(true);
		await page.keyboard.type('reopened');
		await expect.poll(() => palette.locator('input').inputValue()).toBe('reopened');
		expectNoFaults();
		await page.context().close();
	});

	it('lets nobody confirm before it has said, or could not say, what would happen', async () => {
		await createRecord('shared.example');
		await createRecord('sharing.example', { kind: 'alias', of: 'shared.example' });
		const aliases = async () => (await callAdminApi('GET', '/domains/shared.example/aliases')).body.aliases;
		await expect.poll(async () => (await aliases()).length, { timeout: 20_000 }).toBe(1);
		const { page, expectNoFaults } = await openConsole(
			browser,
			'/admin/domains/shared.example/record',
			WIDE_VIEWPORT,
			'503 /admin/api/domains/shared.example/aliases$',
		);
		const held = Promise.withResolvers<void>();
		await page.route('**/shared.example/aliases', async (route) => {
			await held.promise;
			await route.fulfill({ status: 503, body: '' });
		});
		await page.getByRole('button', { name: 'Delete record…' }).click();
		const dialog = page.getByRole('dialog', { name: 'Delete shared.example?' });
		const confirm = dialog.getByRole('button', { name: 'Delete', exact: true });
		await dialog.getByText('Loading…').waitFor();
		expect(await confirm.isDisabled()).toBe(true);
		await dialog.locator('#delete-note').press('Enter');
		await confirm.dispatchEvent('click');
		expect(await dialog.isVisible()).toBe(true);
		held.resolve();
		await dialog.getByText('The service answered 503.').waitFor();
		expect(await confirm.isDisabled()).toBe(false);
		await page.unroute('**/shared.example/aliases');
		await dialog.getByRole('button', { name: 'Try again' }).click();
		await dialog.getByText('sharing.example').waitFor();
		expect((await callAdminApi('GET', '/domains/shared.example')).body.state).toBe('live');
		await confirm.click();
		await page.getByText('Deleted (revision 2).').waitFor();
		expectNoFaults();
		await page.context().close();
	});

	it('does not show a record that was asked for before a save in place of the saved one', async () => {
		await createRecord('overtaken.example');
		const { page, expectNoFaults } = await openConsole(browser, '/admin', WIDE_VIEWPORT);
		let asked = 0;
		const held = Promise.withResolvers<void>();
		await page.route('**/admin/api/domains/overtaken.example', async (route) => {
			if (route.request().method() !== 'GET') return route.fallback();
			asked += 1;
			const isPoll = asked > 1;
			const response = await route.fetch();
			if (isPoll) await held.promise;
			await route.fulfill({ response, json: { ...(await response.json()), copy: isPoll ? 'current' : 'propagating' } });
		});
		await page.goto(new URL('/admin/domains/overtaken.example/record', page.url()).href);
		const name = page.getByLabel('Name', { exact: true });
		await name.fill('Saved Mail');
		await expect.poll(() => asked, { timeout: 10_000 }).toBe(2);
		await page.getByRole('button', { name: 'Save and publish' }).click();
		await page.getByText('Saved as revision 2.').waitFor();
		const late = page.waitForResponse((response) => response.request().method() === 'GET' && response.url().endsWith('/overtaken.example'));
		held.resolve();
		await (await late).finished();
		await nextFrames(page);
		expect(await name.inputValue()).toBe('Saved Mail');
		expectNoFaults();
		await page.context().close();
	});

	it('keeps what is typed while a save is under way as an unsaved change', async () => {
		await createRecord('saving.example');
		const { page, expectNoFaults } = await openConsole(browser, '/admin/domains/saving.example/record', WIDE_VIEWPORT);
		const held = Promise.withResolvers<void>();
		await page.route('**/admin/api/domains/saving.example', async (route) => {
			if (route.request().method() === 'PUT') await held.promise;
			await route.continue();
		});
		const name = page.getByLabel('Name', { exact: true });
		await name.fill('Sent Mail');
		await page.locator('#note').fill('The first');
		await page.getByRole('button', { name: 'Save and publish' }).click();
		await page.getByRole('button', { name: 'Saving…' }).waitFor();
		await name.fill('Sent Mail, and more');
		held.resolve();
		await page.getByText('Saved as revision 2.').waitFor();
		expect(await name.inputValue()).toBe('Sent Mail, and more');
		expect((await callAdminApi('GET', '/domains/saving.example')).body.record.provider.name).toBe('Sent Mail');
		expect(await page.locator('#note').inputValue()).toBe('');
		await page.getByRole('button', { name: 'Save and publish' }).click();
		await page.getByText('Saved as revision 3.').waitFor();
		expect((await callAdminApi('GET', '/domains/saving.example')).body.record.provider.name).toBe('Sent Mail, and more');
		expect(await page.getByRole('button', { name: 'Save and publish' }).count()).toBe(0);
		expectNoFaults();
		await page.context().close();
	});

	it('keeps an unsaved change when an edit in KV is adopted', async () => {
		await createRecord('adopted.example');
		const { page, expectNoFaults } = await openConsole(browser, '/admin', WIDE_VIEWPORT);
		await page.route('**/admin/api/domains/adopted.example', async (route) => {
			const response = await route.fetch();
			await route.fulfill({ response, json: { ...(await response.json()), copy: 'edited-outside', outside: { text: '{}' } } });
		});
		await page.route('**/admin/api/domains/adopted.example/adopt', async (route) => {
			const record = { ...SAMPLE_RECORD, provider: { name: 'Outside Mail' } };
			const { body } = await callAdminApi('PUT', '/domains/adopted.example', { record }, { 'If-Match': '"1"' });
			await route.fulfill({ json: body });
		});
		await page.goto(new URL('/admin/domains/adopted.example/record', page.url()).href);
		const name = page.getByLabel('Name', { exact: true });
		await name.fill('Draft Mail');
		await page.getByRole('button', { name: 'Save it as the next revision' }).click();
		const adopt = page.getByRole('dialog', { name: 'Save it as the next revision?' });
		await adopt.getByRole('button', { name: 'Save', exact: true }).click();
		await page.getByRole('heading', { name: 'Conflicting changes' }).waitFor();
		expect(await name.inputValue()).toBe('Draft Mail');
		expectNoFaults();
		await page.context().close();
	});

	it('loses nothing that is typed while the record of another admin arrives', async () => {
		await createRecord('arriving.example');
		const { page, expectNoFaults } = await openConsole(browser, '/admin', WIDE_VIEWPORT);
		let asked = 0;
		await page.route('**/admin/api/domains/arriving.example', async (route) => {
			asked += 1;
			const isPoll = asked > 1;
			if (isPoll) await changeRecord('arriving.example', (record) => ({ ...record, provider: { name: 'Other Mail' } }));
			const response = await route.fetch();
			await route.fulfill({ response, json: { ...(await response.json()), copy: isPoll ? 'current' : 'propagating' } });
			if (isPoll) await page.unroute('**/admin/api/domains/arriving.example');
		});
		await page.goto(new URL('/admin/domains/arriving.example/record', page.url()).href);
		const name = page.getByLabel('Name', { exact: true });
		await name.waitFor();
		await typeOnceShown(page, '.title .badges .tone-good', { field: 'field-provider.name', text: '!' });
		await page.locator('.title .badges').getByText('In sync').waitFor();
		await nextFrames(page);
		expect(await name.inputValue()).toBe('Other Mail!');
		expectNoFaults();
		await page.context().close();
	});
});

/** Presses a key, or adds to a field, in the first task after an element has come into the page: before the browser has painted it. */
function typeOnceShown(
	page: Page,
	selector: string,
	typed: { readonly key: string } | { readonly field: string; readonly text: string },
): Promise<void> {
	return page.evaluate(
		([selector, typed]) => {
			const { port1, port2 } = new MessageChannel();
			port1.onmessage = () => {
				if ('key' in typed) {
					document.body.dispatchEvent(new KeyboardEvent('keydown', { key: typed.key, bubbles: true }));
					return;
				}
				const field = document.getElementById(typed.field);
				if (!(field instanceof HTMLInputElement)) throw new Error(`There is no field ${typed.field}`);
				field.value += typed.text;
				field.dispatchEvent(new InputEvent('input', { bubbles: true }));
			};
			const observer = new MutationObserver(() => {
				if (document.querySelector(selector) === null) return;
				observer.disconnect();
				port2.postMessage(null);
			});
			observer.observe(document.body, { subtree: true, childList: true, attributes: true });
		},
		[selector, typed] as const,
	);
}

/** Waits until whatever an answer changes on the page has been rendered. */
function nextFrames(page: Page): Promise<void> {
	return page.evaluate(
		() => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 50)))),
	);
}
