/** Profiles signed and unsigned, and what /health says of it: in workerd, through the real entry point. */
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { signingAilments } from '../../src/http/health.ts';
import { profileSigner } from '../../src/http/profile-signer.ts';
import type { Domain } from '../../src/model/names.ts';
import { makePki, type Pki } from '../fixtures/pki.ts';
import { ask, MINIMAL, put } from './service.ts';

const DAY = 86_400_000;
let pki: Pki;
beforeAll(async () => {
	pki = await makePki();
});
afterEach(() => vi.restoreAllMocks());

// Each case has a domain of its own: what signs for one is remembered for five minutes.
let count = 0;
async function domainWith(pair: { readonly key: string; readonly chain: string } | string): Promise<string> {
	count += 1;
	const domain = `signing-${count}.example`;
	await put(domain, MINIMAL);
	await env.RECORDS.put(`signing:${domain}`, typeof pair === 'string' ? pair : JSON.stringify(pair));
	return domain;
}

const profile = (domain: string): Promise<Response> => ask(`https://autoconfig.${domain}/mobileconfig?email=you@${domain}`);
const bytes = async (response: Response) => new Uint8Array(await response.arrayBuffer());
const latin1 = (der: Uint8Array) => String.fromCharCode(...der);

describe('a profile', () => {
	it('is signed: DER with the document and the certificates in it', async () => {
		const response = await profile(await domainWith(pki));
		expect(response.headers.get('Content-Type')).toBe('application/x-apple-aspen-config');
		const der = await bytes(response);
		expect(der[0]).toBe(0x30);
		expect(latin1(der)).toContain('<plist version="1.0">');
		expect(latin1(der)).toContain('mail.example.org');
	});

	it('without an address is signed too, anew each time', async () => {
		const domain = await domainWith(pki);
		const url = `https://autoconfig.${domain}/${domain}.mobileconfig`;
		const [one, other] = [await ask(url), await ask(url)];
		expect(one.headers.get('ETag')).toBeNull();
		expect(latin1(await bytes(one))).not.toBe(latin1(await bytes(other)));
	});

	it.each([
		['with a key that is not the certificate’s', async () => ({ ...pki, key: (await makePki()).key }), 'key-mismatch'],
		['with an expired certificate', (): Promise<Pki> => makePki({ until: Date.now() - DAY, from: Date.now() - 2 * DAY }), 'expired'],
		['with one that is not valid yet', (): Promise<Pki> => makePki({ from: Date.now() + DAY }), 'not-yet-valid'],
		['with certificates that cannot be read', async () => ({ ...pki, chain: pki.chain.slice(0, 300) }), 'chain-unreadable'],
		['with a key that cannot be read', async () => ({ ...pki, key: 'x' }), 'key-unreadable'],
		['with a value that is no pair', async (): Promise<string> => '[', 'key-unreadable'],
	] as const)('%s is served unsigned, and the log says why', async (_, pair, reason) => {
		const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
		const domain = await domainWith(await pair());
		const response = await profile(domain);
		expect(response.status).toBe(200);
		expect(await response.text()).toMatch(/^<\?xml/);
		expect(log.mock.calls.map(([line]) => JSON.parse(String(line)))).toEqual([
			{ level: 'error', code: 'not-signed', owner: domain, reason },
		]);
	});

	it('is served unsigned while the keys cannot be read', async () => {
		const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
		const down = { find: () => Promise.reject(new Error('KV is down')), list: async () => [] };
		expect(await profileSigner(down, () => 0).sign('x', 'example.org' as Domain)).toBeNull();
		expect(log).toHaveBeenCalledOnce();
	});
});

describe('/health', () => {
	it('is the service’s own, not its customers’', async () => {
		expect((await ask('https://autoconfig.example.com/health')).status).toBe(404);
	});

	it('says what is wrong with keys, by domain, and is no good then', async () => {
		const domain = await domainWith({ ...pki, key: 'x' });
		const response = await ask('https://admin.signpost.example/health');
		expect(response.status).toBe(503);
		const { status, problems }: { status: string; problems: { domain?: string }[] } = await response.json();
		expect(status).toBe('failing');
		expect(problems.find((each) => each.domain === domain)).toEqual({
			severity: 'error',
			code: 'signing-key-unreadable',
			text: 'Profiles are served unsigned: the private key is not PEM.',
			domain,
		});
		expect(JSON.stringify(problems)).not.toContain('PRIVATE');
	});
});

describe('a certificate that ends', () => {
	const state = (days: number) => [{ owner: '*', fault: null, name: 'mail', notAfter: days * DAY }];

	it.each([
		[31, []],
		[30, []],
		[29.9, ['signing-expires-30']],
		[14, ['signing-expires-30']],
		[13.9, ['signing-expires-14']],
		[6.9, ['signing-expires-7']],
		[0.9, ['signing-expires-1']],
	])('in %d days', (days, codes) => {
		expect(signingAilments(state(days), 0).map(({ code }) => code)).toEqual(codes);
	});
});
