/** Signed and unsigned profiles, and what /health says about signing; in workerd, through the real entry point. */
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createProfileSigner } from '../../src/http/profile-signer.ts';
import { signingHealthProblems } from '../../src/http/signing-health.ts';
import { DAY_MS } from '../../src/lib/time.ts';
import type { Domain } from '../../src/model/names.ts';
import { makePki, type Pki } from '../support/pki.ts';
import { fetchWorker, MINIMAL_RECORD, putRecord } from './worker-client.ts';

let pki: Pki;
beforeAll(async () => {
	pki = await makePki();
});
afterEach(() => {
	vi.restoreAllMocks();
	vi.useRealTimers();
});

// Each case has its own domain, because the signing key of a domain is cached for five minutes.
let count = 0;
async function domainWithSigningPair(pair: { readonly key: string; readonly chain: string } | string): Promise<string> {
	count += 1;
	const domain = `signing-${count}.example`;
	await putRecord(domain, MINIMAL_RECORD);
	await env.RECORDS.put(`signing:${domain}`, typeof pair === 'string' ? pair : JSON.stringify(pair));
	return domain;
}

const fetchProfile = (domain: string): Promise<Response> => fetchWorker(`https://autoconfig.${domain}/mobileconfig?email=you@${domain}`);
const readBytes = async (response: Response) => new Uint8Array(await response.arrayBuffer());
const latin1 = (der: Uint8Array) => String.fromCharCode(...der);

describe('a profile', () => {
	it('is signed: DER with the document and the certificates in it', async () => {
		const response = await fetchProfile(await domainWithSigningPair(pki));
		expect(response.headers.get('Content-Type')).toBe('application/x-apple-aspen-config');
		const der = await readBytes(response);
		expect(der[0]).toBe(0x30);
		expect(latin1(der)).toContain('<plist version="1.0">');
		expect(latin1(der)).toContain('mail.example.org');
	});

	it('without an address is signed too, anew each time', async () => {
		const domain = await domainWithSigningPair(pki);
		const url = `https://autoconfig.${domain}/${domain}.mobileconfig`;
		const [one, other] = [await fetchWorker(url), await fetchWorker(url)];
		expect(one.headers.get('ETag')).toBeNull();
		expect(latin1(await readBytes(one))).not.toBe(latin1(await readBytes(other)));
	});

	it.each([
		['with a key that is not the certificate’s', async () => ({ ...pki, key: (await makePki()).key }), 'key-mismatch'],
		['with an expired certificate', (): Promise<Pki> => makePki({ until: Date.now() - DAY_MS, from: Date.now() - 2 * DAY_MS }), 'expired'],
		['with one that is not valid yet', (): Promise<Pki> => makePki({ from: Date.now() + DAY_MS }), 'not-yet-valid'],
		['with certificates that cannot be read', async () => ({ ...pki, chain: pki.chain.slice(0, 300) }), 'chain-unreadable'],
		['with a key that cannot be read', async () => ({ ...pki, key: 'x' }), 'key-unreadable'],
		['with a value that is no pair', async (): Promise<string> => '[', 'key-unreadable'],
	] as const)('%s is served unsigned, and the log says why', async (_, pair, reason) => {
		const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
		const domain = await domainWithSigningPair(await pair());
		const response = await fetchProfile(domain);
		expect(response.status).toBe(200);
		expect(await response.text()).toMatch(/^<\?xml/);
		expect(log.mock.calls.map(([line]) => JSON.parse(String(line)))).toEqual([
			{ level: 'error', code: 'not-signed', owner: domain, reason },
		]);
	});

	it('is served unsigned while the keys cannot be read', async () => {
		const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
		const down = { find: () => Promise.reject(new Error('KV is down')), list: async () => [] };
		expect(await createProfileSigner(down, () => 0).sign(new Uint8Array([120]), 'example.org' as Domain)).toBeNull();
		expect(log).toHaveBeenCalledOnce();
	});
});

describe('/health', () => {
	it('is the service’s own, not its customers’', async () => {
		expect((await fetchWorker('https://autoconfig.example.com/health')).status).toBe(404);
	});

	it('says what is wrong with keys, by domain, and is no good then', async () => {
		const domain = await domainWithSigningPair({ ...pki, key: 'x' });
		// The Worker repeats its last look for some seconds, and a test of another file may have asked a moment ago.
		vi.setSystemTime(Date.now() + DAY_MS);
		const response = await fetchWorker('https://admin.signpost.example/health');
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
	const state = (days: number) => [{ owner: '*', fault: null, name: 'mail', notAfter: days * DAY_MS }];

	it.each([
		[31, []],
		[30, []],
		[29.9, ['signing-expires-30']],
		[14, ['signing-expires-30']],
		[13.9, ['signing-expires-14']],
		[6.9, ['signing-expires-7']],
		[0.9, ['signing-expires-1']],
	])('in %d days', (days, codes) => {
		expect(signingHealthProblems(state(days), 0).map(({ code }) => code)).toEqual(codes);
	});
});
