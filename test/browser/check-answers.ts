/** Results of checks in every state, as the service would answer: it looks at no mail server itself. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { gradeFindings, overallGrade } from '../../src/contract/checks/check-grades.ts';
import type { CheckAreaResult, CheckedArea, DomainCheckView } from '../../src/contract/checks/check-results.ts';
import { DAY_MS, HOUR_MS } from '../../src/lib/time.ts';
import { callAdminApi, SAMPLE_RECORD } from './console-session.ts';

/** A domain for each state; every other domain was never checked. */
export const CHECKED_DOMAINS = {
	never: 'never-checked.example',
	good: 'checked-good.example',
	bad: 'checked-bad.example',
	old: 'checked-long-ago.example',
} as const;

const ABOUT = { by: 'Nightly check', kind: 'token', isCurrentRecord: true } as const;

function emptyArea(area: CheckedArea['area'], looked: number): CheckAreaResult {
	return { area, looked, findings: [], furtherFindings: 0, unknowns: [], furtherUnknowns: 0 };
}

const GOOD: readonly CheckAreaResult[] = [emptyArea('dns', 24), emptyArea('http', 41), emptyArea('mail', 6), emptyArea('mta-sts', 2)];

const BAD: readonly CheckAreaResult[] = [
	{
		...emptyArea('dns', 24),
		findings: [
			{
				severity: 'warning',
				code: 'dns-missing',
				place: '_submissions._tcp.a-name-that-is-about-as-long-as-names-of-customers-really-are.widths.example SRV',
				wanted: '0 1 465 smtp.a-name-that-is-about-as-long-as-names-of-customers-really-are.widths.example.',
				found: 'none',
				advice: 'Publish it: signpost zone DOMAIN --diff prints the line.',
			},
		],
	},
	{
		...emptyArea('http', 41),
		unknowns: [
			{ kind: 'unlooked', place: 'https://checked-bad.example', reason: 'no whole answer within 10 s' },
			{
				kind: 'unclear',
				place: 'smtp.checked-bad.example',
				reason: 'whether CAA lets the certificate be renewed: "ثقة" is not known here',
			},
		],
		furtherUnknowns: 4,
	},
	{
		...emptyArea('mail', 6),
		findings: [
			{
				severity: 'error',
				code: 'auth-before-tls',
				place: 'smtp.checked-bad.example:587',
				wanted: 'no login before TLS',
				found: 'PLAIN LOGIN שלום 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
				advice: 'Postfix: smtpd_tls_auth_only = yes; Dovecot: auth_allow_cleartext = no; Exim: auth_advertise_hosts = where TLS is on.',
			},
			{
				severity: 'advice',
				code: 'starttls-unlisted',
				place: 'imap.checked-bad.example:143',
				wanted: 'closed, or in the record',
				found: 'open, with STARTTLS',
				advice: 'Close the port when nobody uses it any more.',
			},
		],
		furtherFindings: 3,
	},
	{ ...emptyArea('mta-sts', 2) },
];

function answerOf(domain: string): DomainCheckView {
	const now = Date.now();
	const view = (results: readonly CheckAreaResult[], ageMs: (at: number) => number, isCurrentRecord = true): DomainCheckView => {
		const areas = results.map((result, at) => ({
			...result,
			...ABOUT,
			isCurrentRecord,
			at: new Date(now - ageMs(at)).toISOString(),
			grade: gradeFindings({ ...result, unknowns: result.unknowns.length + result.furtherUnknowns }),
		}));
		return { domain, overall: areas.length < 4 ? null : overallGrade(areas.map(({ grade }) => grade)), areas };
	};
	switch (domain) {
		case CHECKED_DOMAINS.good:
			return view(GOOD, () => HOUR_MS);
		case CHECKED_DOMAINS.bad:
			return view(BAD, () => HOUR_MS);
		// Some areas long ago, of another record, and one never.
		case CHECKED_DOMAINS.old:
			return view(GOOD.slice(0, 3), (at) => (at + 8) * DAY_MS, false);
		default:
			return { domain, overall: null, areas: [] };
	}
}

/** Creates the domains of every state, unless another test of the same service has. */
export async function createCheckedDomains(): Promise<void> {
	for (const domain of Object.values(CHECKED_DOMAINS)) {
		const { status } = await callAdminApi('PUT', `/domains/${domain}`, { record: SAMPLE_RECORD }, { 'If-None-Match': '*' });
		expect([200, 412]).toContain(status);
	}
}

/** Has the page answered so in place of the service. */
export async function stubCheckAnswers(page: Page): Promise<void> {
	await page.route('**/admin/api/domains/*/check', async (route) => {
		const domain = decodeURIComponent(new URL(route.request().url()).pathname.split('/')[4] ?? '');
		await route.fulfill({ json: answerOf(domain) });
	});
}

/** Opens everything on the overview that is folded, as what is in it has to be legible too. */
export async function openOverviewDetails(page: Page): Promise<void> {
	for (const details of await page.locator('.overview details').all()) {
		await details.evaluate((element) => element.setAttribute('open', ''));
		// The code of what is in it may have to be loaded.
		await details.locator('> :not(summary, .waiting)').first().waitFor();
	}
}
