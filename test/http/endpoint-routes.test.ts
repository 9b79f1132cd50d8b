/** Every path of every protocol, as the Worker serves it. */
import { beforeEach, describe, expect, it } from 'vitest';
import { PROTOCOLS } from '../../src/protocols/registry.ts';
import { autodiscoverRequest, fetchText, fetchWorker, MINIMAL_RECORD, postBody, putRecord } from './worker-client.ts';

const FULL_RECORD = {
	kind: 'domain',
	provider: { name: 'Example Mail' },
	services: {
		imap: { host: 'imap.example.com' },
		submission: { host: 'smtp.example.com' },
		jmap: { url: 'https://jmap.example.com/session' },
		caldav: { url: 'https://dav.example.com/calendars/' },
		carddav: { url: 'https://dav.example.com/contacts/' },
	},
	mtaSts: { mode: 'enforce', mx: ['mx.example.com'] },
};

beforeEach(() => putRecord('example.com', FULL_RECORD));

const ENDPOINT_LOCATIONS = PROTOCOLS.flatMap(({ endpoints }) =>
	endpoints.flatMap((endpoint) =>
		endpoint.locations.map((place) => [`${endpoint.method} ${place.label}|${place.path}`, endpoint, place] as const),
	),
);
const ALICE = { local: 'alice', domain: 'example.com', text: 'alice@example.com' } as Parameters<
	(typeof ENDPOINT_LOCATIONS)[0][1]['sampleRequest']
>[0];

describe('every place', () => {
	const url = ({ host, path, query }: { host: string; path: string; query: string }) =>
		`https://${host}${path}${query === '' ? '' : `?${query}`}`;

	it.each(ENDPOINT_LOCATIONS)('%s answers what a client sends', async (_, endpoint, place) => {
		const { method, body, contentType, ...where } = endpoint.sampleRequest(ALICE, place);
		const init = method === 'POST' ? { method, body, headers: { 'Content-Type': contentType } } : { method };
		const response = await fetchWorker(url(where), init);
		expect(response.status).toBe(endpoint.method === 'ANY' ? 307 : 200);
		expect(response.headers.get('Cache-Control')).toBe(endpoint.cacheControl);
		expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff');
		expect(response.headers.get('Access-Control-Allow-Origin')).toBe(endpoint.cors ? '*' : null);
		expect(response.headers.get('WWW-Authenticate')).toBeNull();
	});

	it.each(ENDPOINT_LOCATIONS)(
		'%s does not mind letter case, a slash at the end or a second one at the front',
		async (_, endpoint, place) => {
			const { method, body, path, ...where } = endpoint.sampleRequest(ALICE, place);
			const init = method === 'POST' ? { method, body } : { method };
			for (const variant of [path.toUpperCase(), `${path}/`, `/${path}`]) {
				const response = await fetchWorker(url({ ...where, path: variant }), init);
				expect(response.status, variant).toBe(endpoint.method === 'ANY' ? 307 : 200);
			}
		},
	);

	it.each(ENDPOINT_LOCATIONS)('%s does not know a domain without a record', async (_, endpoint, place) => {
		const stranger = { ...ALICE, domain: 'example.org', text: 'alice@example.org' } as typeof ALICE;
		const { method, body, ...where } = endpoint.sampleRequest(stranger, place);
		const response = await fetchWorker(url(where), method === 'POST' ? { method, body } : { method });
		expect(response.status).toBe(404);
		const told = await response.text();
		expect(told).toBe(told.startsWith('{') ? '{"ErrorCode":"UserNotFound","ErrorMessage":"The given user is not found"}' : 'Not found.\n');
		expect(response.headers.get('Content-Type')).not.toContain('html');
	});
});

