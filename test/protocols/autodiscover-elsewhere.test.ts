/** Autodiscover that is another service's, and ActiveSync for those who ask for it: what real MobileSync clients send, and what they read. */
import type { Element } from '@xmldom/xmldom';
import { describe, expect, it } from 'vitest';
import { expectedRecords } from '../../src/dns/expected.ts';
import { resolveConfig } from '../../src/model/config.ts';
import { type DomainRecord, parseRecord } from '../../src/model/record.ts';
import { domainWarnings, recordWarnings } from '../../src/model/warnings.ts';
import { createClientEnvironment, type HttpReply } from '../clients/client-environment.ts';
import { child, childText, parseRootElement } from '../clients/independent-xml-parser.ts';
import { fixtureNames, NOW, resolvedFixture } from '../support/fixture-records.ts';
import { domain } from '../support/valid-names.ts';

const REQUEST = 'http://schemas.microsoft.com/exchange/autodiscover/mobilesync/requestschema/2006';
const RESPONSE = 'http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006';
const OUTLOOK_RESPONSE = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a';
const EAS_URL = 'https://eas.example.com/Microsoft-Server-ActiveSync';

/** Documents as programs write them, read in their sources in 2026-11. The address is alice@example.com in all of them. */
const MOBILESYNC_REQUESTS: readonly (readonly [client: string, path: string, body: string])[] = [
	[
		'Android (EasAutoDiscover: XmlSerializer, startDocument("UTF-8", false))',
		'/autodiscover/autodiscover.xml',
		`<?xml version='1.0' encoding='UTF-8' standalone='no' ?><Autodiscover xmlns="${REQUEST}"><Request><EMailAddress>alice@example.com</EMailAddress><AcceptableResponseSchema>${RESPONSE}</AcceptableResponseSchema></Request></Autodiscover>`,
	],
	[
		'TbSync (a blank before the namespace, CRLF)',
		'/Autodiscover/Autodiscover.xml',
		`<?xml version="1.0" encoding="utf-8"?>\r\n<Autodiscover xmlns= "${REQUEST}">\r\n<Request>\r\n<EMailAddress>alice@example.com</EMailAddress>\r\n<AcceptableResponseSchema>${RESPONSE}</AcceptableResponseSchema>\r\n</Request>\r\n</Autodiscover>`,
	],
	[
		'Exchange’s Test-ActiveSyncConnectivity (a slash at the end of the path)',
		'/Autodiscover/Autodiscover.xml/',
		`<?xml version="1.0" encoding="utf-8" ?><Autodiscover xmlns="${REQUEST}"><Request><EMailAddress>alice@example.com</EMailAddress><AcceptableResponseSchema>${RESPONSE}</AcceptableResponseSchema></Request></Autodiscover>`,
	],
	[
		'kolab’s activesync-cli (no declaration, the schema on a line of its own)',
		'/autodiscover/autodiscover.xml',
		`<Autodiscover xmlns="${REQUEST}">\n    <Request>\n      <EMailAddress>alice@example.com</EMailAddress>\n      <AcceptableResponseSchema>\n         ${RESPONSE}\n       </AcceptableResponseSchema>\n    </Request>\n</Autodiscover>`,
	],
	[
		'autodiscover-activesync for Node (a line feed at the front)',
		'/autodiscover/autodiscover.xml',
		`\n<Autodiscover xmlns="${REQUEST}">\n  <Request>\n    <EMailAddress>alice@example.com</EMailAddress>\n    <AcceptableResponseSchema>${RESPONSE}</AcceptableResponseSchema>\n  </Request>\n</Autodiscover>`,
	],
	[
		'a Go program (encoding/xml: the namespace at each element)',
		'/Autodiscover/Autodiscover.xml',
		`<Autodiscover xmlns="${REQUEST}"><Request xmlns="${REQUEST}"><EMailAddress>alice@example.com</EMailAddress><AcceptableResponseSchema>${RESPONSE}</AcceptableResponseSchema></Request></Autodiscover>`,
	],
];

function post(fixture: string, body: string, path = '/autodiscover/autodiscover.xml'): Promise<HttpReply> {
	const init = { method: 'POST', headers: { 'Content-Type': 'text/xml' }, body };
	return createClientEnvironment(fixture).fetch(`https://autodiscover.example.com${path}`, init);
}

/** The Action of an answer in the MobileSync schema; null where it is none. */
function mobileSyncAction(body: string): Element | null {
	const response = child(parseRootElement(body), 'Response');
	return response?.namespaceURI === RESPONSE ? child(response, 'Action') : null;
}

/** As Android reads it: the host of a URL with the standard path, after a Type of MobileSync. */
function androidHost(body: string): string | null {
	const server = child(child(mobileSyncAction(body), 'Settings'), 'Server');
	if (childText(server, 'Type') !== 'MobileSync') return null;
	const url = (childText(server, 'Url') ?? '').toLowerCase();
	return url.startsWith('https://') && url.endsWith('/microsoft-server-activesync') ? url.slice(8, url.lastIndexOf('/')) : null;
}

