import { env, exports } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';

const MINIMAL_RECORD =
	'{"kind":"domain","provider":{"name":"Example Mail"},"services":{"imap":{"host":"imap.example.com"},"submission":{"host":"smtp.example.com"}}}';
const AUTOCONFIG_URL = 'https://autoconfig.example.com/mail/config-v1.1.xml';

beforeEach(async () => {
	await env.RECORDS.put('record:example.com', MINIMAL_RECORD);
});

function fetchWorker(url: string, init?: RequestInit): Promise<Response> {
	return exports.default.fetch(new Request(url, init));
}

describe('paths', () => {
	it.each([
		['as the registry has it', '/mail/config-v1.1.xml'],
		['in another letter case', '/Mail/Config-v1.1.XML'],
		['with a slash at the end', '/mail/config-v1.1.xml/'],
		['with a variable, which is for the router', '/v1.1/example.com'],
		['with a variable, in another letter case', '/V1.1/Example.COM/'],
	])('are found %s', async (_, path) => {
		const response = await fetchWorker(`https://autoconfig.example.com${path}`);
		expect(response.status).toBe(200);
		expect(await response.text()).toContain('<port>465</port>');
	});

	it('that nobody has are not found', async () => {
		const response = await fetchWorker('https://autoconfig.example.com/mail');
		expect(response.status).toBe(404);
		expect(await response.text()).toBe('Not found.\n');
	});
});

describe('an answer that is kept', () => {
	it('has the same status, headers and bytes the second time', async () => {
		const [first, second] = [await fetchWorker(AUTOCONFIG_URL), await fetchWorker(AUTOCONFIG_URL)];
		expect(second.status).toBe(200);
		expect([...second.headers]).toEqual([...first.headers]);
		expect(await second.text()).toBe(await first.text());
	});

	it('tells HEAD what it tells GET, without the body', async () => {
		const [got, head] = [await fetchWorker(AUTOCONFIG_URL), await fetchWorker(AUTOCONFIG_URL, { method: 'HEAD' })];
		expect(head.status).toBe(200);
		expect([...head.headers]).toEqual([...got.headers]);
		expect(await head.text()).toBe('');
		await got.text();
	});

	it('is not sent again to who has it', async () => {
		const first = await fetchWorker(AUTOCONFIG_URL);
		await first.text();
		const etag = first.headers.get('ETag') ?? '';
		const again = await fetchWorker(AUTOCONFIG_URL, { headers: { 'If-None-Match': etag } });
		expect(etag).not.toBe('');
		expect(again.status).toBe(304);
		expect(await again.text()).toBe('');
		expect(again.headers.get('Cache-Control')).toBe(first.headers.get('Cache-Control'));
	});
});