describe('Autodiscover', () => {
	const place = 'https://autodiscover.example.com/autodiscover/autodiscover.xml';
	const MOBILESYNC = 'http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006';

	it.each([
		'https://autodiscover.example.com/Autodiscover/Autodiscover.xml',
		'https://autodiscover.example.com/AutoDiscover/AutoDiscover.xml',
		'https://example.com/AUTODISCOVER/AUTODISCOVER.XML',
	])('at %s', async (url) => {
		expect(await (await postBody(url, autodiscoverRequest('alice@example.com'))).text()).toContain('<Port>465</Port>');
	});

	it.each(['text/xml', 'text/xml; charset=utf-8', 'application/xml', 'application/x-www-form-urlencoded', 'text/plain'])(
		'posted as %s',
		async (type) => {
			expect(await (await postBody(place, autodiscoverRequest('alice@example.com'), { 'Content-Type': type })).text()).toContain(
				'<LoginName>alice@example.com',
			);
		},
	);

	const errors: readonly (readonly [string, string, string])[] = [
		['600', 'no XML', 'hello'],
		['600', 'XML without a request', '<Autodiscover/>'],
		['500', 'no address', autodiscoverRequest('')],
		['500', 'no good address', autodiscoverRequest('alice')],
		['601', 'ActiveSync', autodiscoverRequest('alice@example.com', MOBILESYNC)],
		['601', 'whatever else', autodiscoverRequest('alice@example.com', 'http://example.com/schema')],
	];
	it.each(errors)('%s: %s', async (code, _, body) => {
		const response = await postBody(place, body);
		expect(response.status).toBe(200);
		const told = await response.text();
		expect(told).toContain(`<ErrorCode>${code}</ErrorCode>`);
		expect(told).toContain('<Response>');
	});

	it('501: a domain without mail', async () => {
		await putRecord('example.com', { kind: 'domain', provider: { name: 'x' }, services: {} });
		expect(await (await postBody(place, autodiscoverRequest('alice@example.com'))).text()).toContain('<ErrorCode>501</ErrorCode>');
	});

	it('reads a request with prefixes, a BOM and another order', async () => {
		const body = `\uFEFF<?xml version="1.0"?><a:Autodiscover xmlns:a="urn:x"><a:Request><a:AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a</a:AcceptableResponseSchema><a:EMailAddress> alice@example.com </a:EMailAddress></a:Request></a:Autodiscover>`;
		expect(await (await postBody(place, body)).text()).toContain('<LoginName>alice@example.com');
	});

	it('never answers a GET with 200 and an error, where Thunderbird would stop', async () => {
		for (const url of [`${place}?email=nobody`, 'https://autodiscover.example.org/autodiscover/autodiscover.xml'])
			expect((await fetchWorker(url)).status).toBeGreaterThanOrEqual(400);
	});

	it('leaves the login out where there is no address', async () => {
		expect(await fetchText(place)).not.toContain('LoginName');
	});
});

describe('Autodiscover v2', () => {
	const place = 'https://autodiscover.example.com/autodiscover/autodiscover.json';

	it.each(['AutodiscoverV1', 'Autodiscoverv1', 'AUTODISCOVERV1'])('%s', async (protocol) => {
		const expected = '{"Protocol":"AutodiscoverV1","Url":"https://autodiscover.example.com/autodiscover/autodiscover.xml"}';
		expect(await fetchText(`${place}?Email=alice@example.com&Protocol=${protocol}&RedirectCount=1`)).toBe(expected);
		expect(await fetchText(`${place}/v1.0/alice%40example.com?protocol=${protocol}`)).toBe(expected);
	});

	it.each([
		['ActiveSync', 'Email=alice@example.com&Protocol=ActiveSync', 'InvalidProtocol'],
		['no protocol', 'Email=alice@example.com', 'MandatoryParameterMissing'],
		['no address', 'Protocol=AutodiscoverV1', 'MandatoryParameterMissing'],
	])('%s', async (_, query, code) => {
		const response = await fetchWorker(`${place}?${query}`);
		expect(response.status).toBe(400);
		expect(await response.json()).toMatchObject({ ErrorCode: code });
	});
});

