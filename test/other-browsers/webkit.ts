/** Debian's WebKitGTK in its small browser, driven over WebDriver, on a display of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Builder, By, Capabilities, until } from 'selenium-webdriver';
import { freePort } from '../support/free-port.ts';
import { buttonPath, type OtherBrowser } from './browser.ts';

const MINI_BROWSER = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';
const HEIGHT = 900;
/** Milliseconds to wait for an element, or for the driver to answer. */
const PATIENCE_MS = 20_000;

export const webkit: OtherBrowser = {
	name: 'WebKit',
	narrowest: 320,
	findObstacle: () => (existsSync(MINI_BROWSER) ? null : `${MINI_BROWSER} is not on this machine`),
	async launch(scheme) {
		const configuration = await writeNarrowTheme();
		const display = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '2200x1200x24', '-nolisten', 'tcp'], {
			stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
		});
		const number = await firstLine(display.stdio[3] as Readable);
		const port = await freePort();
		const theme = scheme === 'dark' ? 'Adwaita:dark' : 'Adwaita';
		const driver = spawn('WebKitWebDriver', [`--port=${port}`], {
			stdio: 'ignore',
			env: {
				...process.env,
				DISPLAY: `:${number}`,
				GTK_THEME: theme,
				GDK_BACKEND: 'x11',
				LC_ALL: 'C.UTF-8',
				XDG_CONFIG_HOME: configuration,
			},
		});
		const stop = async () => {
			await endProcess(driver);
			await endProcess(display);
			await rm(configuration, { recursive: true, force: true });
		};
		try {
			const capabilities = new Capabilities({
				browserName: 'MiniBrowser',
				'webkitgtk:browserOptions': { binary: MINI_BROWSER, args: ['--automation'] },
			});
			await waitForDriver(port, driver);
			const session = await new Builder().usingServer(`http://127.0.0.1:${port}`).withCapabilities(capabilities).build();
			const version = (await session.getCapabilities()).getBrowserVersion() ?? '';
			return {
				version: `webkitgtk/${version}`,
				page: {
					// The WebDriver standard awaits a promise that a script returns.
					evaluate: <T>(work: (() => T | Promise<T>) | string) =>
						session.executeScript<T>(typeof work === 'string' ? work : `return (${work.toString()})()`),
					open: (url) => session.get(url),
					async resize(width) {
						await session.manage().window().setRect({ x: 0, y: 0, width, height: HEIGHT });
						await session.wait(
							async () => (await session.executeScript('return innerWidth')) === width,
							PATIENCE_MS,
							`a width of ${width}`,
						);
					},
					async fill(selector, text) {
						const field = await session.wait(until.elementLocated(By.css(selector)), PATIENCE_MS);
						await field.clear();
						await field.sendKeys(text);
					},
					async clickButton(text) {
						const button = await session.wait(until.elementLocated(By.xpath(buttonPath(text))), PATIENCE_MS);
						await session.wait(until.elementIsVisible(button), PATIENCE_MS);
						await session.wait(until.elementIsEnabled(button), PATIENCE_MS);
						await button.click();
					},
					// WebKitGTK's driver hands out no log.
					faults: [],
				},
				async close() {
					await session.quit();
					await stop();
				},
			};
		} catch (error) {
			await stop();
			throw error;
		}
	},
};

/**
 * A folder with GTK's configuration in which the browser's own buttons take no room: its window is then as narrow as a phone, where it is
 * otherwise no narrower than its tool bar, 450 px. Web pages do not see it.
 */
async function writeNarrowTheme(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'signpost-gtk-'));
	await mkdir(join(folder, 'gtk-3.0'));
	const bare = '* { min-width: 0; min-height: 0; font-size: 1px; padding: 0; margin: 0; border-width: 0; }\n';
	await writeFile(join(folder, 'gtk-3.0', 'gtk.css'), bare);
	await writeFile(join(folder, 'gtk-3.0', 'settings.ini'), '[Settings]\ngtk-toolbar-icon-size=1\ngtk-toolbar-style=1\n');
	return folder;
}

async function firstLine(stream: Readable): Promise<string> {
	let text = '';
	for await (const chunk of stream) {
		text += String(chunk);
		if (text.includes('\n')) break;
	}
	return text.trim();
}

async function waitForDriver(port: number, driver: ChildProcess): Promise<void> {
	for (let waited = 0; waited < PATIENCE_MS; waited += 100) {
		if (driver.exitCode !== null) throw new Error(`WebKitWebDriver ended with ${driver.exitCode}`);
		const up = await fetch(`http://127.0.0.1:${port}/status`).then(
			({ ok }) => ok,
			() => false,
		);
		if (up) return;
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
	throw new Error('WebKitWebDriver does not answer');
}

async function endProcess(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const ended = once(child, 'exit');
	child.kill('SIGKILL');
	await ended;
}
