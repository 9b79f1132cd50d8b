import { beforeEach, describe, expect, it } from 'vitest';
import { CANARY, hostileBodies, hostileQueries } from '../support/hostile-input.ts';
import { autodiscoverRequest, fetchWorker, MINIMAL_RECORD, postBody, putRecord } from './worker-client.ts';

const AUTODISCOVER_URL = 'https://autodiscover.example.com/autodiscover/autodiscover.xml';

beforeEach(() => putRecord('example.com', MINIMAL_RECORD));

async function expectHarmless(response: Response): Promise<string> {
	const body = await response.text();
	expect(response.status).toBeLessThan(500);
	expect(body).not.toContain(CANARY);
	for (const [, value] of response.headers) expect(value).not.toContain(CANARY);
	return body;
}

describe('hostile bodies', () => {
	it.each(hostileBodies().map(({ name, body }) => [name, body] as const))('%s', async (_, body) => {
		const answer = await expectHarmless(await postBody(AUTODISCOVER_URL, body));
		expect(answer).toMatch(/<ErrorCode>(500|600)<\/ErrorCode>/);
	});

	it('ten megabytes, declared', async () => {
		const answer = await expectHarmless(await postBody(AUTODISCOVER_URL, CANARY.repeat(1_048_576)));
		expect(answer).toContain('<ErrorCode>600</ErrorCode>');
	});

	it('ten megabytes, streamed', async () => {
		let sent = 0;
		const body = new ReadableStream<Uint8Array>({
			pull(controller) {
				sent += 65_536;
				controller.enqueue(new TextEncoder().encode(CANARY.padEnd(65_536, 'x')));
				if (sent >= 10_485_760) controller.close();
			},
		});
		const answer = await expectHarmless(await fetchWorker(AUTODISCOVER_URL, { method: 'POST', body }));
		expect(answer).toContain('<ErrorCode>600</ErrorCode>');
	});

	it.each([
		['UTF-16, little endian', 0],
		['UTF-16, big endian', 1],
	] as const)('%s', async (_, odd) => {
		const wide = new Uint8Array(autodiscoverRequest(`${CANARY}@example.com`).length * 2);
		for (const [at, character] of [...autodiscoverRequest(`${CANARY}@example.com`)].entries()) wide[at * 2 + odd] = character.charCodeAt(0);
		const answer = await expectHarmless(await fetchWorker(AUTODISCOVER_URL, { method: 'POST', body: wide }));
		expect(answer).toContain('<ErrorCode>600</ErrorCode>');
	});

	it('bytes that are no UTF-8', async () => {
		const bytes = new TextEncoder().encode(autodiscoverRequest('ab@example.com'));
		const at = autodiscoverRequest('ab@example.com').indexOf('ab@');
		bytes[at] = 0xff;
		const response = await fetchWorker(AUTODISCOVER_URL, { method: 'POST', body: bytes });
		expect(response.status).toBe(200);
		await expectHarmless(response);
	});

	it('escapes what it may repeat: the login', async () => {
		const response = await postBody(AUTODISCOVER_URL, autodiscoverRequest("a&amp;&lt;b&gt;&quot;'@example.com"));
		expect(await response.text()).toContain('<LoginName>a&amp;&lt;b&gt;&quot;&apos;@example.com</LoginName>');
	});
});

describe('hostile queries', () => {
	const places = [
		'https://autoconfig.example.com/mail/config-v1.1.xml',
		'https://nowhere.example.net/mail/config-v1.1.xml',
		'https://autodiscover.example.com/autodiscover/autodiscover.xml',
		'https://autodiscover.example.com/autodiscover/autodiscover.json',
		'https://autoconfig.example.com/mobileconfig',
		'https://nowhere.example.net/mobileconfig',
		'https://mta-sts.example.com/.well-known/mta-sts.txt',
		'https://example.com/.well-known/caldav',
	];
	it.each(hostileQueries().map(({ name, query }) => [name, query] as const))('%s', async (_, query) => {
		for (const place of places) {
			const response = await fetchWorker(`${place}?${query}`);
			const body = await response.text();
			expect(response.status).toBeLessThan(500);
			// Profiles and logins contain the address that was sent; no other answer repeats anything of the request.
			if (response.status !== 200) expect(body).not.toContain(CANARY);
			expect(response.headers.get('X-A')).toBeNull();
		}
	});
});

describe('hostile paths', () => {
	const paths = [
		`/${CANARY}`,
		`/${'a'.repeat(8000)}`,
		'/%00',
		'/%',
		'/%E0%A4%A.mobileconfig',
		`/${CANARY}%0D%0A.mobileconfig`,
		'/zone/%2e%2e%2f',
		'/zone/__proto__',
		`/v1.1/${CANARY}`,
		'/v1.1/%ff',
		`/autodiscover/autodiscover.json/v1.0/${'%40'.repeat(2000)}?Protocol=AutodiscoverV1`,
		'//example.com//mail/config-v1.1.xml',
		'/mail/../mail/..%2f..%2fconfig-v1.1.xml',
	];
	it.each(paths.map((path) => [path.slice(0, 50), path] as const))('%s', async (_, path) => {
		const response = await fetchWorker(`https://autoconfig.example.com${path}`);
		await expectHarmless(response);
		expect([400, 404]).toContain(response.status);
	});
});
