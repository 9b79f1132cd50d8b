/** HTTP semantics: methods, validators, CORS, redirects to https, and what is logged. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDatasetCounter, createRequestLogger } from '../../src/http/request-log.ts';
import { autodiscoverRequest, fetchText, fetchWorker, MINIMAL_RECORD, postBody, putRecord, recordNamed } from './worker-client.ts';

const AUTOCONFIG_URL = 'https://autoconfig.example.com/mail/config-v1.1.xml';

beforeEach(() => putRecord('example.com', MINIMAL_RECORD));
afterEach(() => vi.restoreAllMocks());

describe('methods', () => {
	it('HEAD is GET without the body', async () => {
		const [head, get] = [await fetchWorker(AUTOCONFIG_URL, { method: 'HEAD' }), await fetchWorker(AUTOCONFIG_URL)];
		expect(await head.text()).toBe('');
		expect(Object.fromEntries(head.headers)).toMatchObject({ etag: get.headers.get('ETag'), 'content-type': 'text/xml; charset=utf-8' });
	});

	it('OPTIONS says which there are', async () => {
		const response = await fetchWorker(AUTOCONFIG_URL, { method: 'OPTIONS' });
		expect(response.status).toBe(204);
		expect(response.headers.get('Allow')).toBe('GET, HEAD, OPTIONS');
	});

	it('others hear which there are', async () => {
		const response = await fetchWorker(AUTOCONFIG_URL, { method: 'DELETE' });
		expect(response.status).toBe(405);
		expect(response.headers.get('Allow')).toBe('GET, HEAD, OPTIONS');
		expect((await fetchWorker('https://example.com/autodiscover/autodiscover.xml', { method: 'PUT' })).headers.get('Allow')).toBe(
			'GET, HEAD, POST, OPTIONS',
		);
	});
});

describe('CORS', () => {
	const preflight = { method: 'OPTIONS', headers: { Origin: 'https://mail.example.net', 'Access-Control-Request-Method': 'GET' } };

	it('lets mail clients in a browser read', async () => {
		const response = await fetchWorker(AUTOCONFIG_URL, preflight);
		expect(response.status).toBe(204);
		expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
		expect(response.headers.get('Access-Control-Allow-Methods')).toContain('GET');
	});

	it('answers the preflight of a redirect itself', async () => {
		expect((await fetchWorker('https://example.com/.well-known/jmap', preflight)).status).toBe(204);
	});

	it('is not for what is made out to somebody', async () => {
		const response = await fetchWorker('https://autodiscover.example.com/autodiscover/autodiscover.xml', preflight);
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
		const etag = (await fetchWorker(AUTOCONFIG_URL)).headers.get('ETag') ?? '';
		const response = await fetchWorker(AUTOCONFIG_URL, { headers: { 'If-None-Match': header(etag) } });
		expect(response.status).toBe(status);
		if (status === 304) expect(await response.text()).toBe('');
		expect(response.headers.get('ETag')).toBe(etag);
	});

	it('change with the record', async () => {
		const before = (await fetchWorker(AUTOCONFIG_URL)).headers.get('ETag');
		await putRecord('example.com', recordNamed('other'));
		expect((await fetchWorker(AUTOCONFIG_URL)).headers.get('ETag')).not.toBe(before);
	});
});

describe('caches', () => {
	it('are told that one URL of autoconfig has an answer by client', async () => {
		const url = 'https://autoconfig.example.com/mail/config-v1.1.xml';
		const [browser, kmail] = await Promise.all(
			['Mozilla/5.0 (X11; Linux x86_64)', 'Mozilla/5.0'].map(async (agent) => {
				const response = await fetchWorker(url, { headers: { 'User-Agent': agent } });
				return { vary: response.headers.get('Vary'), etag: response.headers.get('ETag'), text: await response.text() };
			}),
		);
		expect([browser?.vary, kmail?.vary]).toEqual(['User-Agent', 'User-Agent']);
		expect(browser?.etag).not.toBe(kmail?.etag);
		expect(browser?.text).toContain('<port>587</port>');
		expect(kmail?.text).toContain('<port>465</port>');
		expect(kmail?.text).not.toContain('<port>587</port>');
	});
});

describe('plain http', () => {
	it('is sent on to https, query kept', async () => {
		const response = await fetchWorker('http://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=a+b%40example.com');
		expect(response.status).toBe(308);
		expect(response.headers.get('Location')).toBe('https://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=a+b%40example.com');
	});

	it.each(['GET', 'POST'])('is answered %s of Autodiscover with the 302 that Outlook looks for', async (method) => {
		const response = await fetchWorker('http://autodiscover.example.com/autodiscover/autodiscover.xml', { method });
		expect(response.status).toBe(302);
		expect(response.headers.get('Location')).toBe('https://autodiscover.example.com/autodiscover/autodiscover.xml');
	});
});

describe('look-up', () => {
	const host = (document: string) => /<outgoingServer[\s\S]*?<hostname>([^<]*)</.exec(document)?.[1] ?? document;
	const config = async (name: string, query = '') => host(await fetchText(`https://${name}/mail/config-v1.1.xml${query}`));

	it('takes the address before the host', async () => {
		await putRecord('example.org', recordNamed('org'));
		expect(await config('autoconfig.example.com', '?emailaddress=a@example.org')).toBe('smtp.org.example');
	});

	it('takes the host where the address is unknown: discovery through the MX', async () => {
		expect(await config('autoconfig.example.com', '?emailaddress=a@customer.example')).toBe('smtp.example.com');
		const answer = await (
			await postBody('https://autodiscover.example.com/autodiscover/autodiscover.xml', autodiscoverRequest('a@customer.example'))
		).text();
		expect(answer).toContain('<LoginName>a@customer.example</LoginName>');
	});

	it('takes the host where there is no address, or none that is one', async () => {
		expect(await config('autoconfig.example.com')).toBe('smtp.example.com');
		expect(await config('autoconfig.example.com', '?emailaddress=')).toBe('smtp.example.com');
		expect(await config('autoconfig.example.com', '?emailaddress=%00')).toBe('smtp.example.com');
	});

	it('takes the bare host, its service label or not', async () => {
		await putRecord('autoconfig.example', recordNamed('label'));
		expect(await config('example.com')).toBe('smtp.example.com');
		expect(await config('autoconfig.example')).toBe('smtp.label.example');
	});

	it('finds international names in either form', async () => {
		await putRecord('xn--bcher-kva.example', recordNamed('books'));
		expect(await config('autoconfig.example.com', '?emailaddress=a@b%C3%BCcher.example')).toBe('smtp.books.example');
		expect(await config('autoconfig.example.com', '?emailaddress=a@XN--BCHER-KVA.example')).toBe('smtp.books.example');
		expect(await config('autoconfig.bücher.example')).toBe('smtp.books.example');
	});

	it('follows an alias, and puts the asking domain in its place', async () => {
		await putRecord('hoster.example', {
			...recordNamed('x'),
			services: { imap: { host: 'i.example' }, submission: { host: 'smtp.%EMAILDOMAIN%' } },
		});
		await putRecord('customer.example', { kind: 'alias', of: 'hoster.example' });
		expect(await config('autoconfig.customer.example')).toBe('smtp.customer.example');
		expect(await fetchText('https://autoconfig.customer.example/mail/config-v1.1.xml')).toContain('<domain>customer.example</domain>');
	});

	it('knows wildcards', async () => {
		await putRecord('*.example.com', recordNamed('below'));
		expect(await config('autoconfig.dep.example.com')).toBe('smtp.below.example');
		await putRecord('*', recordNamed('all'));
		expect(await config('autoconfig.anything.example')).toBe('smtp.all.example');
		expect(await config('autoconfig.example.com')).toBe('smtp.example.com');
	});

	it("takes a value with the keeper's mark as it is", async () => {
		await putRecord('marked.example', { checked: 1, revision: 7, record: recordNamed('marked') });
		expect(await config('autoconfig.marked.example')).toBe('smtp.marked.example');
	});
});

describe('a record that does not parse', () => {
	it('is refused tersely, logged by key and path, and harms no other domain', async () => {
		const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined);
		await putRecord('broken.example', { kind: 'domain', provider: { name: 'x' }, services: { imap: { host: '192.0.2.1' } } });
		const response = await fetchWorker('https://autoconfig.broken.example/mail/config-v1.1.xml');
		expect([response.status, await response.text()]).toEqual([404, 'Not found.\n']);
		expect(JSON.parse(String(errors.mock.calls[0]?.[0]))).toMatchObject({
			code: 'bad-record',
			key: 'record:broken.example',
			path: 'services.imap.host',
		});
		const posted = await postBody(
			'https://autodiscover.broken.example/autodiscover/autodiscover.xml',
			autodiscoverRequest('a@broken.example'),
		);
		expect([posted.status, (await posted.text()).includes('<ErrorCode>602</ErrorCode>')]).toEqual([200, true]);
		await putRecord('broken.example', '{');
		expect((await fetchWorker('https://autoconfig.broken.example/mail/config-v1.1.xml')).status).toBe(404);
		expect((await fetchWorker(AUTOCONFIG_URL)).status).toBe(200);
	});
});

describe('pages', () => {
	it("are served under the service's own name, never under a customer's", async () => {
		expect(await fetchText('https://localhost/robots.txt')).toContain('Disallow');
		for (const host of ['autoconfig.example.com', 'autoconfig.unknown.example']) {
			const response = await fetchWorker(`https://${host}/robots.txt`);
			expect([response.status, await response.text()]).toEqual([404, 'Not found.\n']);
		}
	});
});

describe('the log', () => {
	it('has a line for a request that was refused, which says nothing of who asked, and none for one that was answered', async () => {
		const lines = vi.spyOn(console, 'log').mockImplementation(() => undefined);
		const headers = { 'User-Agent': 'Mozilla/5.0 Thunderbird/153.7.0 secret' };
		const post = (address: string) =>
			postBody('https://autodiscover.example.com/autodiscover/autodiscover.xml', autodiscoverRequest(address));
		await fetchWorker(`${AUTOCONFIG_URL}?emailaddress=secret%40example.com`, { headers });
		await post('secret@example.com');
		expect(lines.mock.calls).toEqual([]);
		await fetchWorker('https://autoconfig.secret.example/mail/config-v1.1.xml?emailaddress=secret%40secret.example', { headers });
		await post('secret');
		const logged = lines.mock.calls.map(([line]) => String(line));
		const request = { level: 'info', code: 'request', ms: expect.any(Number) };
		expect(logged.map((line) => JSON.parse(line))).toEqual([
			{ ...request, protocol: 'autoconfig', client: 'thunderbird', outcome: 'unknown-domain', status: 404 },
			{ ...request, protocol: 'autodiscover-xml', client: 'none', outcome: 'bad-address', status: 200 },
		]);
		expect(logged.join()).not.toMatch(/secret|example/);
	});

	it('counts in Analytics Engine where it is bound', () => {
		vi.spyOn(console, 'log').mockImplementation(() => undefined);
		const points: unknown[] = [];
		const log = createRequestLogger([createDatasetCounter({ writeDataPoint: (point) => points.push(point) })]);
		log({ protocol: 'pacc', client: 'apple', outcome: 'ok', status: 200, ms: 3 }, 0);
		expect(points).toEqual([{ indexes: ['pacc'], blobs: ['pacc', 'apple', 'ok'], doubles: [3, 200] }]);
	});
});
