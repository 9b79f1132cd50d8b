import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DnsView } from '../../src/contract/views.ts';
import { domainRecordFields } from '../support/schema-fields.ts';
import { CHECKED_DOMAINS, createCheckedDomains, openOverviewDetails, stubCheckAnswers } from './check-answers.ts';
import { findChromium, launchChromium, openPage, serviceUrl } from './chromium.ts';
import { callAdminApi, changeRecord, createRecord, openConsole, SAMPLE_RECORD, waitForNetworkIdle } from './console-session.ts';
import { expectAccessible, expectNoBrokenWords, expectNoOverflow, takeScreenshot } from './page-assertions.ts';
import { FAILING_WEBHOOK, stubWebhookAnswers } from './webhook-answers.ts';

const chromiumPath = await findChromium();

const VIEWPORTS = [
	{ name: 'desktop', viewport: { width: 1360, height: 900 }, colorScheme: 'light' },
	{ name: 'dark', viewport: { width: 1360, height: 900 }, colorScheme: 'dark' },
	{ name: 'tablet', viewport: { width: 768, height: 1024 }, colorScheme: 'light' },
	{ name: 'laptop', viewport: { width: 1024, height: 768 }, colorScheme: 'dark' },
	{ name: 'narrow', viewport: { width: 320, height: 640 }, colorScheme: 'light' },
	{ name: 'narrow-dark', viewport: { width: 320, height: 640 }, colorScheme: 'dark' },
] as const;

const FULL_RECORD = {
	...SAMPLE_RECORD,
	login: '%EMAILLOCALPART%',
	services: {
		...SAMPLE_RECORD.services,
		pop3: { host: 'pop.example.com', implicit: null, starttls: 110 },
		submission: { host: 'smtp.example.com', starttls: { port: 587, until: '2027-01-15' } },
		sieve: { host: 'sieve.example.com' },
		caldav: { url: 'https://dav.example.com/' },
	},
	oauth: {
		issuer: 'https://login.example.com',
		authUrl: 'https://login.example.com/auth',
		tokenUrl: 'https://login.example.com/token',
		scope: 'mail',
	},
	mtaSts: { mode: 'testing', mx: ['mx1.example.com', 'mx2.example.com'] },
	tlsRpt: { rua: ['mailto:tls@example.com'] },
};

/** Nothing listens on the port for discarding what is sent (RFC 863). */
const RECEIVER_WITHOUT_ANSWER = 'http://127.0.0.1:9/';

const PAGES = [
	['list', '/admin'],
	['overview', '/admin/domains/look.example'],
	...Object.entries(CHECKED_DOMAINS).map(([state, domain]) => [`check-${state}`, `/admin/domains/${domain}`] as const),
	['record', '/admin/domains/look.example/record'],
	['alias', '/admin/domains/alias.example'],
	['dns', '/admin/domains/look.example/dns'],
	['history', '/admin/domains/look.example/history'],
	['new', '/admin/new'],
	['tokens', '/admin/tokens'],
	['webhooks', `/admin/webhooks?webhook=${FAILING_WEBHOOK}`],
	['audit', '/admin/audit'],
	['usage', '/admin/usage'],
	['nothing', '/admin/domains/nobody.example'],
] as const;

/** What the service answers where it counts: rows of the last day. */
function usageResponse() {
	const to = Math.ceil(Date.now() / 3_600_000) * 3_600_000;
	const rows = Array.from({ length: 24 }, (_, hour) =>
		(
			[
				['autoconfig', 'thunderbird', 40],
				['autodiscover-xml', 'outlook', 25],
				['mobileconfig', 'apple', 12],
				['mta-sts', 'other', 6],
			] as const
		).map(([protocol, client, most]) => ({
			at: new Date(to - (24 - hour) * 3_600_000).toISOString(),
			protocol,
			client,
			outcome: 'ok',
			count: Math.round(most * (1.2 + Math.sin((hour - 6) / 3.8))),
		})),
	).flat();
	return { from: new Date(to - 86_400_000).toISOString(), to: new Date(to).toISOString(), step: 'hour', rows, source: 'counter' };
}

/** What the service answers where it looks at DNS: the first is there, the second is wrong, the third is missing, and so on. */
async function dnsResponse(): Promise<DnsView> {
	const { body } = await callAdminApi('GET', '/domains/look.example');
	const states = ['present', 'different', 'missing', 'unknown'] as const;
	const records = body.dns.map((line: object, index: number) => {
		const state = states[index % states.length];
		return { ...line, state, found: state === 'different' ? ['old.example.net.'] : [] };
	});
	return {
		domain: 'look.example',
		site: null,
		records,
		leftover: [{ name: '_imap._tcp.look.example', type: 'SRV', ttl: 60, data: '0 1 143 old.example.net.' }],
		theirs: [{ name: '_jmap._tcp.look.example', type: 'SRV', ttl: 60, data: '0 1 443 jmap.example.net.' }],
		unlooked: [{ place: 'mta-sts.look.example CNAME', reason: 'no answer within 5 s' }],
	};
}

async function stubApiResponses(page: Page): Promise<void> {
	await stubWebhookAnswers(page);
	await stubCheckAnswers(page);
	await page.route('**/admin/api/usage*', async (route) => route.fulfill({ json: usageResponse() }));
	await page.route('**/admin/api/domains/*/dns', async (route) => route.fulfill({ json: await dnsResponse() }));
}

