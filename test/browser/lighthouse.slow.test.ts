/** Lighthouse on every page: accessibility and best practices at 95 or more. What it cannot know, the other tests of the browser look at. */
import lighthouse from 'lighthouse';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { API_BASE_PATH } from '../../src/contract/operation.ts';
import { freePort } from '../support/free-port.ts';
import { findChromium } from './chromium.ts';
import { createRecord } from './console-session.ts';

const chromiumPath = await findChromium();

/** The least score that a page may have, of 100. */
const MINIMUM_SCORE = 95;

// Size and first paint have tests of their own. What Lighthouse says of search engines does not count: they are not to find these pages.
const CATEGORIES = ['accessibility', 'best-practices'];

describe.skipIf(chromiumPath === null)('Lighthouse', () => {
	const origin = `http://127.0.0.1:${inject('port')}`;
	let browser: Browser;
	let port: number;
	let cookie: string;

	beforeAll(async () => {
		port = await freePort();
		browser = await chromium.launch({
			executablePath: chromiumPath ?? '',
			args: ['--no-sandbox', '--disable-gpu', `--remote-debugging-port=${port}`],
		});
		await createRecord('lighthouse.example');
		const session = await fetch(`${origin}${API_BASE_PATH}/session`, {
			method: 'POST',
			headers: { 'Content-Type': 'application/json', Origin: origin },
			body: JSON.stringify({ token: inject('token') }),
		});
		cookie = session.headers.get('Set-Cookie')?.split(';')[0] ?? '';
	});
	afterAll(() => browser.close());

	it.each([
		['the set-up page', '/setup/example.com', false],
		['the reference', '/admin/reference', false],
		['the log-in', '/admin', false],
		['the list', '/admin', true],
		['a domain', '/admin/domains/lighthouse.example/record', true],
		['its DNS', '/admin/domains/lighthouse.example/dns', true],
		['its history', '/admin/domains/lighthouse.example/history', true],
		['a new domain', '/admin/new', true],
		['tokens', '/admin/tokens', true],
		['webhooks', '/admin/webhooks', true],
		['audit', '/admin/audit', true],
		['usage', '/admin/usage', true],
	])('%s', async (_, page, isIn) => {
		const run = await lighthouse(`${origin}${page}`, {
			port,
			logLevel: 'error',
			onlyCategories: CATEGORIES,
			...(isIn ? { extraHeaders: { Cookie: cookie } } : {}),
		});
		const { categories, audits } = run?.lhr ?? {};
		const scores = CATEGORIES.map((id) => [id, Math.round((categories?.[id]?.score ?? 0) * 100)] as const);
		const faults = Object.values(audits ?? {}).filter(({ score }) => score !== null && score < 1);
		process.stdout.write(`Lighthouse, ${page}${isIn ? ', logged in' : ''}: ${scores.map((each) => each.join(' ')).join(', ')}\n`);
		expect(run?.lhr.finalDisplayedUrl).toBe(`${origin}${page}`);
		for (const [id, score] of scores)
			expect(score, `${id}: ${faults.map(({ title }) => title).join('; ')}`).toBeGreaterThanOrEqual(MINIMUM_SCORE);
	});
});
