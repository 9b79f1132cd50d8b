import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, browserPath, launch, open } from './browser.ts';
import { asOther, change, enter, RECORD, seed, settled } from './console-service.ts';
import { accessible, fits, picture } from './judge.ts';

const path = await browserPath();

const KINDS = [
	{ name: 'desktop', viewport: { width: 1360, height: 900 }, colorScheme: 'light' },
	{ name: 'dark', viewport: { width: 1360, height: 900 }, colorScheme: 'dark' },
	{ name: 'narrow', viewport: { width: 320, height: 640 }, colorScheme: 'light' },
	{ name: 'narrow-dark', viewport: { width: 320, height: 640 }, colorScheme: 'dark' },
] as const;

const RICH = {
	...RECORD,
	login: '%EMAILLOCALPART%',
	services: {
		...RECORD.services,
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

const PAGES = [
	['list', '/admin'],
	['record', '/admin/domains/look.example'],
	['dns', '/admin/domains/look.example/dns'],
	['history', '/admin/domains/look.example/history'],
	['new', '/admin/new'],
	['tokens', '/admin/tokens'],
	['audit', '/admin/audit'],
	['usage', '/admin/usage'],
	['nothing', '/admin/domains/nobody.example'],
] as const;

/** What the service answers where it counts: rows of the last day. */
function usage() {
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
async function dns() {
	const { body } = await asOther('GET', '/domains/look.example');
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
	};
}

async function answering(page: Page): Promise<void> {
	await page.route('**/admin/api/usage*', async (route) => route.fulfill({ json: usage() }));
	await page.route('**/admin/api/domains/*/dns', async (route) => route.fulfill({ json: await dns() }));
}

describe.skipIf(path === null)('the look of the console', () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launch(path ?? '');
		await seed('look.example', RICH, ['pilot']);
		await seed('alias.example', { kind: 'alias', of: 'look.example' });
		await seed('starttls.example', { ...RECORD, services: { submission: { host: 'smtp.example.com', implicit: null } } });
		await change('look.example', (record) => ({ ...record, provider: { name: 'Look & Feel Mail' } }));
		await asOther('POST', '/tokens', { name: 'Deploy script', role: 'write', domains: ['look.example', 'alias.example'] });
	});
	afterAll(async () => {
		await browser?.close();
	});

	it.each(KINDS)('$name: every page is legible, fits, and passes axe', async ({ name, ...options }) => {
		const { page, clean } = await open(browser, options, /^401 \/admin\/api\/session$/);
		await answering(page);
		await page.goto(at('127.0.0.1', '/admin'));
		await page.getByLabel('Token').waitFor();
		await judge(page, `console-${name}-log-in`);
		await page.close();
		const entered = await enter(browser, '/admin', options);
		await answering(entered.page);
		for (const [title, address] of PAGES) {
			await entered.page.goto(at('127.0.0.1', address));
			await settled(entered.page);
			for (const details of await entered.page.locator('main details').all())
				await details.evaluate((element) => element.setAttribute('open', ''));
			await settled(entered.page);
			await judge(entered.page, `console-${name}-${title}`);
		}
		entered.clean();
		clean();
		await entered.page.context().close();
		await page.context().close();
	});

	it('JSON, changes, mistakes, a conflict and an edit from outside, dark and narrow', async () => {
		await seed('beside.example');
		const { page, clean } = await enter(
			browser,
			'/admin/domains/beside.example',
			{ viewport: { width: 320, height: 640 }, colorScheme: 'dark' },
			'412 /admin/api/domains/beside.example$',
		);
		await page.getByLabel('Name', { exact: true }).fill('Mine');
		await page.getByRole('radio', { name: 'JSON', exact: true }).check();
		await judge(page, 'console-narrow-dark-json');
		await page.getByRole('radio', { name: 'Changes' }).check();
		await judge(page, 'console-narrow-dark-changes');
		await change('beside.example', (record) => ({ ...record, provider: { name: 'Theirs' } }));
		await page.getByRole('button', { name: 'Save and publish' }).click();
		await page.getByRole('heading', { name: 'Two edits that collide' }).waitFor();
		await judge(page, 'console-narrow-dark-collision');
		await page.getByRole('button', { name: 'Drop my changes' }).click();
		await page.getByRole('button', { name: 'Delete this record…' }).click();
		await judge(page, 'console-narrow-dark-delete', false);
		clean();
		await page.context().close();
	});

	it('has an input for every field of the schema', async () => {
		const schema = JSON.parse(await readFile(join(import.meta.dirname, '../../public/record.schema.json'), 'utf8'));
		const { page, clean } = await enter(browser, '/admin/domains/everything.example', { viewport: { width: 1360, height: 900 } });
		await page.getByRole('heading', { name: 'Beyond the mailbox' }).waitFor();
		for (const part of await page.locator('fieldset.part input[type=checkbox]').all()) await part.check();
		const paths = fieldsOf(schema.oneOf[0], '').filter((field) => !['$schema', 'kind'].includes(field));
		expect(paths.length).toBeGreaterThan(40);
		const missing = await page.evaluate((all) => all.filter((field) => document.getElementById(`field-${field}`) === null), paths);
		expect(missing).toEqual([]);
		clean();
		await page.context().close();
	});

	it('links of the interface lead somewhere', async () => {
		const { page, clean } = await enter(browser, '/admin/domains/look.example');
		await settled(page);
		const hrefs = await page.locator('a').evaluateAll((links) => [...new Set(links.map((link) => link.getAttribute('href') ?? ''))]);
		for (const href of hrefs) {
			if (href.startsWith('#')) expect(await page.locator(`[id="${href.slice(1)}"]`).count(), href).toBe(1);
			else expect((await page.request.get(at('127.0.0.1', href))).status(), href).toBe(200);
		}
		clean();
		await page.context().close();
	});
});

interface JsonSchema {
	readonly properties?: Readonly<Record<string, JsonSchema>>;
}

function fieldsOf({ properties = {} }: JsonSchema, above: string): readonly string[] {
	return Object.entries(properties).flatMap(([key, schema]) => {
		const here = `${above}${key}`;
		return schema.properties === undefined ? [here] : fieldsOf(schema, `${here}.`);
	});
}

async function judge(page: Page, name: string, fullPage = true): Promise<void> {
	await picture(page, name, fullPage);
	await fits(page);
	await accessible(page);
}
