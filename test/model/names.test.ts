import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parentDomain, parseDomain, parseEmailAddress, parseHttpsUrl, parseReportUri, REPORT_URI_FAULTS } from '../../src/model/names.ts';
import { domainText } from '../support/arbitraries.ts';
import { domain } from '../support/valid-names.ts';

const L63 = 'a'.repeat(63);
const LONGEST = `${L63}.${L63}.${L63}.${'a'.repeat(57)}.com`;

describe('parseDomain', () => {
	const good: readonly (readonly [string, string])[] = [
		['example.com', 'example.com'],
		['EXAMPLE.Com', 'example.com'],
		['example.com.', 'example.com'],
		['bücher.example', 'xn--bcher-kva.example'],
		['BÜCHER.example', 'xn--bcher-kva.example'],
		['xn--bcher-kva.example', 'xn--bcher-kva.example'],
		['XN--BCHER-KVA.EXAMPLE', 'xn--bcher-kva.example'],
		['例え.テスト', 'xn--r8jz45g.xn--zckzah'],
		['faß.example', 'xn--fa-hia.example'],
		['a.b', 'a.b'],
		['3com.example', '3com.example'],
		[LONGEST, LONGEST],
		[`${LONGEST}.`, LONGEST],
	];
	it.each(good)('takes %s', (text, name) => {
		expect(parseDomain(text)).toBe(name);
	});

	const bad: readonly (readonly [string, string])[] = [
		['', 'nothing'],
		['.', 'the root'],
		['example', 'one label'],
		['127.0.0.1', 'an IPv4 address'],
		['1.2', 'what a URL parser takes for an IPv4 address'],
		['example.123', 'a numeric top level'],
		['[::1]', 'an IPv6 address'],
		['a..b', 'an empty label'],
		['.a.b', 'an empty first label'],
		['a.b..', 'two dots at the end'],
		['-a.b', 'a hyphen in front'],
		['a-.b', 'a hyphen behind'],
		['a_b.example', 'an underscore'],
		['a b.example', 'a blank'],
		[' a.example', 'a blank in front'],
		['a.example/x', 'a path'],
		['a.example:25', 'a port'],
		['u@a.example', 'a user'],
		['a.example?x', 'a query'],
		['a%2eexample.com', 'an escape'],
		['a\r\nb.example', 'a line break'],
		['a\u0000.example', 'NUL'],
		['xn--.example', 'an A-label of nothing'],
		[`${'a'.repeat(64)}.example`, '64 characters in a label'],
		[`a.${LONGEST}`, '255 characters'],
		['*.example.com', 'a wildcard'],
	];
	it.each(bad)('refuses %j: %s', (text) => {
		expect(parseDomain(text)).toBeNull();
	});

	it('knows parents', () => {
		expect(parentDomain(domain('a.b.example'))).toBe('b.example');
		expect(parentDomain(domain('b.example'))).toBeNull();
	});
});

