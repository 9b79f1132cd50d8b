import jsQR from 'jsqr';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, IPHONE, launchChromium, openPage, serviceUrl, WINDOWS } from './chromium.ts';
import { takeScreenshot } from './page-assertions.ts';

const chromiumPath = await findChromium();

describe.skipIf(chromiumPath === null)('the set-up page', () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launchChromium(chromiumPath ?? '');
	});
	afterAll(async () => {
		await browser?.close();
	});

	it('gives a phone the profile for the address that was typed, and asks no URL with it', async () => {
		const { page, expectNoFaults } = await openPage(browser, { userAgent: IPHONE, viewport: { width: 390, height: 844 } });
		const asked: string[] = [];
		page.on('request', (request) => asked.push(request.url()));
		await page.goto(serviceUrl('autoconfig.example.com'));
		expect(await page.locator('#way-iphone').isChecked()).toBe(true);
		expect(await page.locator('.qr').isVisible()).toBe(false);
		await page.getByLabel('Your e-mail address').fill('alice.o+x@example.com');
		await page.getByRole('button', { name: 'Fill in' }).click();
		await expect.poll(() => page.getByRole('status').first().textContent()).toContain('alice.o+x@example.com');
		await takeScreenshot(page, 'phone-filled');
		const download = page.waitForEvent('download');
		await page.locator('#panel-iphone').getByRole('button', { name: 'Get the profile', exact: true }).click();
		const profile = await readDownload(await download);
		expect(profile).toContain('<string>alice.o+x@example.com</string>');
		expect(profile).toMatch(/OutgoingMailServerPortNumber<\/key>\s*<integer>465</);
		expect(asked.filter((url) => url.includes('alice'))).toEqual([]);
		expectNoFaults();
		await page.context().close();
	});

	it('gives the profile for 587 to whoever is behind a wall, and one without an address', async () => {
		const { page, expectNoFaults } = await openPage(browser, { userAgent: IPHONE, viewport: { width: 320, height: 640 } });
		await page.goto(serviceUrl('autoconfig.example.com'));
		await page.locator('#panel-iphone').getByText('Port 465 blocked here?').click();
		const download = page.waitForEvent('download');
		await page.locator('#panel-iphone').getByRole('link', { name: 'Get the profile for port 587' }).click();
		const profile = await readDownload(await download);
		expect(profile).toMatch(/OutgoingMailServerPortNumber<\/key>\s*<integer>587</);
		expect(profile).not.toContain('EmailAddress');
		expectNoFaults();
		await page.context().close();
	});

	it.each([
		['autoconfig.example.com', '/', '/'],
		['127.0.0.1', '/setup/example.com', '/setup/example.com'],
	])('shows a desktop at %s%s a code that leads a phone to the same page', async (host, where, leads) => {
		const { page, expectNoFaults } = await openPage(browser, {
			userAgent: WINDOWS,
			viewport: { width: 1280, height: 900 },
			colorScheme: 'dark',
		});
		await page.goto(serviceUrl(host, where));
		await page.locator('#way-iphone').check();
		const code = page.locator('.qr');
		expect(await decodeQrCode(page, await code.screenshot())).toBe(serviceUrl(host, leads));
		expectNoFaults();
		await page.context().close();
	});

	it('fills the logins in without asking anybody, and copies them', async () => {
		const { page, expectNoFaults } = await openPage(browser, { userAgent: WINDOWS });
		await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: serviceUrl('127.0.0.1', '') });
		await page.goto(serviceUrl('127.0.0.1', '/setup/logins.example.com'));
		let requests = 0;
		page.on('request', () => requests++);
		await page.locator('#address').fill('alice@logins.example.com');
		await page.keyboard.press('Enter');
		const smtp = page.locator('.servers .server').nth(1);
		await expect.poll(() => smtp.locator('[data-login]').textContent()).toBe('logins.example.com\\alice');
		await smtp.getByRole('button', { name: 'Copy: Outgoing mail, User name' }).click();
		await expect.poll(() => smtp.getByRole('button', { name: 'Copied' }).count()).toBe(1);
		expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('logins.example.com\\alice');
		expect(requests).toBe(0);
		expectNoFaults();
		await page.context().close();
	});

	it.each(['nobody', 'alice@example.org'])('refuses %s', async (typed) => {
		const { page, expectNoFaults } = await openPage(browser, { userAgent: WINDOWS });
		await page.goto(serviceUrl('autoconfig.example.com'));
		// The browser's own check is in front of ours, and in its own words.
		await page.locator('#address-form').evaluate((form) => form.setAttribute('novalidate', ''));
		await page.locator('#address').fill(typed);
		await page.keyboard.press('Enter');
		await expect.poll(() => page.locator('#address-said.bad').count()).toBe(1);
		// A 400 is logged by the browser itself.
		if (typed === 'nobody') expectNoFaults();
		await page.context().close();
	});

	it('works with a keyboard alone', async () => {
		const { page, expectNoFaults } = await openPage(browser, { userAgent: IPHONE, viewport: { width: 390, height: 844 } });
		await page.goto(serviceUrl('autoconfig.example.com'));
		await page.keyboard.press('Tab');
		expect(await focusedText(page)).toBe('Skip to content');
		await page.keyboard.press('Tab');
		await page.keyboard.press('Enter');
		expect(await page.locator('.languages').getAttribute('open')).not.toBeNull();
		await page.keyboard.press('Escape');
		expect(await page.locator('.languages').getAttribute('open')).toBeNull();
		await page.keyboard.press('Tab');
		await page.keyboard.type('alice@example.com');
		await page.keyboard.press('Tab');
		await page.keyboard.press('Space');
		await expect.poll(() => page.locator('.servers [data-login]').first().textContent()).toBe('alice@example.com');
		await page.keyboard.press('Tab');
		await page.keyboard.press('ArrowRight');
		expect(await page.locator('#panel-mac').isVisible()).toBe(true);
		await page.keyboard.press('Tab');
		expect(await focusedText(page)).toBe('Get the profile');
		expectNoFaults();
		await page.context().close();
	});

	it('keeps the address from one language to the next', async () => {
		const { page, expectNoFaults } = await openPage(browser, { userAgent: WINDOWS });
		await page.goto(serviceUrl('autoconfig.example.com'));
		await page.locator('#address').fill('alice@example.com');
		await page.locator('.languages summary').click();
		await page.getByRole('link', { name: 'Polski' }).click();
		await expect.poll(() => page.locator('html').getAttribute('lang')).toBe('pl');
		expect(await page.locator('.servers [data-login]').first().textContent()).toBe('alice@example.com');
		expect(page.url()).not.toContain('alice');
		expectNoFaults();
		await page.context().close();
	});

	it('works without JavaScript: address, choice and language go by form', async () => {
		const { page, expectNoFaults } = await openPage(browser, { userAgent: WINDOWS, javaScriptEnabled: false });
		await page.goto(serviceUrl('127.0.0.1'));
		await page.locator('#address').fill('alice@example.com');
		await page.keyboard.press('Enter');
		await expect.poll(() => page.locator('.servers [data-login]').first().textContent()).toBe('alice@example.com');
		expect(new URL(page.url()).search).toBe('');
		await page.locator('#way-mac').check();
		await page.locator('.languages summary').click();
		await page.getByRole('button', { name: 'Deutsch' }).click();
		await expect.poll(() => page.locator('html').getAttribute('lang')).toBe('de');
		expect(await page.locator('#panel-mac').isVisible()).toBe(true);
		expect(await page.locator('.servers [data-login]').first().textContent()).toBe('alice@example.com');
		const download = page.waitForEvent('download');
		await page.locator('#panel-mac').getByRole('button', { name: 'Profil laden', exact: true }).click();
		expect(await readDownload(await download)).toContain('alice@example.com');
		expectNoFaults();
		await page.context().close();
	});

	it('says whom no app asks what to choose, in one sentence', async () => {
		const { page, expectNoFaults } = await openPage(browser, { userAgent: WINDOWS, viewport: { width: 1280, height: 900 } });
		await page.goto(serviceUrl('autoconfig.example.com'));
		await page.locator('#way-other').check();
		const said = page.locator('#panel-other p');
		expect(await said.textContent()).toContain('Choose IMAP as the kind of account');
		// Words and values side by side: none of them has become a block of its own.
		expect(await said.locator('bdi').evaluate((kind) => getComputedStyle(kind).display)).toBe('inline');
		expectNoFaults();
		await page.context().close();
	});

	it('shows what apps are told: 465 first, then 587', async () => {
		const { page, expectNoFaults } = await openPage(browser, { userAgent: WINDOWS });
		await page.goto(serviceUrl('autoconfig.example.com'));
		await page.getByRole('button', { name: 'Show the answers' }).click();
		await expect.poll(() => page.locator('#test-said').textContent(), { timeout: 20_000 }).toBe('Answers: 3');
		const told = await page
			.locator('.answer')
			.evaluateAll((answers) => answers.map((answer) => [...answer.querySelectorAll('li')].map((line) => line.textContent)));
		expect(told).toEqual([
			[
				'IMAP  imap.example.com:993  SSL/TLS',
				'POP3  pop.example.com:995  SSL/TLS',
				'SMTP  smtp.example.com:465  SSL/TLS',
				'SMTP  smtp.example.com:587  STARTTLS',
			],
			[
				'IMAP  imap.example.com:993  SSL/TLS',
				'POP3  pop.example.com:995  SSL/TLS',
				'SMTP  smtp.example.com:465  SSL/TLS',
				'SMTP  smtp.example.com:587  STARTTLS',
			],
			['IMAP  imap.example.com:993  SSL/TLS', 'SMTP  smtp.example.com:465  SSL/TLS'],
		]);
		await takeScreenshot(page, 'self-test');
		expectNoFaults();
		await page.context().close();
	});
});

