/** What tests of the console do besides clicking: asking the API as another admin, and logging in. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect, inject } from 'vitest';
import { openPage, serviceUrl, type WatchedPage } from './chromium.ts';

/** Sends a request to the admin API as another admin would, from outside the browser. */
export async function callAdminApi(
	method: string,
	path: string,
	body?: unknown,
	headers: Readonly<Record<string, string>> = {},
	token = inject('token'),
) {
	const response = await fetch(serviceUrl('127.0.0.1', `/admin/api${path}`), {
		method,
		headers: { Authorization: `Bearer ${token}`, ...headers },
		body: body === undefined ? null : JSON.stringify(body),
	});
	const text = await response.text();
	return { status: response.status, body: text === '' ? null : JSON.parse(text) };
}

export const SAMPLE_RECORD = {
	kind: 'domain',
	provider: { name: 'Example Mail' },
	services: { imap: { host: 'imap.example.com' }, submission: { host: 'smtp.example.com' } },
} as const;

/** A screen on which the console has everything side by side. */
export const WIDE_VIEWPORT = { viewport: { width: 1360, height: 900 } } as const;

/** Creates a record, and fails if it was there. */
export async function createRecord(domain: string, record: object = SAMPLE_RECORD, tags: readonly string[] = []): Promise<void> {
	const { status, body } = await callAdminApi('PUT', `/domains/${domain}`, { record, tags, note: 'Begin' }, { 'If-None-Match': '*' });
	expect(body).toMatchObject({ domain });
	expect(status).toBe(200);
}

/** Changes a record, whatever it was. */
export async function changeRecord(domain: string, edit: (record: typeof SAMPLE_RECORD) => object): Promise<void> {
	const { body } = await callAdminApi('GET', `/domains/${domain}`);
	const put = await callAdminApi('PUT', `/domains/${domain}`, { record: edit(body.record) }, { 'If-Match': `"${body.revision}"` });
	expect(put.status).toBe(200);
}

/** Refusals that belong to the console's work: asking who is logged in, and comparing with DNS, which no test can reach. */
const EXPECTED_REFUSAL = '401 /admin/api/session$|502 /admin/api/domains/[^/]+/dns$';

/** A page of the console, logged in. */
export async function openConsole(
	browser: Browser,
	path: string,
	options: BrowserContextOptions = {},
	expected = '',
): Promise<WatchedPage> {
	const watched = await openPage(browser, options, new RegExp(expected === '' ? EXPECTED_REFUSAL : `${EXPECTED_REFUSAL}|${expected}`));
	await watched.page.goto(serviceUrl('127.0.0.1', path));
	await logIn(watched.page);
	return watched;
}

export async function logIn(page: Page, token = inject('token')): Promise<void> {
	await page.getByLabel('Token').fill(token);
	await page.getByRole('button', { name: 'Log in' }).click();
	await page.getByRole('button', { name: 'Log out' }).waitFor();
}

export function waitForNetworkIdle(page: Page): Promise<void> {
	return page.waitForLoadState('networkidle');
}
