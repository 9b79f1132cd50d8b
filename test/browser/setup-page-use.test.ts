import jsQR from 'jsqr';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANDROID, findChromium, IPHONE, launchChromium, MAC, openPage, serviceUrl, WINDOWS } from './chromium.ts';
import { takeScreenshot } from './page-assertions.ts';

/** How long to wait for what a page does after it has loaded: machines may be busy. */
const PATIENCE = { timeout: 10_000 };

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
		expect(await page.locator('#panel-iphone .qr').isVisible()).toBe(false);
		await page.getByLabel('Your e-mail address').fill('alice.o+x@example.com');
		await page.getByRole('button', { name: 'Show my settings' }).click();
		await expect.poll(() => page.getByRole('status').first().textContent(), PATIENCE).toContain('alice.o+x@example.com');
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

	it('puts a name and further addresses into both profiles, and asks again for an address of another domain', async () => {
		const { page, expectNoFaults } = await openPage(browser, { userAgent: IPHONE, viewport: { width: 390, height: 844 } });
		await page.goto(serviceUrl('autoconfig.example.com'));
		await page.getByLabel('Your e-mail address').fill('alice@example.com');
		await page.getByRole('button', { name: 'Show my settings' }).click();
		const panel = page.locator('#panel-iphone');
		await panel.getByText('Add your name and further addresses').click();
		await panel.getByLabel('Your name').fill('Alice Müller');
		const others = panel.getByLabel('Further addresses of this mailbox');
		await others.fill('info@example.org');
		await panel.getByRole('button', { name: 'Get the profile', exact: true }).click();
		expect(await others.evaluate((field: HTMLInputElement) => field.validity.patternMismatch)).toBe(true);
		await takeScreenshot(page, 'phone-owner');
		await others.fill('info@example.com, post@example.com');
		await panel.getByText('Is port 465 blocked on your network?').click();
		for (const [button, port] of [
			['Get the profile', 465],
			['Get the profile for port 587', 587],
		] as const) {
			const download = page.waitForEvent('download');
			await panel.getByRole('button', { name: button, exact: true }).click();
			const profile = await readDownload(await download);
			expect(profile).toContain('<string>Alice Müller</string>');
			expect(profile).toContain('<string>alice@example.com,info@example.com,post@example.com</string>');
			expect(profile).toMatch(new RegExp(`OutgoingMailServerPortNumber</key>\\s*<integer>${port}<`));
		}
		expectNoFaults();
		await page.context().close();
	});

	it('gives the profile for 587 to whoever is behind a wall, and one without an address', async () => {
		const { page, expectNoFaults } = await openPage(browser, { userAgent: IPHONE, viewport: { width: 320, height: 640 } });
		await page.goto(serviceUrl('autoconfig.example.com'));
		await page.locator('#panel-iphone').getByText('Is port 465 blocked on your network?').click();
		const download = page.waitForEvent('download');
		await page.locator('#panel-iphone').getByRole('link', { name: 'Get the profile for port 587', exact: true }).click();
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
		const code = page.locator('#panel-iphone .qr');
		expect(await decodeQrCode(page, await code.screenshot())).toBe(serviceUrl(host, leads));
		expectNoFaults();
		await page.context().close();
	});

	it('fills the logins in without asking anybody, and copies them', async () => {
		const { page, expectNoFaults } = await openPage(browser, { userAgent: WINDOWS });
		await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: serviceUrl('127.0.0.1', '') });
		await page.goto(serviceUrl('127.0.0.1', '/setup/logins.example.com'));
		const requests: string[] = [];
		page.on('request', (request) => requests.push(new URL(request.url()).pathname));
		await page.locator('#address').fill('alice@logins.example.com');
		await page.keyboard.press('Enter');
		const smtp = page.locator('.servers .server').nth(1);
		await expect.poll(() => smtp.locator('[data-login]').textContent(), PATIENCE).toBe('logins.example.com\\alice');
		await smtp.getByRole('button', { name: 'Copy: Outgoing mail, Username' }).click();
		await expect.poll(() => smtp.getByRole('button', { name: 'Copied' }).count()).toBe(1);
		expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('logins.example.com\\alice');
		// The code that draws the QR code is loaded; nothing is sent.
		expect(requests.filter((path) => !path.startsWith('/assets/'))).toEqual([]);
		expectNoFaults();
		await page.context().close();
	});

	it.each(['nobody', 'alice@example.org'])('refuses %s, keeps what was typed, and sends nothing', async (typed) => {
		const { page, expectNoFaults } = await openPage(browser, { userAgent: WINDOWS });
		await page.goto(serviceUrl('autoconfig.example.com'));
		let requests = 0;
		page.on('request', () => requests++);
		await page.locator('#address').fill(typed);
		await page.keyboard.press('Enter');
		await expect.poll(() => page.locator('#address-said.bad').count()).toBe(1);
		expect(await page.locator('#address').inputValue()).toBe(typed);
		expect(requests).toBe(0);
		expectNoFaults();
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
		await page.keyboard.press('ArrowRight');
		expect(await page.locator('#panel-mac').isVisible()).toBe(true);
		await page.keyboard.press('Tab');
		expect(await focusedText(page)).toBe('Get the profile');
		for (let presses = 0; presses < 10 && (await page.evaluate(() => document.activeElement?.id)) !== 'address'; presses++)
			await page.keyboard.press('Tab');
		await page.keyboard.type('alice@example.com');
		await page.keyboard.press('Enter');
		await expect.poll(() => page.locator('.servers [data-login]').first().textContent(), PATIENCE).toBe('alice@example.com');
		expectNoFaults();
		await page.context().close();
	});

	it('keeps the address from one language to the next', async () => {
		const { page, expectNoFaults } = await openPage(browser, { userAgent: WINDOWS });
		await page.goto(serviceUrl('autoconfig.example.com'));
		await page.locator('#address').fill('alice@example.com');
		await page.locator('.languages summary').click();
		await page.getByRole('link', { name: 'Polski', exact: true }).click();
		await expect.poll(() => page.locator('html').getAttribute('lang'), PATIENCE).toBe('pl');
		await expect.poll(() => page.locator('.servers [data-login]').first().textContent(), PATIENCE).toBe('alice@example.com');
		expect(page.url()).not.toContain('alice');
		expectNoFaults();
		await page.context().close();
	});

	it('shows a computer the code that Thunderbird for Android imports, with 465 and without a password', async () => {
		const { page, expectNoFaults } = await openPage(browser, { userAgent: WINDOWS, viewport: { width: 1280, height: 900 } });
		let requests: string[] = [];
		page.on('request', (request) => requests.push(request.url()));
		await page.goto(serviceUrl('autoconfig.example.com'));
		await page.locator('#way-android').check();
		expect(await page.locator('.qr-place svg').count()).toBe(0);
		requests = [];
		await page.locator('#address').fill('alice@example.com');
		await page.keyboard.press('Enter');
		await page.locator('.qr-place svg').waitFor();
		const decoded = JSON.parse((await decodeQrCode(page, await page.locator('.qr-place svg').screenshot())) ?? 'null');
		expect(decoded).toEqual([
			1,
			[1, 1],
			[0, 'imap.example.com', 993, 3, 1, 'alice@example.com'],
			[
				[
					[0, 'smtp.example.com', 465, 3, 1, 'alice@example.com'],
					['alice@example.com', ''],
				],
			],
		]);
		// Only the code that draws is loaded: nothing of the address leaves the browser.
		expect(requests.every((url) => url.includes('/assets/'))).toBe(true);
		await takeScreenshot(page, 'android-code');
		expectNoFaults();
		await page.context().close();
	});

	it('from the start page sends the domain alone, and says in the page when it is unknown', async () => {
		const { page } = await openPage(browser, { userAgent: WINDOWS });
		const requests: string[] = [];
		page.on('request', (request) => requests.push(`${request.url()} ${request.postData() ?? ''}`));
		await page.goto(serviceUrl('127.0.0.1'));
		await page.locator('#address').fill('alice@example.org');
		await page.keyboard.press('Enter');
		await page.locator('#address-said.bad').waitFor();
		expect(await page.locator('#address').inputValue()).toBe('alice@example.org');
		await page.locator('#address').fill('alice@example.com');
		await page.keyboard.press('Enter');
		await page.waitForURL('**/setup/example.com*');
		await expect.poll(() => page.locator('.servers [data-login]').first().textContent(), PATIENCE).toBe('alice@example.com');
		expect(requests.filter((request) => request.includes('alice'))).toEqual([]);
		await page.context().close();
	});

	it('copies the text for a new user, with the link and without a password', async () => {
		const { page, expectNoFaults } = await openPage(browser, { userAgent: WINDOWS });
		await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: serviceUrl('127.0.0.1', '') });
		await page.goto(serviceUrl('127.0.0.1', '/setup/example.com'));
		await page.getByRole('button', { name: 'Copy as text' }).click();
		await page.getByRole('button', { name: 'Copied' }).waitFor();
		const text = await page.evaluate(() => navigator.clipboard.readText());
		expect(text.split('\n')).toEqual([
			'Your mailbox at example.com is ready.',
			'',
			`Open this page on your device and follow the steps: ${serviceUrl('127.0.0.1', '/setup/example.com')}`,
			'',
			'- Incoming mail: IMAP imap.example.com, port 993, SSL/TLS',
			'- Outgoing mail: SMTP smtp.example.com, port 465, SSL/TLS',
			'',
			'You get your password separately. Nobody needs to ask you for it.',
			'',
			'',
		]);
		await page.getByRole('button', { name: 'Copy with formatting' }).click();
		await expect.poll(() => page.locator('[data-share=html]').textContent(), PATIENCE).toBe('Copied');
		const html = await page.evaluate(async () => {
			const [item] = await navigator.clipboard.read();
			return item === undefined ? '' : (await item.getType('text/html')).text();
		});
		expect(html).toContain(`href="${serviceUrl('127.0.0.1', '/setup/example.com')}"`);
		expect(html).not.toContain('svg');
		expectNoFaults();
		await page.context().close();
	});

	it('has the action for the device on its first screen', async () => {
		for (const [userAgent, viewport, action] of [
			[IPHONE, { width: 390, height: 844 }, '#panel-iphone a.button'],
			[ANDROID, { width: 390, height: 844 }, '#panel-android a.button'],
			[WINDOWS, { width: 1280, height: 800 }, '#panel-windows a.button'],
			[MAC, { width: 1280, height: 800 }, '#panel-mac a.button'],
		] as const) {
			const { page } = await openPage(browser, { userAgent, viewport });
			await page.goto(serviceUrl('autoconfig.example.com'));
			const box = await page.locator(action).first().boundingBox();
			expect((box?.y ?? Number.POSITIVE_INFINITY) + (box?.height ?? 0), action).toBeLessThan(viewport.height);
			await page.context().close();
		}
	});

	it('works without JavaScript: address, choice and language go by form', async () => {
		const { page, expectNoFaults } = await openPage(browser, { userAgent: WINDOWS, javaScriptEnabled: false });
		await page.goto(serviceUrl('127.0.0.1'));
		await page.locator('#address').fill('alice@example.com');
		await page.keyboard.press('Enter');
		await expect.poll(() => page.locator('.servers [data-login]').first().textContent(), PATIENCE).toBe('alice@example.com');
		expect(new URL(page.url()).search).toBe('');
		await page.locator('#way-mac').check();
		await page.locator('.languages summary').click();
		await page.getByRole('button', { name: 'Deutsch' }).click();
		await expect.poll(() => page.locator('html').getAttribute('lang'), PATIENCE).toBe('de');
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
		const said = page.locator('#panel-other p').first();
		expect(await said.textContent()).toContain('choose IMAP as the account type');
		// Words and values side by side: none of them has become a block of its own.
		expect(await said.locator('bdi').evaluate((kind) => getComputedStyle(kind).display)).toBe('inline');
		expectNoFaults();
		await page.context().close();
	});

	it('says so where a part of it cannot be loaded, and loads it once it is there', async () => {
		const { page, expectNoFaults } = await openPage(browser, { userAgent: WINDOWS }, /^404 \/assets\/chunk-/);
		await page.goto(serviceUrl('autoconfig.example.com'));
		await page.waitForLoadState('networkidle');
		// As after an update of the service, which has other files.
		await page.route('**/assets/chunk-*', (route) => route.fulfill({ status: 404 }));
		await page.locator('#way-android').check();
		const code = page.locator('[data-thunderbird-qr]');
		const failure = 'Part of this page could not be loaded. Reload the page.';
		const showSettings = async (address: string) => {
			await page.locator('#address').fill(address);
			await page.getByRole('button', { name: 'Show my settings' }).click();
		};
		await showSettings('alice@example.com');
		await code.getByText(failure).waitFor();
		expect(await code.getByText('scan this code').isVisible()).toBe(false);
		await page.getByRole('button', { name: 'Show the answers' }).click();
		await expect.poll(() => page.locator('#test-said').textContent(), PATIENCE).toBe(failure);
		await takeScreenshot(page, 'load-failed');
		await page.unroute('**/assets/chunk-*');
		await page.reload();
		await page.locator('#way-android').check();
		await showSettings('alice@example.com');
		await code.locator('svg').waitFor();
		expect(await code.getByText(failure).isVisible()).toBe(false);
		expect(await code.getByText('scan this code').isVisible()).toBe(true);
		expectNoFaults();
		await page.context().close();
	});

	it('shows what apps are told: 465 first, then 587', async () => {
		const { page, expectNoFaults } = await openPage(browser, { userAgent: WINDOWS });
		await page.goto(serviceUrl('autoconfig.example.com'));
		await page.getByRole('button', { name: 'Show the answers' }).click();
		await expect.poll(() => page.locator('#test-said').textContent(), { timeout: 20_000 }).toBe('Answers received: 3');
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
