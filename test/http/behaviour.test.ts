/** HTTP's own manners: methods, validators, CORS, redirects to https, what is logged. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { datasetCounter, observer } from '../../src/http/observe.ts';
import { ask, autodiscover, MINIMAL, post, put, recordOf, text } from './service.ts';

const CONFIG = 'https://autoconfig.example.com/mail/config-v1.1.xml';

beforeEach(() => put('example.com', MINIMAL));
afterEach(() => vi.restoreAllMocks());

describe('methods', () => {
	it('HEAD is GET without the body', async () => {
		const [head, get] = [await ask(CONFIG, { method: 'HEAD' }), await ask(CONFIG)];
		expect(await head.text()).toBe('');
		expect(Object.fromEntries(head.headers)).toMatchObject({ etag: get.headers.get('ETag'), 'content-type': 'text/xml; charset=utf-8' });
	});

	it('OPTIONS says which there are', async () => {
		const response = await ask(CONFIG, { method: 'OPTIONS' });
		expect(response.status).toBe(204);
		expect(response.headers.get('Allow')).toBe('GET, HEAD, OPTIONS');
	});

	it('others hear which there are', async () => {
		const response = await ask(CONFIG, { method: 'DELETE' });
		expect(response.status).toBe(405);
		expect(response.headers.get('Allow')).toBe('GET, HEAD, OPTIONS');
		expect((await ask('https://example.com/autodiscover/autodiscover.xml', { method: 'PUT' })).headers.get('Allow')).toBe(
			'GET, HEAD, POST, OPTIONS',
		);
	});
});

describe('CORS', () => {
	const preflight = { method: 'OPTIONS', headers: { Origin: 'https://mail.example.net', 'Access-Control-Request-Method': 'GET' } };

	it('lets mail clients in a browser read', async () => {
		const response = await ask(CONFIG, preflight);
		expect(response.status).toBe(204);
		expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
		expect(response.headers.get('Access-Control-Allow-Methods')).toContain('GET');
	});

	it('answers the preflight of a redirect itself', async () => {
		expect((await ask('https://example.com/.well-known/jmap', preflight)).status).toBe(204);
	});

	it('is not for what is made out to somebody', async () => {
		const response = await ask('https://autodiscover.example.com/autodiscover/autodiscover.xml', preflight);
		expect(response.headers.get('Access-Control-Allow-Origin')).toBeNull();
	});
});

describe('validators', () => {
	it.each([
		['the same', (etag: string) => etag, 304],
		['weak', (etag: string) => `W/${etag}`, 304],
		['a list', (etag: string) => `"x", ${etag}`, 304],
		['any', () => '*', 304],
		['another', () => '"x"', 200],
	] as const)('%s', async (_, header, status) => {
		const etag = (await ask(CONFIG)).headers.get('ETag') ?? '';
		const response = await ask(CONFIG, { headers: { 'If-None-Match': header(etag) } });
		expect(response.status).toBe(status);
		if (status === 304) expect(await response.text()).toBe('');
		expect(response.headers.get('ETag')).toBe(etag);
	});

	it('change with the record', async () => {
		const before = (await ask(CONFIG)).headers.get('ETag');
		await put('example.com', recordOf('other'));
		expect((await ask(CONFIG)).headers.get('ETag')).not.toBe(before);
	});
});

describe('plain http', () => {
	it('is sent on to https, query kept', async () => {
		const response = await ask('http://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=a+b%40example.com');
		expect(response.status).toBe(308);
		expect(response.headers.get('Location')).toBe('https://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=a+b%40example.com');
	});

	it.each(['GET', 'POST'])('is answered %s of Autodiscover with the 302 that Outlook looks for', async (method) => {
		const response = await ask('http://autodiscover.example.com/autodiscover/autodiscover.xml', { method });
		expect(response.status).toBe(302);
		expect(response.headers.get('Location')).toBe('https://autodiscover.example.com/autodiscover/autodiscover.xml');
	});
});

describe('look-up', () => {
	const host = (document: string) => /<outgoingServer[\s\S]*?<hostname>([^<]*)</.exec(document)?.[1] ?? document;
	const config = async (name: string, query = '') => host(await text(`https://${name}/mail/config-v1.1.xml${query}`));

	it('takes the address before the host', async () => {
		await put('example.org', recordOf('org'));
		expect(await config('autoconfig.example.com', '?emailaddress=a@example.org')).toBe('smtp.org.example');
	});

	it('takes the host where the address is unknown: discovery through the MX', async () => {
		expect(await config('autoconfig.example.com', '?emailaddress=a@customer.example')).toBe('smtp.example.com');
		const answer = await (
			await post('https://autodiscover.example.com/autodiscover/autodiscover.xml', autodiscover('a@customer.example'))
		).text();
		expect(answer).toContain('<LoginName>a@customer.example</LoginName>');
	});

	it('takes the host where there is no address, or none that is one', async () => {
		expect(await config('autoconfig.example.com')).toBe('smtp.example.com');
		expect(await config('autoconfig.example.com', '?emailaddress=')).toBe('smtp.example.com');
		expect(await config('autoconfig.example.com', '?emailaddress=%00')).toBe('smtp.example.com');
	});

	it('takes the bare host, its service label or not', async () => {
		await put('autoconfig.example', recordOf('label'));
		expect(await config('example.com')).toBe('smtp.example.com');
		expect(await config('autoconfig.example')).toBe('smtp.label.example');
	});

	it('finds international names in either form', async () => {
		await put('xn--bcher-kva.example', recordOf('books'));
		expect(await config('autoconfig.example.com', '?emailaddress=a@b%C3%BCcher.example')).toBe('smtp.books.example');
		expect(await config('autoconfig.example.com', '?emailaddress=a@XN--BCHER-KVA.example')).toBe('smtp.books.example');
		expect(await config('autoconfig.bücher.example')).toBe('smtp.books.example');
	});

	it('follows an alias, and puts the asking domain in its place', async () => {
		await put('hoster.example', {
			...recordOf('x'),
			services: { imap: { host: 'i.example' }, submission: { host: 'smtp.%EMAILDOMAIN%' } },
		});
		await put('customer.example', { kind: 'alias', of: 'hoster.example' });
		expect(await config('autoconfig.customer.example')).toBe('smtp.customer.example');
		expect(await text('https://autoconfig.customer.example/mail/config-v1.1.xml')).toContain('<domain>customer.example</domain>');
	});

	it('knows wildcards', async () => {
		await put('*.example.com', recordOf('below'));
		expect(await config('autoconfig.dep.example.com')).toBe('smtp.below.example');
		await put('*', recordOf('all'));
		expect(await config('autoconfig.anything.example')).toBe('smtp.all.example');
		expect(await config('autoconfig.example.com')).toBe('smtp.example.com');
	});

	it("takes a value with the keeper's mark as it is", async () => {
		await put('marked.example', { checked: 1, revision: 7, record: recordOf('marked') });
		expect(await config('autoconfig.marked.example')).toBe('smtp.marked.example');
	});
});

describe('a record that does not parse', () => {
	it('is refused tersely, logged by key and path, and harms no other domain', async () => {
		const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined);
		await put('broken.example', { kind: 'domain', provider: { name: 'x' }, services: { imap: { host: '192.0.2.1' } } });
		const response = await ask('https://autoconfig.broken.example/mail/config-v1.1.xml');
		expect([response.status, await response.text()]).toEqual([404, 'Not found.\n']);
		expect(JSON.parse(String(errors.mock.calls[0]?.[0]))).toMatchObject({
			code: 'bad-record',
			key: 'record:broken.example',
			path: 'services.imap.host',
		});
		const posted = await post('https://autodiscover.broken.example/autodiscover/autodiscover.xml', autodiscover('a@broken.example'));
		expect([posted.status, (await posted.text()).includes('<ErrorCode>602</ErrorCode>')]).toEqual([200, true]);
		await put('broken.example', '{');
		expect((await ask('https://autoconfig.broken.example/mail/config-v1.1.xml')).status).toBe(404);
		expect((await ask(CONFIG)).status).toBe(200);
	});
});

describe('pages', () => {
	it("are served under the service's own name, never under a customer's", async () => {
		expect(await text('https://localhost/robots.txt')).toContain('Disallow');
		for (const host of ['autoconfig.example.com', 'autoconfig.unknown.example']) {
			const response = await ask(`https://${host}/robots.txt`);
			expect([response.status, await response.text()]).toEqual([404, 'Not found.\n']);
		}
	});
});

describe('the log', () => {
	it('has a line a request that says nothing of who asked', async () => {
		const lines = vi.spyOn(console, 'log').mockImplementation(() => undefined);
		const headers = { 'User-Agent': 'Mozilla/5.0 Thunderbird/153.7.0 secret' };
		await ask(`${CONFIG}?emailaddress=secret%40example.com`, { headers });
		await post('https://autodiscover.example.com/autodiscover/autodiscover.xml', autodiscover('secret@example.com'));
		const logged = lines.mock.calls.map(([line]) => String(line));
		expect(logged.map((line) => JSON.parse(line))).toEqual([
			{ protocol: 'autoconfig', client: 'thunderbird', outcome: 'ok', status: 200, ms: expect.any(Number) },
			{ protocol: 'autodiscover-xml', client: 'none', outcome: 'ok', status: 200, ms: expect.any(Number) },
		]);
		expect(logged.join()).not.toMatch(/secret|example\.com/);
	});

	it('counts in Analytics Engine where it is bound', () => {
		vi.spyOn(console, 'log').mockImplementation(() => undefined);
		const points: unknown[] = [];
		observer([datasetCounter({ writeDataPoint: (point) => points.push(point) })])({
			protocol: 'pacc',
			client: 'apple',
			outcome: 'ok',
			status: 200,
			ms: 3,
		});
		expect(points).toEqual([{ indexes: ['pacc'], blobs: ['pacc', 'apple', 'ok'], doubles: [3, 200] }]);
	});
});
