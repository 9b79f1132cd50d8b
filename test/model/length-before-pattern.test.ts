/** A text that is too long is refused because of its length, before any pattern or parser sees it. */
import { describe, expect, it } from 'vitest';
import { parseRecord } from '../../src/model/record.ts';

const ENDLESS = '@'.repeat(125_000);

const BASE = { kind: 'domain', provider: { name: 'Example' }, services: {} };

describe('an endless text', () => {
	it.each([
		['tlsRpt.rua.0', { ...BASE, tlsRpt: { rua: [`mailto:${ENDLESS}`] } }],
		['login', { ...BASE, login: `%EMAILADDRESS%${ENDLESS}` }],
		['provider.name', { ...BASE, provider: { name: ENDLESS } }],
		['provider.website', { ...BASE, provider: { name: 'x', website: `https://x.example/${ENDLESS}` } }],
		['provider.logo', { ...BASE, provider: { name: 'x', logo: `data:image/png;base64,${ENDLESS}` } }],
		['services.imap.host', { ...BASE, services: { imap: { host: ENDLESS } } }],
		['services.caldav.url', { ...BASE, services: { caldav: { url: `https://x.example/${ENDLESS}` } } }],
		['mtaSts.mx.0', { ...BASE, mtaSts: { mode: 'enforce', mx: [ENDLESS] } }],
		[
			'oauth.issuer',
			{
				...BASE,
				oauth: { issuer: `https://x.example/${ENDLESS}`, authUrl: 'https://x.example/a', tokenUrl: 'https://x.example/t', scope: 'x' },
			},
		],
	])('in %s has one fault, its length', (path, record) => {
		const parsed = parseRecord(record);
		expect(parsed.ok ? [] : parsed.error.map((fault) => fault.path)).toEqual([path]);
		expect(parsed.ok ? '' : parsed.error[0]?.reason).toMatch(/at most|longer than/);
	});
});
