import { exports } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { CONSOLE_PAGES } from '../../src/contract/console-routes.ts';
import { ADMIN_ORIGIN } from './admin-client.ts';

const PATHS = Object.values(CONSOLE_PAGES).map((path) => `/admin${path.replace('{domain}', 'example.org')}`);

function get(url: string, method = 'GET'): Promise<Response> {
	return exports.default.fetch(new Request(url, { method }));
}

describe("the console's document", () => {
	it.each(PATHS)('is served at %s, under a policy without exceptions', async (path) => {
		const response = await get(ADMIN_ORIGIN + path);
		expect(response.status).toBe(200);
		expect(response.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
		const policy = response.headers.get('Content-Security-Policy') ?? '';
		expect(policy).toContain("default-src 'none'");
		expect(policy).toContain("frame-ancestors 'none'");
		expect(policy).not.toMatch(/unsafe|https?:|\*/);
		const html = await response.text();
		expect(html).toContain('<script type="module" src="/assets/console.js">');
		// The document contains nothing that its Content-Security-Policy would block.
		expect(html).not.toMatch(/<style|style=|<script>|\son\w+=/);
	});

	it('loads what there is', async () => {
		const html = await (await get(`${ADMIN_ORIGIN}/admin`)).text();
		const loaded = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => match[1]);
		expect(loaded.length).toBe(4);
		for (const path of loaded) {
			const response = await get(`${ADMIN_ORIGIN}${path}`);
			expect(response.status, path).toBe(200);
			await response.body?.cancel();
		}
	});

	it('answers HEAD with the same head, and nothing else with a page', async () => {
		const head = await get(`${ADMIN_ORIGIN}/admin`, 'HEAD');
		expect(head.status).toBe(200);
		expect(await head.text()).toBe('');
		const post = await get(`${ADMIN_ORIGIN}/admin/tokens`, 'POST');
		expect(post.status).toBe(404);
		expect(await post.json()).toMatchObject({ code: 'not-found' });
	});

	const elsewhere: readonly (readonly [string, string])[] = [
		['a customer’s host', 'https://autoconfig.example.org/admin'],
		['a mail domain', 'https://example.org/admin/domains/example.org'],
		['a path that is no page', `${ADMIN_ORIGIN}/admin/nothing`],
		['a folder of pages', `${ADMIN_ORIGIN}/admin/domains`],
	];
	it.each(elsewhere)('is not served on %s', async (_, url) => {
		const response = await get(url);
		expect(response.status).toBe(404);
		expect(await response.text()).not.toContain('console.js');
	});

	it('is the answer to a browser that asks for a page that is not there, with 404', async () => {
		const ask = (path: string) =>
			exports.default.fetch(new Request(`${ADMIN_ORIGIN}${path}`, { headers: { Accept: 'text/html,*/*;q=0.8' } }));
		const page = await ask('/admin/nothing');
		expect(page.status).toBe(404);
		expect(await page.text()).toContain('console.js');
		const operation = await ask('/admin/api/nothing');
		expect(await operation.json()).toMatchObject({ code: 'not-found' });
	});

	it('leaves the API and the reference what they are', async () => {
		expect((await get(`${ADMIN_ORIGIN}/admin/api/session`)).status).toBe(401);
		const reference = await get(`${ADMIN_ORIGIN}/admin/reference`);
		expect(await reference.text()).not.toContain('console.js');
	});
});
