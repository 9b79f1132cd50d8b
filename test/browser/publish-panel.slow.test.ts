/** "Publish" on the DNS tab of a domain. The service of these tests may change no zone, so the answers are put in its place. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PublicationView, PublishedView } from '../../src/contract/publication/publication-views.ts';
import type { DnsView } from '../../src/contract/views.ts';
import { findChromium, launchChromium } from './chromium.ts';
import { createRecord, openConsole, waitForNetworkIdle } from './console-session.ts';
import { expectAccessible, expectNoBrokenWords, expectNoOverflow, expectTargetSizes, takeScreenshot } from './page-assertions.ts';

const chromiumPath = await findChromium();

const DOMAIN = 'published.example';
const PLAN = 'a'.repeat(64);
const theirs = { name: `_jmap._tcp.${DOMAIN}`, type: 'SRV', ttl: 300, data: '0 1 443 jmap.example.com.' };

const DNS = {
	domain: DOMAIN,
	site: 'signpost.example.net',
	records: [
		{
			protocol: 'autoconfig',
			name: `autoconfig.${DOMAIN}`,
			ttl: 3600,
			type: 'CNAME',
			data: 'signpost.example.net.',
			state: 'missing',
			found: [],
		},
	],
	leftover: [],
	theirs: [theirs],
	unlooked: [],
	publishing: { zone: DOMAIN, provider: 'cloudflare' },
} satisfies DnsView;

const REPLACED = {
	name: `autodiscover.${DOMAIN}`,
	type: 'CNAME',
	remove: [{ ttl: 300, data: 'autodiscover.outlook.com.' }],
	removeIfPresent: [],
	add: [{ ttl: 3600, data: 'signpost.example.net.' }],
};
const ADDED = {
	name: `_ua-auto-config.${DOMAIN}`,
	type: 'TXT',
	remove: [],
	removeIfPresent: [],
	add: [{ ttl: 3600, data: '"v=UAAC1; a=sha256; d=tQm0kz2yY3Jx8oA1u5rQ4n7cB6vE9wD0fG2hJ4kL8mN="' }],
};
const POLICY = { ...ADDED, name: `_mta-sts.${DOMAIN}`, add: [{ ttl: 3600, data: '"v=STSv1; id=0123456789abcdef0123"' }] };

const PUBLICATION = {
	domain: DOMAIN,
	zone: DOMAIN,
	provider: 'cloudflare',
	plan: PLAN,
	steps: [
		{ condition: 'nothing', changes: [REPLACED, ADDED] },
		{ condition: 'policy-served', changes: [POLICY] },
	],
	theirs: [theirs],
	blocked: [{ place: `mta-sts.${DOMAIN} CNAME`, reason: 'TXT of its own stands at this name, and no CNAME can stand beside it' }],
	unlooked: [],
} satisfies PublicationView;

const PUBLISHED = {
	domain: DOMAIN,
	zone: DOMAIN,
	provider: 'cloudflare',
	done: [REPLACED, ADDED],
	held: [
		{
			changes: [POLICY],
			reason: `the MTA-STS policy is not served yet: https://mta-sts.${DOMAIN}/.well-known/mta-sts.txt: it answers 404`,
			from: null,
		},
	],
	failure: null,
} satisfies PublishedView;

/** The answers of a service that may change the zone. @returns the bodies that were sent to publish */
async function answerAsPublisher(page: Page, published: PublishedView): Promise<readonly unknown[]> {
	const sent: unknown[] = [];
	await page.route(`**/api/domains/${DOMAIN}/dns`, (route) => route.fulfill({ json: DNS }));
	await page.route(`**/api/domains/${DOMAIN}/dns/publication`, (route) => {
		if (route.request().method() === 'GET') return route.fulfill({ json: PUBLICATION });
		sent.push(route.request().postDataJSON());
		return route.fulfill({ json: published });
	});
	return sent;
}

describe.skipIf(chromiumPath === null)('publishing in the console', () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launchChromium(chromiumPath ?? '');
		await createRecord(DOMAIN);
	});
	afterAll(async () => {
		await browser?.close();
	});

	it.each(['light', 'dark'] as const)('shows the changes, makes them at the second click, and says what waits: %s', async (colorScheme) => {
		const { page, expectNoFaults } = await openConsole(browser, '/admin', { colorScheme });
		const sent = await answerAsPublisher(page, PUBLISHED);
		await page.goto(new URL(`/admin/domains/${DOMAIN}/dns`, page.url()).href);
		const panel = page.getByRole('region', { name: 'Publish' });
		await panel.getByRole('button', { name: 'Show changes' }).click();
		await panel.getByText('autodiscover.outlook.com').waitFor();
		await lookAtEveryWidth(page, `publish-plan-${colorScheme}`);
		await panel.getByRole('button', { name: 'Cancel' }).click();
		expect(sent).toEqual([]);
		await panel.getByRole('button', { name: 'Show changes' }).click();
		await panel.getByRole('button', { name: 'Publish' }).click();
		await panel.getByText('These changes were made.').waitFor();
		expect(sent).toEqual([{ plan: PLAN }]);
		for (const text of ['To go back', 'it answers 404. Publish again later.'])
			expect([text, await panel.getByText(text).first().isVisible()]).toEqual([text, true]);
		await lookAtEveryWidth(page, `publish-done-${colorScheme}`);
		expectNoFaults();
		await page.context().close();
	});

	it('says that a step failed, and whether it may have been made all the same', async () => {
		const { page, expectNoFaults } = await openConsole(browser, '/admin');
		const failure = { message: 'Cloudflare does not answer: the connection broke', hint: null, unknown: true };
		await answerAsPublisher(page, { ...PUBLISHED, done: [], held: [], failure });
		await page.goto(new URL(`/admin/domains/${DOMAIN}/dns`, page.url()).href);
		const panel = page.getByRole('region', { name: 'Publish' });
		await panel.getByRole('button', { name: 'Show changes' }).click();
		await panel.getByRole('button', { name: 'Publish' }).click();
		await panel.getByText('Nobody can tell whether the last change was made').waitFor();
		await panel.getByRole('button', { name: 'Look again' }).waitFor();
		expectNoFaults();
		await page.context().close();
	});

	it('is not offered where the service may change no zone of the domain', async () => {
		const { page, expectNoFaults } = await openConsole(browser, '/admin');
		await page.route(`**/api/domains/${DOMAIN}/dns`, (route) => route.fulfill({ json: { ...DNS, publishing: null } }));
		await page.goto(new URL(`/admin/domains/${DOMAIN}/dns`, page.url()).href);
		await page.getByRole('heading', { name: 'Records of another service, left alone' }).waitFor();
		expect(await page.getByRole('region', { name: 'Publish' }).count()).toBe(0);
		expectNoFaults();
		await page.context().close();
	});
});

async function lookAtEveryWidth(page: Page, name: string): Promise<void> {
	await waitForNetworkIdle(page);
	for (const width of [320, 600, 1200]) {
		await page.setViewportSize({ width, height: 900 });
		await takeScreenshot(page, `${name}-${width}`);
		await expectNoOverflow(page);
		await expectNoBrokenWords(page);
		await expectTargetSizes(page);
	}
	await expectAccessible(page);
}
