import { env, exports } from 'cloudflare:workers';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LANGUAGE_CODES } from '../../../src/http/setup/languages.ts';
import branded from '../../fixtures/records/branded.json';
import markup from '../../fixtures/records/markup.json';
import policyOnly from '../../fixtures/records/policy-only.json';
import pop3Only from '../../fixtures/records/pop3-only.json';
import userInUrl from '../../fixtures/records/user-in-url.json';

const RECORDS = {
	'example.com': branded,
	'markup.example': markup,
	'policy.example': policyOnly,
	'pop.example': pop3Only,
	'user.example': userInUrl,
};
const SERVICE_URL = 'https://localhost';
const SETUP_URL = 'https://autoconfig.example.com/';

beforeEach(async () => {
	for (const [domain, record] of Object.entries(RECORDS)) await env.RECORDS.put(`record:${domain}`, JSON.stringify(record));
});

function get(url: string, headers: Record<string, string> = {}): Promise<Response> {
	return exports.default.fetch(new Request(url, { headers }));
}

function post(url: string, fields: Record<string, string>): Promise<Response> {
	return exports.default.fetch(new Request(url, { method: 'POST', body: new URLSearchParams(fields) }));
}

describe('the set-up page', () => {
	it.each([
		SETUP_URL,
		'https://autodiscover.example.com/',
		'https://AUTOCONFIG.example.com',
		`${SERVICE_URL}/setup/example.com`,
		`${SERVICE_URL}/SETUP/Example.com/`,
	])('is at %s', async (url) => {
		const response = await get(url);
		expect(response.status).toBe(200);
		expect(response.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
		expect(await response.text()).toContain('Set up mail for example.com');
	});

	it.each([
		['https://autoconfig.example.org/', 'There are no settings'], // no record
		['https://autoconfig.policy.example/', 'There are no settings'], // a record without anything to set up
		['https://autoconfig.broken.example/', 'cannot be shown'], // a value that is no record
		[`${SERVICE_URL}/setup/example.org`, 'Enter your e-mail address'],
		[`${SERVICE_URL}/setup/nonsense`, 'Enter your e-mail address'],
	])('is not at %s, where a page says so', async (url, sentence) => {
		await env.RECORDS.put('record:broken.example', '{"kind":');
		const response = await get(url, { 'Accept-Language': 'en' });
		expect(response.status).toBe(404);
		expect(response.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
		expect(response.headers.get('Cache-Control')).toBe('no-store');
		const page = await response.text();
		expect(page).toContain('<h1>No mail settings here</h1>');
		expect(page).toContain(sentence);
		const french = await (await get(url, { 'Accept-Language': 'fr' })).text();
		expect(french).toContain('Pas de réglages de messagerie ici');
	});

	it.each([
		'https://example.com/', // the customer's own website, should it ever be pointed here
		'https://mta-sts.example.com/', // no place for people
		'https://autoconfig.example.com/setup/example.com', // a customer's name speaks for itself alone
	])('is not at %s, where there is one line of text', async (url) => {
		const response = await get(url);
		expect(response.status).toBe(404);
		expect(response.headers.get('Content-Type')).toBe('text/plain; charset=utf-8');
		expect(await response.text()).toBe('Not found.\n');
	});

	it('allows itself its own origin and nothing else', async () => {
		const policy = (await get(SETUP_URL)).headers.get('Content-Security-Policy') ?? '';
		expect(policy).toMatch(/^default-src 'none'; style-src 'self' 'sha256-[A-Za-z0-9+/]{43}='; script-src 'self'; img-src 'self' data:; /);
		expect(policy).not.toContain('unsafe');
		expect((await get(SETUP_URL)).headers.get('Referrer-Policy')).toBe('no-referrer');
	});

	it('allows the logo of the record by its URL', async () => {
		const logo = 'https://www.example.com/logo.svg';
		const record = { ...branded, provider: { name: 'Example', logo } };
		await env.RECORDS.put('record:logo.example', JSON.stringify(record));
		const response = await get('https://autoconfig.logo.example/');
		expect(response.headers.get('Content-Security-Policy')).toContain(`img-src 'self' data: ${logo}; `);
		expect(response.headers.get('Content-Security-Policy')).toContain("style-src 'self'; ");
		expect(await response.text()).toContain(`<img src="${logo}"`);
	});

	it('writes a domain as its people do', async () => {
		await env.RECORDS.put('record:xn--bcher-kva.example', JSON.stringify(branded));
		const page = await (await get('https://autoconfig.xn--bcher-kva.example/')).text();
		expect(page).toContain('<title>Set up mail for bücher.example</title>');
		expect(page).toContain('href="/xn--bcher-kva.example.mobileconfig"');
	});

	it('escapes what the record says', async () => {
		const page = await (await get('https://autoconfig.markup.example/')).text();
		expect(page).toContain('&lt;mail&gt;');
		expect(page).not.toContain('<mail>');
	});

	it('has an entity tag, and 304 for who has it', async () => {
		const tag = (await get(SETUP_URL)).headers.get('ETag') ?? '';
		expect((await get(SETUP_URL, { 'If-None-Match': tag })).status).toBe(304);
		expect((await get(`${SETUP_URL}?lang=de`, { 'If-None-Match': tag })).status).toBe(200);
	});

	it.each([
		['the standard ports', {}, true, true],
		['STARTTLS alone, on its port', { implicit: null, starttls: 587 }, true, false],
		['no STARTTLS', { starttls: null }, true, false],
		['implicit TLS on 587, which Apple takes for STARTTLS', { implicit: 587, starttls: null }, false, false],
		['STARTTLS on a port that Apple takes for implicit TLS', { implicit: null, starttls: 588 }, false, false],
		['a fallback on a port that Apple takes for implicit TLS', { starttls: 588 }, true, false],
		['implicit TLS that no profile can hold, and a fallback that it can', { implicit: 25, starttls: 587 }, true, false],
	])('has a button for just the profiles that are served: %s', async (_, ports, profile, fallback) => {
		const services = { imap: { host: 'imap.example.org' }, submission: { host: 'smtp.example.org', ...ports } };
		await env.RECORDS.put('record:ports.example', JSON.stringify({ kind: 'domain', provider: { name: 'Ports' }, services }));
		const page = await (await get('https://autoconfig.ports.example/')).text();
		const link = 'href="/ports.example.mobileconfig';
		expect([page.includes(`${link}"`), page.includes(`${link}?submission=starttls"`)]).toEqual([profile, fallback]);
		const served = await get('https://autoconfig.ports.example/ports.example.mobileconfig');
		expect(served.status).toBe(profile ? 200 : 404);
	});

	it('has no profile to offer without a server for each direction', async () => {
		const { submission: _, ...services } = branded.services;
		await env.RECORDS.put('record:in.example', JSON.stringify({ ...branded, services }));
		const page = await (await get('https://autoconfig.in.example/')).text();
		expect(page).not.toContain('mobileconfig');
		expect(page).toContain('There is no profile for this mailbox: a profile needs one server');
	});

	it('says POP3 where there is no IMAP, and nothing of a fallback that is not offered', async () => {
		const page = await (await get('https://autoconfig.pop.example/')).text();
		expect(page).toContain('pop.example.com');
		expect(page).toContain('the part of your address before the @');
		expect(page).not.toContain('blocked on your network?');
	});
});

describe('what the record allows', () => {
	const { services } = branded;
	const oauth = {
		issuer: 'https://login.example.com',
		authUrl: 'https://login.example.com/auth',
		tokenUrl: 'https://login.example.com/token',
		scope: 'mail',
	};
	it.each([
		['implicit TLS on 587', { ...services, submission: { host: 'smtp.example.com', implicit: 587, starttls: null } }, 'it uses ports'],
		['STARTTLS on an odd port', { ...services, submission: { host: 'smtp.example.com', implicit: null, starttls: 588 } }, 'it uses ports'],
		[
			'OAuth only',
			{ imap: { ...services.imap, auth: ['oauth2'] }, submission: { ...services.submission, auth: ['oauth2'] } },
			'on a web page',
		],
	])('%s: no link to a profile, and the reason', async (_, changed, reason) => {
		await env.RECORDS.put('record:odd.example', JSON.stringify({ ...branded, oauth, services: changed }));
		const page = await (await get('https://autoconfig.odd.example/')).text();
		expect(page).not.toContain('mobileconfig');
		expect(page).toContain(`There is no profile for this mailbox: `);
		expect(page).toContain(reason);
		expect(page).toContain('Settings to enter by hand');
	});

	it('OAuth only: no steps for apps that know passwords only, and no code for Thunderbird', async () => {
		const oauthOnly = { imap: { ...services.imap, auth: ['oauth2'] }, submission: { ...services.submission, auth: ['oauth2'] } };
		await env.RECORDS.put('record:odd.example', JSON.stringify({ ...branded, oauth, services: oauthOnly }));
		const page = await (await get('https://autoconfig.odd.example/')).text();
		expect(page).toContain('none: the app opens a log-in page');
		expect(page).not.toContain('Samsung Email</summary>');
		expect(page).not.toContain('data-thunderbird-qr');
	});
});

describe('the device', () => {
	it.each([
		['Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X)', 'iphone'],
		['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)', 'mac'],
		['Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36', 'android'],
		['Mozilla/5.0 (Windows NT 10.0; Win64; x64)', 'windows'],
		['Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0', 'linux'],
		['curl/8', 'other'],
	])('%s is preselected', async (userAgent, app) => {
		const page = await (await get(SETUP_URL, { 'User-Agent': userAgent })).text();
		expect([...page.matchAll(/id="way-(\w+)"[^>]*checked/g)].map(([, checked]) => checked)).toEqual([app]);
	});

	it('a browser that cannot install profiles gets the address to open elsewhere, and no button', async () => {
		const page = await (
			await get(SETUP_URL, { 'User-Agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) FxiOS/143.0' })
		).text();
		const panel = /id="panel-iphone".*?<section/s.exec(page)?.[0] ?? '';
		expect(panel).toContain('This browser cannot install profiles.');
		expect(panel.replaceAll('<wbr/>', '')).toContain('>https://autoconfig.example.com/</code>');
		expect(panel).not.toContain('mobileconfig');
	});

	it.each([
		['finder', 'other'],
		['outlook', 'windows'],
	])('a page of an earlier version posts %s', async (former, app) => {
		const page = await (await post(SETUP_URL, { address: 'alice@example.com', way: former })).text();
		expect(page).toMatch(new RegExp(`id="way-${app}"[^>]*checked`));
	});
});

describe('the language', () => {
	it.each([
		['de-AT,de;q=0.9,en;q=0.5', 'de'],
		['nl,pl;q=0.3,fr;q=0.7', 'fr'], // the best of those that are here
		['ar', 'ar'],
		['en;q=0.1,ja;q=0', 'en'], // q=0: not acceptable
		['', 'en'],
		['klingon;;;q=x,,', 'en'],
	])('follows Accept-Language: %s', async (header, language) => {
		const page = await (await get(SETUP_URL, { 'Accept-Language': header })).text();
		expect(page).toContain(`<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">`);
	});

	it('orders the parts of a server as its readers do, and each part from left to right', async () => {
		const page = (await (await get(SETUP_URL, { 'Accept-Language': 'ar' })).text()).replaceAll(' class="unbroken"', '');
		expect(page).toContain('<bdi dir="ltr">IMAP imap.example.com</bdi>، المنفذ <bdi dir="ltr">993</bdi>، <bdi dir="ltr">SSL/TLS</bdi>');
	});

	it.each(LANGUAGE_CODES)('can be switched: %s', async (language) => {
		const page = await (await get(`${SETUP_URL}?lang=${language}`, { 'Accept-Language': 'fr' })).text();
		expect(page).toContain(`<html lang="${language}"`);
		// No placeholder was left unfilled.
		expect(page.replace(/data-\w+="[^"]*"/g, '')).not.toMatch(/\{\w+\}/);
	});
});

describe('the form', () => {
	it('fills the page in', async () => {
		const response = await post(SETUP_URL, { address: ' alice+x@Example.com ', way: 'mac', lang: 'en' });
		expect(response.status).toBe(200);
		expect(response.headers.get('Cache-Control')).toBe('no-store');
		const page = await response.text();
		expect(page).toContain('data-login="%EMAILADDRESS%">alice+x@example.com</code>');
		expect(page).toContain('<input type="hidden" name="email" value="alice+x@example.com"/>');
		expect(page).toMatch(/id="way-mac"[^>]*checked/);
	});

	it('fills the user into the URLs of calendars, and shows an example without an address', async () => {
		const url = 'https://autoconfig.user.example/';
		const without = await (await get(url)).text();
		expect(without).toContain('data-url="https://dav.example.com/calendars/%EMAILADDRESS%/" hidden=""></code>');
		// Long words have places where they may break.
		expect(without.replaceAll('<wbr/>', '')).toContain('https://dav.example.com/calendars/you%40user.example/');
		const filled = await (await post(url, { address: "o'neil/x@user.example" })).text();
		expect(filled).toContain('>https://dav.example.com/calendars/o%27neil%2Fx%40user.example/</code>');
		expect(filled).toContain('>https://dav.example.com/contacts/o%27neil%2Fx/?domain=user.example</code>');
	});

	it('finds the domain from the service’s own page', async () => {
		const page = await (await post(`${SERVICE_URL}/`, { address: 'alice@example.com' })).text();
		expect(page).toContain('action="/setup/example.com"');
	});

	it.each([
		[SETUP_URL, 'alice', 400],
		[SETUP_URL, 'alice@example.org', 400], // a customer's page is for the customer's addresses
		[`${SERVICE_URL}/`, 'alice', 400],
		[`${SERVICE_URL}/`, 'alice@example.org', 404],
	])('at %s refuses %s and keeps it in its field', async (url, address, status) => {
		const response = await post(url, { address });
		expect(response.status).toBe(status);
		const page = await response.text();
		expect(page).toContain('aria-invalid="true"');
		expect(page).toContain(`value="${address}"`);
	});

	it('escapes an address that could be mistaken for markup', async () => {
		const page = await (await post(SETUP_URL, { address: '"><script>alert(1)</script>@example.com' })).text();
		expect(page).toContain('&quot;&gt;&lt;script&gt;alert(1)');
		expect(page).not.toContain('<script>alert');
	});

	it('is logged without the address where it is refused', async () => {
		const log = vi.spyOn(console, 'log');
		await post(SETUP_URL, { address: 'alice@unknown.example' });
		expect(log.mock.calls.flat().map((line) => JSON.parse(String(line)))).toMatchObject([{ protocol: 'setup', status: 400 }]);
		expect(String(log.mock.calls)).not.toMatch(/alice|unknown\.example/);
		log.mockRestore();
	});

	it('is read no further than it may be long', async () => {
		const response = await post(SETUP_URL, { address: 'a'.repeat(20_000) });
		expect(response.status).toBe(404);
	});
});

describe('files', () => {
	it.each(['setup.css', 'setup.js', 'icon.svg'])('%s is at every name', async (file) => {
		for (const origin of ['https://autoconfig.example.com', SERVICE_URL]) {
			const response = await get(`${origin}/assets/${file}`);
			expect(response.status).toBe(200);
			expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff');
			await response.text();
		}
	});

	it('of the service are not at a customer’s name', async () => {
		expect((await get('https://autoconfig.example.com/record.schema.json')).status).toBe(404);
	});
});

describe('the profile by form', () => {
	it('is made out to the address', async () => {
		const response = await post('https://autoconfig.example.com/mobileconfig', { email: 'alice+x@example.com', submission: 'starttls' });
		expect(response.headers.get('Content-Type')).toBe('application/x-apple-aspen-config');
		const profile = await response.text();
		expect(profile).toContain('<string>alice+x@example.com</string>');
		expect(profile).toContain('<integer>587</integer>');
	});

	it('is refused without one', async () => {
		expect((await post('https://autoconfig.example.com/mobileconfig', { email: '' })).status).toBe(400);
	});
});
