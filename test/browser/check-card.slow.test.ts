/** The last check on a domain's overview, in every state. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKED_DOMAINS, createCheckedDomains, openOverviewDetails, stubCheckAnswers } from './check-answers.ts';
import { findChromium, launchChromium } from './chromium.ts';
import { openConsole, waitForNetworkIdle } from './console-session.ts';
import { expectAccessible, expectNoBrokenWords, expectNoOverflow, expectTargetSizes, takeScreenshot } from './page-assertions.ts';

const chromiumPath = await findChromium();

describe.skipIf(chromiumPath === null)('the last check of a domain', () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await launchChromium(chromiumPath ?? '');
		await createCheckedDomains();
	});
	afterAll(async () => {
		await browser?.close();
	});

	async function openCard(state: keyof typeof CHECKED_DOMAINS, options: Parameters<typeof openConsole>[2] = {}) {
		const opened = await openConsole(browser, '/admin', options);
		await stubCheckAnswers(opened.page);
		await opened.page.goto(new URL(`/admin/domains/${CHECKED_DOMAINS[state]}`, opened.page.url()).href);
		const card = opened.page.getByRole('region', { name: 'Check', exact: true });
		await card.waitFor();
		await waitForNetworkIdle(opened.page);
		return { ...opened, card, toDo: opened.page.getByRole('region', { name: 'To do' }) };
	}

	it.each<[keyof typeof CHECKED_DOMAINS, readonly string[], readonly string[]]>([
		['never', ['No check was sent yet.', `signpost check ${CHECKED_DOMAINS.never} --api http://127.0.0.1:`], ['overall', 'A']],
		['good', ['overall', 'nothing found; 41 looked at', 'by Nightly check (token)'], ['To check again', 'days ago']],
		[
			'bad',
			[
				'no overall grade',
				'Something could not be looked at, or was not understood: HTTP.',
				'1 error, 1 piece of advice, 3 further findings',
			],
			['To check again', 'days ago'],
		],
		['old', ['Never sent: MTA-STS.', '10 days ago', 'Checked another record than the one saved now.', 'To check again'], ['✓']],
	])('%s: says what is known, and no more', async (state, said, unsaid) => {
		const { page, card, expectNoFaults } = await openCard(state);
		const text = (await card.innerText()).replaceAll('\u00a0', ' ');
		for (const part of said) expect([part, text.includes(part)]).toEqual([part, true]);
		for (const part of unsaid) expect([part, text.includes(part)]).toEqual([part, false]);
		expectNoFaults();
		await page.context().close();
	});

	it('what is wrong is under To do, and leads to the card; what is old is not said to be wrong', async () => {
		const bad = await openCard('bad');
		expect(await bad.toDo.innerText()).toMatch(
			/✕\s+The last check found an error: Mail servers\.[\s\S]*!\s+The last check found a warning: DNS\./,
		);
		expect(await bad.toDo.innerText()).toContain('The last check could not tell everything: HTTP.');
		const link = bad.toDo.getByRole('listitem').filter({ hasText: 'an error' }).getByRole('link', { name: 'Show the check', exact: true });
		await link.focus();
		await bad.page.keyboard.press('Enter');
		expect(new URL(bad.page.url()).hash).toBe('#check');
		// From the heading, the keyboard goes on to what was found.
		await bad.page.keyboard.press('Tab');
		await bad.page.keyboard.press('Enter');
		await bad.card.getByText('no login before TLS').waitFor();
		expect(await bad.card.locator('h3').allInnerTexts()).toEqual(['DNS', 'HTTP', 'Mail servers']);
		bad.expectNoFaults();
		await bad.page.context().close();

		const old = await openCard('old');
		expect(await old.toDo.innerText()).toMatch(/•\s+The last check was 8 to 10 days ago \(DNS, HTTP, Mail servers\): check again\./);
		old.expectNoFaults();
		await old.page.context().close();
	});

	it('that cannot be read says so, and is asked for again by a button', async () => {
		const { page, expectNoFaults } = await openConsole(browser, '/admin', {}, `503 /admin/api/domains/[^/]+/check$`);
		let answers = 0;
		await page.route('**/admin/api/domains/*/check', async (route) => {
			answers++;
			const problem = {
				status: 503,
				contentType: 'application/problem+json',
				body: '{"title":"The service could not answer.","status":503}',
			};
			await route.fulfill(answers === 1 ? problem : { json: { domain: CHECKED_DOMAINS.never, overall: null, areas: [] } });
		});
		await page.goto(new URL(`/admin/domains/${CHECKED_DOMAINS.never}`, page.url()).href);
		const card = page.getByRole('region', { name: 'Check', exact: true });
		await card.getByText('The service could not answer.').waitFor();
		await card.getByRole('button', { name: 'Try again' }).click();
		await card.getByText('No check was sent yet.').waitFor();
		expectNoFaults();
		await page.context().close();
	});

	it.each(['light', 'dark'] as const)('is legible in every state and width: %s', async (colorScheme) => {
		for (const state of ['never', 'good', 'bad', 'old'] as const) {
			const { page, expectNoFaults } = await openCard(state, { colorScheme });
			await openOverviewDetails(page);
			for (const direction of ['ltr', 'rtl']) {
				await page.evaluate(`document.documentElement.dir = '${direction}'`);
				for (const width of [320, 390, 1200]) {
					await page.setViewportSize({ width, height: 900 });
					await takeScreenshot(page, `check-card-${state}-${colorScheme}-${direction}-${width}`);
					await expectNoOverflow(page);
					await expectNoBrokenWords(page);
					await expectTargetSizes(page);
				}
			}
			await expectAccessible(page);
			expectNoFaults();
			await page.context().close();
		}
	});
});