function focusedText(page: Page): Promise<string | undefined> {
	return page.evaluate(() => document.activeElement?.textContent?.trim());
}

async function readDownload(download: { createReadStream(): Promise<AsyncIterable<Buffer>> }): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of await download.createReadStream()) chunks.push(chunk);
	return Buffer.concat(chunks).toString('utf8');
}

/** Reads a QR code off a screenshot, with a reader that is not the writer's. */
async function decodeQrCode(page: Page, png: Buffer): Promise<string | undefined> {
	const blank = await page.context().newPage();
	const { width, height, pixels } = await blank.evaluate(async (base64) => {
		const image = new Image();
		image.src = `data:image/png;base64,${base64}`;
		await image.decode();
		const canvas = new OffscreenCanvas(image.width, image.height);
		const context = canvas.getContext('2d');
		context?.drawImage(image, 0, 0);
		const { data } = context?.getImageData(0, 0, image.width, image.height) ?? { data: [] };
		return { width: image.width, height: image.height, pixels: [...data] };
	}, png.toString('base64'));
	await blank.close();
	// The package is CommonJS: its default export is one further down where Node imports it.
	const read = typeof jsQR === 'function' ? jsQR : (jsQR as { readonly default: typeof jsQR }).default;
	return read(Uint8ClampedArray.from(pixels), width, height)?.data;
}