const [[, , ANDROID_REQUEST] = ['', '', '']] = MOBILESYNC_REQUESTS;
const outlookRequest = (address = 'alice@example.com') =>
	`<Autodiscover><Request><EMailAddress>${address}</EMailAddress><AcceptableResponseSchema>${OUTLOOK_RESPONSE}</AcceptableResponseSchema></Request></Autodiscover>`;

describe('ActiveSync', () => {
	it.each(MOBILESYNC_REQUESTS)('is told to %s', async (_, path, body) => {
		const { status, type, body: answer } = await post('activesync', body, path);
		expect([status, type]).toEqual([200, 'text/xml; charset=utf-8']);
		expect(androidHost(answer)).toBe('eas.example.com');
		const response = child(parseRootElement(answer), 'Response');
		// MS-ASCMD: Culture, User, Action, in this order.
		expect(Array.from(response?.childNodes ?? []).flatMap(({ nodeName, nodeType }) => (nodeType === 1 ? [nodeName] : []))).toEqual([
			'Culture',
			'User',
			'Action',
		]);
		expect(childText(child(response, 'User'), 'EMailAddress')).toBe('alice@example.com');
		expect(childText(child(child(mobileSyncAction(answer), 'Settings'), 'Server'), 'Name')).toBe(EAS_URL);
	});

	it.each(['ActiveSync', 'activesync', 'ACTIVESYNC'])('is told to those who ask v2 for %s', async (protocol) => {
		const { fetch } = createClientEnvironment('activesync');
		const host = 'https://autodiscover.example.com/autodiscover/autodiscover.json';
		for (const url of [
			`${host}?Email=alice%40example.com&Protocol=${protocol}&RedirectCount=3`,
			`${host}/v1.0/alice%40example.com?Protocol=${protocol}`,
		]) {
			const { status, body } = await fetch(url);
			expect([status, JSON.parse(body)]).toEqual([200, { Protocol: 'ActiveSync', Url: EAS_URL }]);
		}
		const other = await createClientEnvironment('minimal').fetch(`${host}?Email=alice%40example.com&Protocol=${protocol}`);
		expect([other.status, JSON.parse(other.body).ErrorCode]).toEqual([400, 'InvalidProtocol']);
	});

	it.each(fixtureNames().filter((name) => !['activesync', 'autodiscover-elsewhere', 'autodiscover-other-address'].includes(name)))(
		'is an error of that type where there is none: %s',
		async (name) => {
			const { status, body } = await post(name, ANDROID_REQUEST);
			expect([status, androidHost(body)]).toEqual([200, null]);
			expect(body).toContain('<ErrorCode>601</ErrorCode>');
		},
	);

	it('is told to nobody else: every other answer and the zone are those of the record without it', async () => {
		const [without, withIt] = [createClientEnvironment('minimal'), createClientEnvironment('activesync')];
		for (const url of [
			'https://autoconfig.example.com/mail/config-v1.1.xml',
			'https://autodiscover.example.com/autodiscover/autodiscover.xml?email=alice@example.com',
			'https://autoconfig.example.com/mobileconfig?email=alice@example.com',
			'https://ua-auto-config.example.com/.well-known/user-agent-configuration.json',
		])
			expect(await withIt.fetch(url)).toEqual(await without.fetch(url));
		expect(await post('activesync', outlookRequest())).toEqual(await post('minimal', outlookRequest()));
		expect(await withIt.dnsRecords()).toEqual(await without.dnsRecords());
	});

	it('alone has the names of Autodiscover in DNS', async () => {
		const names = (await dnsOf({ services: { activesync: { url: EAS_URL } } })).map(({ name }) => name);
		expect(names).toEqual(['autodiscover.example.com', '_autodiscover._tcp.example.com']);
	});

	it('is warned about where clients cannot use it', () => {
		const codes = (fields: object) => recordWarnings(checked(fields), '2026-11-23').map(({ code }) => code);
		expect(codes({ services: { activesync: { url: EAS_URL } } })).toEqual([]);
		expect(codes({ services: { activesync: { url: 'https://eas.example.com/eas' } } })).toEqual(['activesync-url']);
		expect(codes({ services: { activesync: { url: EAS_URL } }, autodiscover: 'none' })).toEqual(['activesync-unreachable']);
	});
});

