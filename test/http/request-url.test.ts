/** The quick reader of URLs: wherever it answers, the class `URL` says the same. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPlainUrl } from '../../src/http/request-url.ts';

const CLIENT_URLS = [
	'https://autoconfig.example.org/mail/config-v1.1.xml?emailaddress=you%40example.org',
	'https://example.org/.well-known/autoconfig/mail/config-v1.1.xml',
	'http://autodiscover.example.org/Autodiscover/Autodiscover.xml',
	'https://autodiscover.example.org/autodiscover/autodiscover.json/v1.0/you@example.org?Protocol=Autodiscoverv1&RedirectCount=1',
	'https://autoconfig.example.org/example.org.mobileconfig',
] as const;

const PIECES = [
	...[
		'/',
		'//',
		'.',
		'..',
		'/./',
		'/../',
		'%2e',
		'%2E%2e',
		'%',
		'\\',
		'?',
		'#',
		'@',
		':',
		':443',
		':80',
		':8080',
		' ',
		'\t',
		'\n',
		"'",
		'"',
		'<',
		'>',
		'|',
		'^',
		'`',
	],
	...[
		'{',
		'}',
		'é',
		'ß',
		'\u{1F600}',
		'xn--a',
		'xn--p1ai.',
		'0x7f',
		'1.2.3.4',
		'127.1',
		'[::1]',
		'A',
		'EXAMPLE',
		'-',
		'_',
		'.com.',
		'https:',
		'user:pass@',
		';',
		'\0',
		'\uFEFF',
	],
];

const anyUrl = fc
	.tuple(
		fc.constantFrom(...CLIENT_URLS),
		fc.array(fc.tuple(fc.nat(120), fc.nat(3), fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 3 }))), { maxLength: 3 }),
	)
	.map(([url, edits]) => edits.reduce((text, [at, length, piece]) => text.slice(0, at) + piece + text.slice(at + length), url as string));

function membersOf({ protocol, host, hostname, pathname, search }: Pick<URL, 'protocol' | 'host' | 'hostname' | 'pathname' | 'search'>) {
	return { protocol, host, hostname, pathname, search };
}

describe('the quick reader of URLs', () => {
	it.each(CLIENT_URLS)('reads %s', (url) => {
		expect(readPlainUrl(url)).toEqual(membersOf(new URL(url)));
	});

	it('reads nothing otherwise than the class does', () => {
		fc.assert(
			fc.property(anyUrl, (text) => {
				const plain = readPlainUrl(text);
				if (plain !== null) expect(plain).toEqual(membersOf(new URL(text)));
			}),
			{ numRuns: 20_000 },
		);
	});
});
