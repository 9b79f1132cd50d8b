/**
 * Answers for addresses are filled in within one buffer: nobody may get what was filled in for somebody else, however many ask at once; in
 * workerd, through the real entry point.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { DAY_MS } from '../../src/lib/time.ts';
import type { Endpoint } from '../../src/protocols/protocol.ts';
import { ADDRESS_ENDPOINTS } from '../support/address-endpoints.ts';
import { makePki } from '../support/pki.ts';
import { address } from '../support/valid-names.ts';
import { fetchWorker, MINIMAL_RECORD, putRecord } from './worker-client.ts';

const LOCAL_PARTS = Array.from({ length: 24 }, (_, at) => `${'x'.repeat(at)}${at % 3 === 0 ? 'ü' : ''}person-${at}-`);

afterEach(() => vi.restoreAllMocks());

function ask(endpoint: Endpoint, local: string, domain: string): Promise<Response> {
	const { method, host, path, query, contentType, body } = endpoint.sampleRequest(address(`${local}@${domain}`), endpoint.locations[0]);
	return fetchWorker(`https://${host}${path}${query === '' ? '' : `?${query}`}`, {
		method,
		...(method === 'POST' ? { headers: { 'Content-Type': contentType }, body } : {}),
	});
}

/** `text()` logs a warning for a profile: its Content-Type is not a text's. */
async function readText(response: Response): Promise<string> {
	return new TextDecoder().decode(await response.arrayBuffer());
}

/** What each gets who asks at the same time as all others; no body is read before all responses are there. */
async function askAll(endpoint: Endpoint, domain: string): Promise<readonly string[]> {
	const responses = await Promise.all(LOCAL_PARTS.map((local) => ask(endpoint, local, domain)));
	return Promise.all(responses.map(readText));
}

describe.each(ADDRESS_ENDPOINTS)('%s', (_, endpoint) => {
	it('answers everybody with their own settings', async () => {
		await putRecord('example.com', MINIMAL_RECORD);
		const alone: string[] = [];
		for (const local of LOCAL_PARTS) alone.push(await readText(await ask(endpoint, local, 'example.com')));
		expect(await askAll(endpoint, 'example.com')).toEqual(alone);
		// In JSON the address is no part of what Autodiscover v2 answers.
		if (endpoint.id.startsWith('autodiscover-json')) return;
		for (const [at, text] of alone.entries()) expect(text).toContain(`person-${at}-@example.com`);
	});
});

describe('a profile that waits for its key', () => {
	const endpoint = ADDRESS_ENDPOINTS.find(([id]) => id === 'mobileconfig')?.[1];
	let expired: string;
	let valid: string;
	beforeAll(async () => {
		valid = JSON.stringify(await makePki());
		expired = JSON.stringify(await makePki({ until: Date.now() - DAY_MS, from: Date.now() - 2 * DAY_MS }));
	});

	it.each([
		['and is signed', 'filled-signed.example', () => valid],
		['and is not signed, because the certificate has expired', 'filled-expired.example', () => expired],
	] as const)('%s', async (_, domain, pair) => {
		vi.spyOn(console, 'error').mockImplementation(() => undefined);
		if (endpoint === undefined) throw new Error('no profile');
		await putRecord(domain, MINIMAL_RECORD);
		await env.RECORDS.put(`signing:${domain}`, pair());
		const texts = await askAll(endpoint, domain);
		for (const [at, text] of texts.entries()) {
			expect(text).toContain(`person-${at}-@${domain}`);
			expect(LOCAL_PARTS.filter((_local, other) => other !== at && text.includes(`>${LOCAL_PARTS[other]}@`))).toEqual([]);
		}
	});
});