describe('parseEmailAddress', () => {
	const good: readonly (readonly [string, string])[] = [
		['alice@example.com', 'alice@example.com'],
		[' alice@example.com\n', 'alice@example.com'],
		['Alice@EXAMPLE.com', 'Alice@example.com'],
		['mailto:alice@example.com', 'alice@example.com'],
		['MailTo:alice@example.com ', 'alice@example.com'],
		['a+b@example.com', 'a+b@example.com'],
		['büro@bücher.example', 'büro@xn--bcher-kva.example'],
		[`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
		['"&<\'@example.com', '"&<\'@example.com'],
	];
	it.each(good)('takes %j', (text, address) => {
		expect(parseEmailAddress(text)?.text).toBe(address);
	});

	const bad: readonly (readonly [string, string])[] = [
		['', 'nothing'],
		['@', 'nothing around the sign'],
		['@example.com', 'no local part'],
		['alice@', 'no domain'],
		['mailto:@example.com', 'no local part behind the scheme'],
		['mailto:alice@example.com?subject=a', 'a query'],
		['alice', 'no sign'],
		['a@b@example.com', 'two signs'],
		['alice@localhost', 'one label'],
		['alice@127.0.0.1', 'an IP address'],
		['alice@[127.0.0.1]', 'an address literal'],
		['a b@example.com', 'a blank'],
		['a\r\nb@example.com', 'a line break'],
		['a\u0000@example.com', 'NUL'],
		['a\u0085@example.com', 'a C1 control'],
		['a\u2028@example.com', 'a line separator'],
		['a\uD800@example.com', 'half a surrogate pair'],
		[`${'a'.repeat(65)}@example.com`, '65 octets'],
		[`${'ü'.repeat(33)}@example.com`, '66 octets in 33 characters'],
		[`a@${'b.'.repeat(2000)}com`, '4 KB'],
	];
	it.each(bad)('refuses %j: %s', (text) => {
		expect(parseEmailAddress(text)).toBeNull();
	});
});

describe('parseHttpsUrl', () => {
	const good: readonly (readonly [string, string])[] = [
		['https://example.com', 'https://example.com/'],
		['https://EXAMPLE.com:443/A?b=1', 'https://example.com/A?b=1'],
		['https://bücher.example/ü', 'https://xn--bcher-kva.example/%C3%BC'],
		['https://example.com:8443/', 'https://example.com:8443/'],
		['https://example.com/a#', 'https://example.com/a'],
	];
	it.each(good)('takes %s', (text, url) => {
		expect(parseHttpsUrl(text)).toEqual({ ok: true, value: url });
	});

	const bad: readonly (readonly [string, RegExp])[] = [
		['http://example.com/', /https/],
		['example.com', /absolute/],
		['https://u:p@example.com/', /password/],
		['https://example.com/#x', /fragment/],
		['https://127.0.0.1/', /domain name/],
		['https://localhost/', /domain name/],
		['javascript:alert(1)', /https/],
		[`https://example.com/${'a'.repeat(2048)}`, /2048/],
	];
	it.each(bad)('refuses %s', (text, reason) => {
		const parsed = parseHttpsUrl(text);
		expect(parsed.ok ? '' : parsed.error).toMatch(reason);
	});
});

describe('parseReportUri', () => {
	it.each([
		['mailto:tls@example.org', 'mailto:tls@example.org'],
		['MAILTO:Tls.Reports+x@Example.ORG', 'mailto:Tls.Reports+x@example.org'],
		['mailto:tls@bücher.example', 'mailto:tls@xn--bcher-kva.example'],
		['mailto:b%C3%BCro@example.org', 'mailto:b%C3%BCro@example.org'],
		['mailto:a%21b@example.org', 'mailto:a%21b@example.org'],
		['mailto:a%2Fb@example.org?subject=TLS%20reports', 'mailto:a%2Fb@example.org?subject=TLS%20reports'],
		['https://reports.example.org', 'https://reports.example.org/'],
		['HTTPS://Reports.Example.org/v1/tls?of=example.org&a=%2C', 'https://reports.example.org/v1/tls?of=example.org&a=%2C'],
		['https://bücher.example/', 'https://xn--bcher-kva.example/'],
	])('takes %s', (text, uri) => {
		expect(parseReportUri(text)).toEqual({ ok: true, value: uri });
	});

	const bad: readonly (readonly [string, keyof typeof REPORT_URI_FAULTS])[] = [
		['', 'scheme'],
		['tls@example.org', 'scheme'],
		['pigeon:coop', 'scheme'],
		['http://example.org/', 'scheme'],
		// RFC 8460 §3: these end a URI, the list, or stand before a size.
		['mailto:tls;v=evil@example.org', 'separator'],
		['mailto:a,b@example.org', 'separator'],
		['mailto:tls!10m@example.org', 'separator'],
		['mailto:tls@example.org!10m', 'separator'],
		['mailto:a@example.org,mailto:b@example.org', 'separator'],
		['https://example.org/a;b', 'separator'],
		['https://example.org/a,b', 'separator'],
		['https://example.org/?a!b', 'separator'],
		['mailto:"a b"@example.org', 'character'],
		['mailto:a b@example.org', 'character'],
		['mailto:büro@example.org', 'character'],
		['mailto:a/b@example.org', 'character'],
		['mailto:a%b@example.org', 'character'],
		['mailto:%EMAILLOCALPART%@example.org', 'character'],
		['mailto:a@b@example.org', 'character'],
		['mailto:a@example.org?x="', 'character'],
		['https://example.org/a b', 'character'],
		['https://example.org/"', 'character'],
		['https://example.org/%EMAILDOMAIN%', 'character'],
		['https://example.org/\\', 'character'],
		['mailto:', 'address'],
		['mailto:@example.org', 'address'],
		['mailto:tls', 'address'],
		['mailto:tls@localhost', 'address'],
		['mailto:tls@192.0.2.1', 'address'],
		['mailto:.a@example.org', 'address'],
		['mailto:a..b@example.org', 'address'],
		['mailto:a%20b@example.org', 'address'],
		['mailto:a%40b@example.org', 'address'],
		['mailto:a%22@example.org', 'address'],
		['mailto:a%2Cb@example.org', 'address'],
		['mailto:%FF@example.org', 'address'],
		['https:example.org', 'url'],
		['https://localhost/', 'url'],
		['https://user@example.org/', 'url'],
		['https://example.org/#x', 'url'],
		[`https://example.org/${'x'.repeat(320)}`, 'length'],
	];
	it.each(bad)('refuses %s', (text, fault) => {
		expect(parseReportUri(text)).toEqual({ ok: false, error: REPORT_URI_FAULTS[fault] });
	});

	it('takes only what is one entry of a TXT record, printable ASCII without its separators, and the same again', () => {
		fc.assert(
			fc.property(
				fc.oneof(fc.constant('mailto:'), fc.constant('https://')),
				fc.string({ maxLength: 30 }),
				domainText,
				(scheme, text, of) => {
					for (const typed of [`${scheme}${text}@${of}`, `${scheme}${of}/${text}`, `${scheme}${text}`]) {
						const parsed = parseReportUri(typed);
						if (!parsed.ok) continue;
						expect(parsed.value).toMatch(/^[\x21-\x7e]+$/);
						expect(parsed.value).not.toMatch(/[!,;"\\]/);
						expect(parseReportUri(parsed.value)).toEqual(parsed);
					}
				},
			),
			{ numRuns: 2000 },
		);
	});
});