describe.skipIf(chromiumPath === null)('the look of the console', () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launchChromium(chromiumPath ?? '');
		await createRecord('look.example', FULL_RECORD, ['pilot']);
		await createCheckedDomains();
		await createRecord('alias.example', { kind: 'alias', of: 'look.example' });
		await createRecord('starttls.example', { ...SAMPLE_RECORD, services: { submission: { host: 'smtp.example.com', implicit: null } } });
		await changeRecord('look.example', (record) => ({ ...record, provider: { name: 'Look & Feel Mail' } }));
		await callAdminApi('POST', '/tokens', { name: 'Deploy script', role: 'write', domains: ['look.example', 'alias.example'] });
	});
	afterAll(async () => {
		await browser?.close();
	});

	it.each(VIEWPORTS)('$name: every page is legible, fits, and passes axe', async ({ name, ...options }) => {
		const { page, expectNoFaults } = await openPage(browser, options, /^401 \/admin\/api\/session$/);
		await stubApiResponses(page);
		await page.goto(serviceUrl('127.0.0.1', '/admin'));
		await page.getByLabel('Token').waitFor();
		await expectGoodAppearance(page, `console-${name}-log-in`);
		await page.close();
		const entered = await openConsole(browser, '/admin', options);
		await stubApiResponses(entered.page);
		for (const [title, address] of PAGES) {
			await entered.page.goto(serviceUrl('127.0.0.1', address));
			await waitForNetworkIdle(entered.page);
			for (const details of await entered.page.locator('main details').all())
				await details.evaluate((element) => element.setAttribute('open', ''));
			await waitForNetworkIdle(entered.page);
			await openOverviewDetails(entered.page);
			if (title === 'history') {
				const entries = await entered.page.locator('.history details').count();
				await expect.poll(() => entered.page.locator('.history details > :not(summary, .waiting)').count()).toBe(entries);
			}
			await expectGoodAppearance(entered.page, `console-${name}-${title}`);
		}
		entered.expectNoFaults();
		expectNoFaults();
		await entered.page.context().close();
		await page.context().close();
	});

	it('JSON, changes, mistakes, a conflict and an edit from outside, dark and narrow', async () => {
		await createRecord('beside.example');
		const { page, expectNoFaults } = await openConsole(
			browser,
			'/admin/domains/beside.example/record',
			{ viewport: { width: 320, height: 640 }, colorScheme: 'dark' },
			'412 /admin/api/domains/beside.example$',
		);
		await page.getByLabel('Name', { exact: true }).fill('Mine');
		await page.getByRole('radio', { name: 'JSON', exact: true }).check();
		await expectGoodAppearance(page, 'console-narrow-dark-json');
		await page.getByRole('radio', { name: 'Changes' }).check();
		await expectGoodAppearance(page, 'console-narrow-dark-changes');
		await changeRecord('beside.example', (record) => ({ ...record, provider: { name: 'Theirs' } }));
		await page.getByRole('button', { name: 'Save and publish' }).click();
		await page.getByRole('heading', { name: 'Conflicting changes' }).waitFor();
		await expectGoodAppearance(page, 'console-narrow-dark-collision');
		await page.getByRole('button', { name: 'Discard my changes' }).click();
		await page.getByRole('button', { name: 'Delete record…' }).click();
		await expectGoodAppearance(page, 'console-narrow-dark-delete', false);
		expectNoFaults();
		await page.context().close();
	});

	it('a new webhook, its test and its deletion, dark and narrow', async () => {
		const { page, expectNoFaults } = await openConsole(browser, '/admin/webhooks', {
			viewport: { width: 320, height: 640 },
			colorScheme: 'dark',
		});
		await page.getByText('No webhooks yet.').waitFor();
		await expectGoodAppearance(page, 'console-narrow-dark-webhooks-none');
		await page.getByLabel('URL').fill(RECEIVER_WITHOUT_ANSWER);
		await page.getByRole('button', { name: 'Create webhook' }).click();
		await page.getByRole('button', { name: 'Send test' }).click();
		await page.getByText('the receiver could not be reached').waitFor();
		await expectGoodAppearance(page, 'console-narrow-dark-webhook-created');
		await page.getByRole('button', { name: 'Delete…' }).click();
		await expectGoodAppearance(page, 'console-narrow-dark-webhook-delete', false);
		await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
		await page.getByText('is deleted.').waitFor();
		expectNoFaults();
		await page.context().close();
	});

	it('has an input for every field of the schema', async () => {
		const { page, expectNoFaults } = await openConsole(browser, '/admin/domains/everything.example/record', {
			viewport: { width: 1360, height: 900 },
		});
		await page.getByRole('heading', { name: 'Authentication and transport security' }).waitFor();
		for (let add = page.locator('.adders button').filter({ hasText: '+' }); (await add.count()) > 0; ) await add.first().click();
		const paths = domainRecordFields();
		expect(paths.length).toBeGreaterThan(40);
		const missing = await page.evaluate((all) => all.filter((field) => document.getElementById(`field-${field}`) === null), paths);
		expect(missing).toEqual([]);
		expectNoFaults();
		await page.context().close();
	});

	it('links of the interface lead somewhere', async () => {
		const { page, expectNoFaults } = await openConsole(browser, '/admin/domains/look.example/record');
		await waitForNetworkIdle(page);
		const hrefs = await page.locator('a').evaluateAll((links) => [...new Set(links.map((link) => link.getAttribute('href') ?? ''))]);
		for (const href of hrefs) {
			if (href.startsWith('#')) expect(await page.locator(`[id="${href.slice(1)}"]`).count(), href).toBe(1);
			else if (href.startsWith('/')) expect((await page.request.get(serviceUrl('127.0.0.1', href))).status(), href).toBe(200);
		}
		expectNoFaults();
		await page.context().close();
	});
});

async function expectGoodAppearance(page: Page, name: string, fullPage = true): Promise<void> {
	await takeScreenshot(page, name, fullPage);
	await expectNoOverflow(page);
	await expectNoBrokenWords(page);
	await expectAccessible(page);
}
