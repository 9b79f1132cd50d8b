/** Generators of random records, addresses and requests for the property tests (fast-check). */
import fc from 'fast-check';
import { parseEmailAddress } from '../../src/model/names.ts';
import { parseRecord } from '../../src/model/record.ts';
import type { WireRequest } from '../../src/protocols/protocol.ts';

const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/);
export const domainText = fc.tuple(label, label, fc.constantFrom('com', 'example', 'org', 'xn--p1ai')).map((labels) => labels.join('.'));

const LOCAL_PARTS = [
	'a+b',
	"o'brien",
	'"&<',
	'%41',
	'%EMAILDOMAIN%',
	'büro',
	'用户',
	'a&b=c',
	'#',
	'?x',
	'A.B',
	'<script>',
	']]>',
	'$&',
	'$1',
	'שלום',
	'\u{1F600}.\u{10400}',
	'\uFDD0',
	'\uFDD1Uprofile\uFDD2',
	'"&<>\'\\',
	'.',
	'..',
	'a/../b',
	'%EF%B7%90',
];

export const anyAddress = fc
	.tuple(
		fc.oneof(fc.constantFrom(...LOCAL_PARTS), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })),
		// Some look like Punycode and are none.
		fc.oneof(
			{ weight: 9, arbitrary: domainText },
			fc.constantFrom('xn--b.example', 'mail.xn--0.com', 'xn--paypal-.org', 'xn--bcher-kva.example'),
		),
	)
	.map(([local, domain]) => parseEmailAddress(`${local}@${domain}`))
	.filter((address) => address !== null);

const name = fc.oneof(
	fc.constantFrom('"Smith & Sons" <mail>', ']]>', '&amp;', "'", '%EMAILADDRESS%'),
	fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
);
const host = fc.oneof(
	domainText,
	domainText.map((text) => `mail.${text}`),
	fc.constant('imap.%EMAILDOMAIN%'),
);
const login = fc.option(fc.constantFrom('%EMAILADDRESS%', '%EMAILLOCALPART%', '%EMAILDOMAIN%\\%EMAILLOCALPART%', 'x"&<%EMAILADDRESS%'), {
	nil: undefined,
});
const port = fc.integer({ min: 1, max: 65535 });
const socket = fc.record(
	{
		host,
		implicit: fc.option(port, { nil: null }),
		starttls: fc.oneof(port, fc.constant(null), fc.constant({ port: 587, until: '2027-01-01' })),
		login,
	},
	{ requiredKeys: ['host'] },
);
const urlPath = fc.constantFrom(
	'/dav/?a=1&b="<',
	'/dav/%EMAILADDRESS%/',
	'/dav/%EMAILLOCALPART%/?of=%EMAILDOMAIN%&user=%EMAILADDRESS%',
	'/%EMAILLOCALPART%',
	'/a%EMAILLOCALPART%/%EF%B7%90/',
);
const http = fc.record(
	{ url: fc.tuple(domainText, urlPath).map(([text, path]) => `https://${text}${path}`), login },
	{ requiredKeys: ['url'] },
);
const oauth = fc.constant({
	issuer: 'https://a.example/',
	authUrl: 'https://a.example/?a=1&b=2',
	tokenUrl: 'https://a.example/t',
	scope: 'mail <&> offline_access',
});

const services = fc.record(
	{
		imap: socket,
		pop3: socket,
		submission: socket,
		sieve: socket,
		jmap: http,
		caldav: http,
		carddav: http,
		webdav: http,
		activesync: fc.constant({ url: 'https://eas.example/Microsoft-Server-ActiveSync?a=1&b="<' }),
	},
	{ requiredKeys: [] },
);

/** Any valid record of a domain, aliases left out. */
export const anyRecord = fc
	.record(
		{
			kind: fc.constant('domain'),
			provider: fc.record({ name, shortName: name, help: fc.constant('https://h.example/?a=1&b=%3C') }, { requiredKeys: ['name'] }),
			login,
			services,
			oauth,
			loginDomain: fc.constantFrom('a-label', 'u-label'),
			// Most records answer Autodiscover themselves.
			autodiscover: fc.oneof(
				{ weight: 5, arbitrary: fc.constant(undefined) },
				{ weight: 1, arbitrary: fc.constant('none') },
				{ weight: 1, arbitrary: fc.constant({ redirectUrl: 'https://a.example/?of=%EMAILDOMAIN%&b=%3C' }) },
				{ weight: 1, arbitrary: fc.constant({ redirectAddr: 'x"&<%EMAILLOCALPART%@t.%EMAILDOMAIN%' }) },
			),
			mtaSts: fc.record({ mode: fc.constantFrom('testing', 'enforce', 'none'), mx: fc.array(host, { minLength: 1, maxLength: 3 }) }),
		},
		{ requiredKeys: ['kind', 'provider', 'services'] },
	)
	// fast-check writes undefined for an option that it leaves out; a record cannot hold undefined.
	.map((record) => parseRecord(JSON.parse(JSON.stringify(record))))
	.filter((parsed) => parsed.ok)
	.map((parsed) => parsed.value)
	.filter((record) => record.kind === 'domain');

const malformedText = fc.oneof(
	fc.string({ unit: 'binary', maxLength: 200 }),
	fc.string({ maxLength: 200 }),
	fc.constantFrom(
		'',
		'%',
		'%zz',
		'%00',
		'\r\nX: y',
		'<a>',
		'../../..',
		'emailaddress=%E0%A4%A',
		'email=a@b@c',
		'\uD800',
		'__proto__=1',
		'email=a%40example.com',
	),
);

/** Any request, with arbitrary text in each of its parts. */
export const anyWireRequest: fc.Arbitrary<WireRequest> = fc.record({
	method: fc.constantFrom('GET', 'POST', 'PROPFIND'),
	host: fc.oneof(
		domainText,
		domainText.map((text) => `autoconfig.${text}`),
		fc.constantFrom('127.0.0.1', 'localhost', 'mta-sts.', 'mta-sts.x', ''),
		malformedText,
	),
	path: fc.oneof(
		malformedText,
		malformedText.map((text) => `/${text}`),
	),
	query: malformedText,
	userAgent: malformedText,
	contentType: malformedText,
	body: fc.oneof(
		malformedText,
		malformedText.map((text) => `<Autodiscover><Request><EMailAddress>${text}</EMailAddress></Request></Autodiscover>`),
		malformedText.map((text) => `<Autodiscover><Request>${text}</Request></Autodiscover>`),
	),
});
