import { env, exports } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';

const MINIMAL =
	'{"kind":"domain","provider":{"name":"Example Mail"},"services":{"imap":{"host":"imap.example.com"},"submission":{"host":"smtp.example.com"}}}';

beforeEach(async () => {
	await env.RECORDS.put('record:example.com', MINIMAL);
});

function get(url: string, init?: RequestInit): Promise<Response> {
	return exports.default.fetch(new Request(url, init));
}

describe('autoconfig', () => {
	it('answers a domain by its host', async () => {
		const response = await get('https://autoconfig.example.com/mail/config-v1.1.xml');
		expect(response.status).toBe(200);
		expect(await response.text()).toContain('<port>465</port>');
	});

	it('does not know a domain without a record', async () => {
		const response = await get('https://autoconfig.example.org/mail/config-v1.1.xml?emailaddress=a@example.org');
		expect(response.status).toBe(404);
		expect(await response.text()).toBe('Not found.\n');
	});
});