describe('Autodiscover that is another service’s', () => {
	const URLS = [
		'https://autodiscover.example.com/autodiscover/autodiscover.xml?email=alice@example.com',
		'https://autodiscover.example.com/autodiscover/autodiscover.json?Email=alice@example.com&Protocol=AutodiscoverV1',
		'https://autodiscover.example.com/autodiscover/autodiscover.json?Email=alice@example.com&Protocol=ActiveSync',
	];

	it('is not found here, in any of its formats, and has no name in DNS', async () => {
		const { fetch, dnsRecords } = createClientEnvironment('autodiscover-elsewhere');
		for (const url of URLS) expect((await fetch(url)).status, url).toBe(404);
		for (const body of [outlookRequest(), ANDROID_REQUEST]) expect((await post('autodiscover-elsewhere', body)).status).toBe(404);
		const plain = await createClientEnvironment('minimal').dnsRecords();
		expect(await dnsRecords()).toEqual(plain.filter(({ name }) => !name.includes('autodiscover')));
		// Everything else is served as before.
		expect((await fetch('https://autoconfig.example.com/mail/config-v1.1.xml')).status).toBe(200);
	});

	it('at another URL is where clients are sent, in XML and in v2', async () => {
		const url = 'https://autodiscover.example.net/autodiscover/autodiscover.xml';
		const { body } = await post('autodiscover-other-url', outlookRequest());
		const account = child(child(parseRootElement(body), 'Response'), 'Account');
		expect([childText(account, 'Action'), childText(account, 'RedirectUrl')]).toEqual(['redirectUrl', url]);
		const json = await createClientEnvironment('autodiscover-other-url').fetch(URLS[1] ?? '');
		expect(JSON.parse(json.body)).toEqual({ Protocol: 'AutodiscoverV1', Url: url });
	});

	it('of another address is asked with that one, by Outlook and by MobileSync clients', async () => {
		const { body } = await post('autodiscover-other-address', outlookRequest('Alice+x@example.com'));
		const account = child(child(parseRootElement(body), 'Response'), 'Account');
		expect([childText(account, 'Action'), childText(account, 'RedirectAddr')]).toEqual(['redirectAddr', 'Alice+x@tenant.example.net']);
		const { body: forPhones } = await post('autodiscover-other-address', ANDROID_REQUEST);
		expect(childText(mobileSyncAction(forPhones), 'Redirect')).toBe('alice@tenant.example.net');
		// Without an address nobody knows the other one.
		const { fetch } = createClientEnvironment('autodiscover-other-address');
		expect((await fetch('https://autodiscover.example.com/autodiscover/autodiscover.xml')).status).toBe(404);
	});

	it('keeps its names here where it only sends clients on, also for a record without mail', async () => {
		const names = (await dnsOf({ services: {}, autodiscover: { redirectAddr: '%EMAILLOCALPART%@tenant.example.net' } })).map(
			({ name }) => name,
		);
		expect(names).toEqual(['autodiscover.example.com', '_autodiscover._tcp.example.com']);
	});

	it.each([
		['an address of the domain itself', { redirectAddr: '%EMAILLOCALPART%@%EMAILDOMAIN%' }],
		['the same in letters', { redirectAddr: 'all@example.com' }],
	])('does not lead back: %s', (_, autodiscover) => {
		const name = domain('example.com');
		const config = resolveConfig(checked({ services: {}, autodiscover }), name, { kind: 'domain', domain: name }, NOW);
		expect(config).toMatchObject({ ok: false, error: { path: 'autodiscover.redirectAddr' } });
	});

	it('under its own name here is warned about', () => {
		const record = checked({
			services: {},
			autodiscover: { redirectUrl: 'https://autodiscover.%EMAILDOMAIN%/autodiscover/autodiscover.xml' },
		});
		expect(domainWarnings(record, domain('example.com'))).toMatchObject([{ code: 'autodiscover-loop' }]);
		expect(domainWarnings(resolvedFixture('autodiscover-other-url').record, domain('example.com'))).toEqual([]);
	});

	it.each([
		['a word that is none', 'off'],
		['both', { redirectUrl: 'https://a.example/', redirectAddr: '%EMAILLOCALPART%@a.example' }],
		['nothing', {}],
		['plain http', { redirectUrl: 'http://a.example/' }],
		['no address', { redirectAddr: 'a.example' }],
		['a placeholder for the whole address', { redirectAddr: '%EMAILADDRESS%@a.example' }],
		['a placeholder that is none', { redirectAddr: '%USER%@a.example' }],
	])('is refused with %s', (_, autodiscover) => {
		const parsed = parseRecord({ kind: 'domain', provider: { name: 'x' }, services: {}, autodiscover });
		expect(parsed.ok ? [] : parsed.error.map(({ path }) => path.split('.')[0])).toContain('autodiscover');
	});
});

function checked(fields: object): DomainRecord {
	const parsed = parseRecord({ kind: 'domain', provider: { name: 'Example' }, ...fields });
	if (!parsed.ok || parsed.value.kind !== 'domain') throw new Error(JSON.stringify(parsed));
	return parsed.value;
}

async function dnsOf(fields: object) {
	const name = domain('example.com');
	const config = resolveConfig(checked(fields), name, { kind: 'domain', domain: name }, NOW);
	if (!config.ok) throw new Error(config.error.reason);
	const protocols = await expectedRecords(config.value, { host: domain('signpost.example.net'), names: 'all' }, []);
	return protocols.flatMap(({ records }) => records);
}
