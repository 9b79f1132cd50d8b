/** Which URLs a webhook may have: each spelling of a place that the service must not be sent to. */
import { describe, expect, it } from 'vitest';
import { parseWebhookUrl } from '../../src/contract/webhooks/webhook-url.ts';

const RULES = { ownHosts: ['admin.signpost.example', 'signpost.example.net'], isLoopbackAllowed: false };
const TRYING = { ...RULES, isLoopbackAllowed: true };

describe('is refused', () => {
	it.each([
		'',
		'hooks.example.org',
		'//hooks.example.org/',
		'javascript:alert(1)',
		'ftp://hooks.example.org/',
		'http://hooks.example.org/',
		'https://hooks.example.org:8443/',
		'https://hooks.example.org:22/',
		'https://user@hooks.example.org/',
		'https://user:secret@hooks.example.org/',
		'https://hooks.example.org@127.0.0.1/',
		'https://hooks.example.org/#fragment',
		// IPv4 addresses, in every spelling that a URL may have.
		'https://127.0.0.1/',
		'https://127.1/',
		'https://2130706433/',
		'https://0x7f000001/',
		'https://0x7f.0.0.1/',
		'https://0177.0.0.1/',
		'https://127.0.0.1./',
		'https://１２７.０.０.１/',
		'https://10.0.0.1/',
		'https://169.254.169.254/latest/meta-data',
		'https://192.0.2.1/',
		'https://0/',
		// IPv6.
		'https://[::1]/',
		'https://[::ffff:127.0.0.1]/',
		'https://[fd00::1]/',
		'https://[2001:db8::1]/',
		// Names without a domain, and names of private networks.
		'https://localhost/',
		'https://LOCALHOST/',
		'https://localhost./',
		'https://intranet/',
		'https://foo.localhost/',
		'https://printer.local/',
		'https://printer.LOCAL./',
		'https://metadata.google.internal/',
		'https://nas.home.arpa/',
		'https://1.0.0.127.in-addr.arpa/',
		'https://router.lan/',
		'https://service.test/',
		'https://something.onion/',
		// The service itself.
		'https://admin.signpost.example/admin/api/tokens',
		'https://ADMIN.signpost.example./',
		'https://signpost.example.net/',
		`https://hooks.example.org/${'x'.repeat(2100)}`,
	])('%s', (text) => {
		expect(parseWebhookUrl(text, RULES)).toMatchObject({ ok: false });
	});

	it.each([
		'http://127.0.0.2:9000/',
		'http://[::1]:9000/',
		'http://2130706433/',
		'http://10.0.0.1/',
		'http://localhost.example.org/',
		'http://localhost@10.0.0.1/',
		'http://127.0.0.1:80@10.0.0.1/',
		'http://127.0.0.1\\@10.0.0.1/',
		'http://127.0.0.1/#x',
		'http://hooks.example.org/',
		'https://127.0.0.1/',
	])('%s, also where the service is tried out', (text) => {
		expect(parseWebhookUrl(text, TRYING)).toMatchObject({ ok: false });
	});
});

describe('is taken', () => {
	it.each([
		['https://hooks.example.org', 'https://hooks.example.org/'],
		['https://HOOKS.example.org/Path?token=x', 'https://hooks.example.org/Path?token=x'],
		['https://hooks.example.org:443/', 'https://hooks.example.org/'],
		['https://bücher.example/', 'https://xn--bcher-kva.example/'],
		['https://test.example.org/', 'https://test.example.org/'],
	])('%s', (text, url) => {
		expect(parseWebhookUrl(text, RULES)).toEqual({ ok: true, value: url });
	});

	it('plain http to this machine where the service is tried out, and not elsewhere', () => {
		for (const text of ['http://127.0.0.1:9000/hook', 'http://localhost/']) {
			expect(parseWebhookUrl(text, TRYING)).toEqual({ ok: true, value: text });
			expect(parseWebhookUrl(text, RULES)).toMatchObject({ ok: false });
		}
	});
});