describe('the profile', () => {
	const place = 'https://autoconfig.example.com/mobileconfig';

	it('takes the address under either name', async () => {
		const one = await fetchText(`${place}?email=alice@example.com`);
		expect(await fetchText(`${place}?emailaddress=alice%40example.com`)).toBe(one);
	});

	it('keeps plus signs', async () => {
		expect(await fetchText(`${place}?email=a+b@example.com`)).toContain('<string>a+b@example.com</string>');
		expect(await fetchText(`${place}?email=a%2Bb@example.com`)).toContain('<string>a+b@example.com</string>');
	});

	it('is a download', async () => {
		const response = await fetchWorker(`${place}?email=alice@example.com`);
		expect(response.headers.get('Content-Type')).toBe('application/x-apple-aspen-config');
		expect(response.headers.get('Content-Disposition')).toBe('attachment; filename="example.com.mobileconfig"');
	});

	it('lets the device ask for the address', async () => {
		const profile = await fetchText('https://autoconfig.example.com/example.com.mobileconfig');
		expect(profile).not.toContain('EmailAddress<');
		expect(profile).not.toContain('Username');
	});

	it('has the fallback under the same identifiers', async () => {
		const [preferred, fallback] = await Promise.all(
			['', '&submission=starttls'].map((more) => fetchText(`${place}?email=alice@example.com${more}`)),
		);
		const identity = (profile = '') => profile.match(/<string>[0-9A-F-]{36}<\/string>|com\.example\.signpost[^<]*/g);
		expect(fallback).toContain('<integer>587</integer>');
		expect(identity(fallback)).toEqual(identity(preferred));
		// The profile and its payloads for mail, calendars and contacts have an identifier and a UUID each.
		expect(identity(preferred)).toHaveLength(8);
	});

	it('says that an address is needed', async () => {
		const response = await fetchWorker(place);
		expect(response.status).toBe(400);
		expect(await response.text()).toBe('An e-mail address is needed.\n');
	});
});

describe('MTA-STS', () => {
	const policy = '/.well-known/mta-sts.txt';

	it('is served on its own host alone', async () => {
		expect(await fetchText(`https://mta-sts.example.com${policy}`)).toBe(
			'version: STSv1\r\nmode: enforce\r\nmx: mx.example.com\r\nmax_age: 604800\r\n',
		);
		for (const host of ['example.com', 'autoconfig.example.com', 'mta-sts.mta-sts.example.com'])
			expect((await fetchWorker(`https://${host}${policy}`)).status).toBe(404);
	});

	it('goes by the host, whatever the query says', async () => {
		await putRecord('example.org', MINIMAL_RECORD);
		expect((await fetchWorker(`https://mta-sts.example.org${policy}?emailaddress=a@example.com`)).status).toBe(404);
	});
});

describe('well-known redirects', () => {
	it.each(['GET', 'HEAD', 'PROPFIND', 'REPORT', 'OPTIONS', 'POST', 'PUT', 'DELETE'])('keep %s', async (method) => {
		const response = await fetchWorker('https://example.com/.well-known/caldav', { method });
		expect(response.status).toBe(307);
		expect(response.headers.get('Location')).toBe('https://dav.example.com/calendars/');
	});
});

describe('Exchange services that are not here', () => {
	it.each([
		'/autodiscover/autodiscover.svc',
		'/Autodiscover/Autodiscover.svc/wssecurity',
		'/EWS/Exchange.asmx',
		'/Microsoft-Server-ActiveSync',
		'/mapi/emsmdb',
	])('%s', async (path) => {
		for (const method of ['GET', 'POST', 'OPTIONS']) {
			const response = await fetchWorker(`https://autodiscover.example.com${path}`, { method });
			expect(response.status).toBe(404);
			expect(response.headers.get('Cache-Control')).toContain('max-age');
		}
	});
});

describe('the zone', () => {
	it('is public', async () => {
		const zone = await fetchText('https://admin.signpost.example/zone/example.com');
		expect(zone).toContain('_submissions._tcp.example.com.');
		expect(zone).toMatch(/autoconfig\.example\.com\. +3600 IN CNAME admin\.signpost\.example\./);
		expect((await fetchWorker('https://admin.signpost.example/zone/example.org')).status).toBe(404);
	});
});
