/** A real Chromium, from npm alone, and pages that fail a test for whatever a visitor should never see. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect, inject } from 'vitest';

const CHROMIUM_CACHE = join(import.meta.dirname, '../../node_modules/.cache/chromium');
export const SCREENSHOTS = join(import.meta.dirname, 'screenshots');

export const IPHONE =
	'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1';
export const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15';
export const ANDROID =
	'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36';
export const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';

/** The path of a browser; null where there is none for this machine, with the reason printed once. */
export async function findChromium(): Promise<string | null> {
	const own = process.env.CHROMIUM_PATH;
	if (own) return own;
	if (process.platform !== 'linux' || process.arch !== 'x64') {
		process.stdout.write(`Browser tests skipped: no Chromium for ${process.platform}-${process.arch}. Set CHROMIUM_PATH.\n`);
		return null;
	}
	// It unpacks into the temporary folder, 209 MB under one fixed name; and brings NSS along where it believes to run in Lambda.
	mkdirSync(CHROMIUM_CACHE, { recursive: true });
	const before = process.env.TMPDIR ?? tmpdir();
	process.env.TMPDIR = CHROMIUM_CACHE;
	process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs24.x';
	process.env.FONTCONFIG_PATH ??= writeFontConfiguration();
	const { default: packed } = await import('@sparticuz/chromium');
	const path = await packed.executablePath();
	process.env.TMPDIR = before;
	return path;
}

/**
 * The font it brings along, and those of the machine. Its own configuration names /tmp, where nothing is unpacked here; and a Chromium
 * that finds no font at all dies at the first letter.
 */
function writeFontConfiguration(): string {
	const dirs = [join(CHROMIUM_CACHE, 'fonts'), '/usr/share/fonts'].map((dir) => `<dir>${dir}</dir>`).join('');
	const folder = join(CHROMIUM_CACHE, 'fontconfig');
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, 'fonts.conf'), `<fontconfig>${dirs}<cachedir>${join(CHROMIUM_CACHE, 'font-cache')}</cachedir></fontconfig>\n`);
	return folder;
}

/** Every customer's name leads to this machine; nothing else resolves, so that no test reaches another machine. */
/** @param more arguments of its command line */
export function launchChromium(executablePath: string, more: readonly string[] = []): Promise<Browser> {
	return chromium.launch({
		executablePath,
		args: [
			'--no-sandbox',
			'--disable-gpu',
			'--disable-quic',
			'--host-resolver-rules=MAP *.example.com 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
			...more,
		],
	});
}

/** `http://{host}:{port}{path}` of the service under test. */
export function serviceUrl(host: string, path = '/'): string {
	return `http://${host}:${inject('port')}${path}`;
}

/** A page, and what went wrong on it. */
export interface WatchedPage {
	readonly page: Page;
	/** Broken policies, errors thrown or logged, requests to anybody but its own origin, answers that are none. */
	readonly faults: readonly string[];
	/** Fails the test if there was any. */
	readonly expectNoFaults: () => void;
}

/** @param expected refusals that belong to the test, as `401 /path`: the browser itself logs each as an error */
export async function openPage(browser: Browser, options: BrowserContextOptions, expected: RegExp = /^$/): Promise<WatchedPage> {
	const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...options });
	const page = await context.newPage();
	const faults: string[] = [];
	page.on('console', (message) => {
		const status = /status of (\d{3})/.exec(message.text())?.[1];
		if (status !== undefined && expected.test(`${status} ${new URL(message.location().url).pathname}`)) return;
		// A policy violation is logged as an error too.
		if (message.type() === 'error' || message.type() === 'warning') faults.push(`${message.type()}: ${message.text()}`);
	});
	page.on('pageerror', (error) => faults.push(`thrown: ${error.message}`));
	page.on('request', (request) => {
		const asked = new URL(request.url());
		if (asked.protocol !== 'data:' && asked.port !== String(inject('port'))) faults.push(`asked elsewhere: ${asked.origin}`);
	});
	page.on('response', (response) => {
		const said = `${response.status()} ${new URL(response.url()).pathname}`;
		if (response.status() >= 400 && !response.request().isNavigationRequest() && !expected.test(said)) faults.push(said);
	});
	await context.addInitScript(() => {
		document.addEventListener('securitypolicyviolation', (event) => {
			console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
		});
	});
	return { page, faults, expectNoFaults: () => expect(faults).toEqual([]) };
}
