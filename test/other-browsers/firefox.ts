/** Debian's Firefox, driven over WebDriver BiDi. */
import puppeteer from 'puppeteer-core';
import { buttonPath, type OtherBrowser } from './browser.ts';

const HEIGHT = 900;

export const firefox: OtherBrowser = {
	name: 'Firefox',
	path: '/usr/bin/firefox-esr',
	narrowest: 320,
	async launch(scheme) {
		const browser = await puppeteer.launch({
			browser: 'firefox',
			executablePath: this.path,
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
