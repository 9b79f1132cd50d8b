/** Debian's Firefox, driven over WebDriver BiDi. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import puppeteer from 'puppeteer-core';
import { buttonPath, type OtherBrowser } from './browser.ts';

const PATH = '/usr/bin/firefox-esr';
const HEIGHT = 900;
/** Puppeteer's commands of setViewport, and its way of running a function under a page's Content-Security-Policy, work with 153 and not with 140. */
const OLDEST_FIREFOX = 153;

export const firefox: OtherBrowser = {
	name: 'Firefox',
	narrowest: 320,
	findObstacle() {
		if (!existsSync(PATH)) return `${PATH} is not on this machine`;
		const said = execFileSync(PATH, ['--version'], { encoding: 'utf8' }).trim();
		const version = Number(/ (\d+)\./.exec(said)?.[1]);
		return version >= OLDEST_FIREFOX ? null : `it is ${said}, and puppeteer needs ${OLDEST_FIREFOX}`;
	},
	async launch(scheme) {
		const browser = await puppeteer.launch({
			browser: 'firefox',
			executablePath: PATH,
			headless: true,
			extraPrefsFirefox: { 'layout.css.prefers-color-scheme.content-override': scheme === 'dark' ? 0 : 1, 'ui.prefersReducedMotion': 1 },
		});
		const page = await browser.newPage();
		const faults: string[] = [];
		page.on('console', (message) => {
			if (['error', 'warn'].includes(message.type())) faults.push(`${message.type()}: ${message.text()}`);
		});
		page.on('pageerror', (error) => faults.push(`thrown: ${String(error)}`));
		return {
			version: await browser.version(),
			page: {
				evaluate: async <T>(work: (() => T | Promise<T>) | string) => (await page.evaluate(work)) as T,
				async open(url) {
					await page.goto(url);
				},
				resize: (width) => page.setViewport({ width, height: HEIGHT }),
				fill: (selector, text) => page.locator(selector).fill(text),
				clickButton: (text) => page.locator(`::-p-xpath(${buttonPath(text)})`).click(),
				faults,
			},
			close: () => browser.close(),
		};
	},
};
