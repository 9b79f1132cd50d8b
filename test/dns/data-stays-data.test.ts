/** Whatever stands in a record is data in every zone format: read back by the format's own rules, the text is the text, and nothing else is there. */
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import type { ProtocolDnsRecords } from '../../src/dns/expected.ts';
import { ZONE_FORMAT_NAMES, ZONE_FORMATS, type ZoneFormatName } from '../../src/dns/formats/zone-formats.ts';

const NAME = '_text.example.com';
const ZONE = { domain: 'example.com', origin: 'example.com' };

function expectedText(text: string): readonly ProtocolDnsRecords[] {
	return [{ protocol: 'x', title: 'X', spec: 'none', records: [{ type: 'TXT', name: NAME, text }] }];
}

/** Character-strings of a zone file (RFC 1035 §5.1), joined. Throws where anything else stands there. */
function decodeCharacterStrings(data: string): string {
	const bytes: number[] = [];
	let rest = data;
	for (;;) {
		const string = /^"((?:[^"\\]|\\[^0-9]|\\[0-9]{3})*)"(?: |$)/.exec(rest);
		if (string === null) throw new Error(`no character-string: ${rest}`);
		for (const [, octet, escaped, plain] of (string[1] ?? '').matchAll(/\\([0-9]{3})|\\(.)|([^\\])/gs))
			bytes.push(octet === undefined ? (escaped ?? plain ?? '').charCodeAt(0) : Number(octet));
		rest = rest.slice(string[0].length);
		if (rest === '') return new TextDecoder('utf-8', { ignoreBOM: true, fatal: true }).decode(Uint8Array.from(bytes));
	}
}

/** HCL's quoted template (HCL native syntax, "Template Expressions"): throws at an interpolation or a directive. */
function decodeHclString(quoted: string): string {
	let text = '';
	const parts = quoted.slice(1, -1).matchAll(/\\u([0-9a-fA-F]{4})|\\([nrt"\\])|\$\$\{|%%\{|\$\{|%\{|[\s\S]/g);
	for (const [whole, unit, escaped] of parts) {
		if (whole === '${' || whole === '%{' || whole === '\\' || whole === '"' || whole === '\n') throw new Error(`not data: ${whole}`);
		if (unit !== undefined) text += String.fromCharCode(Number.parseInt(unit, 16));
		else if (escaped !== undefined) text += { n: '\n', r: '\r', t: '\t' }[escaped] ?? escaped;
		else text += whole === '$${' ? '${' : whole === '%%{' ? '%{' : whole;
	}
	return text;
}

const only = <T>(list: readonly T[]): T => {
	const [first] = list;
	if (list.length !== 1 || first === undefined) throw new Error(`${list.length} entries`);
	return first;
};

/** Each format's reader: the only text in the file. Throws where the file has anything that it does not expect. */
const READERS: Readonly<Record<ZoneFormatName, (file: string) => string>> = {
	bind(file) {
		const lines = file.split('\n').filter((line) => line !== '' && !line.startsWith(';'));
		const [, data = ''] = /^_text\.example\.com\. +3600 IN TXT +(.*)$/.exec(only(lines)) ?? [];
		return decodeCharacterStrings(data);
	},
	cloudflare: (file) => decodeCharacterStrings(only<{ content: string }>(JSON.parse(file).posts).content),
	terraform(file) {
		const content = only(file.split('\n').filter((line) => line.trimStart().startsWith('content')));
		expect(file.split('\n')).toHaveLength(8);
		return decodeCharacterStrings(decodeHclString(content.trim().replace(/^content = /, '')));
	},
	route53: (file) =>
		decodeCharacterStrings(
			only<{ Value: string }>(
				only<{ ResourceRecordSet: { ResourceRecords: { Value: string }[] } }>(JSON.parse(file).Changes).ResourceRecordSet.ResourceRecords,
			).Value,
		),
	powerdns: (file) =>
		decodeCharacterStrings(only<{ content: string }>(only<{ records: { content: string }[] }>(JSON.parse(file).rrsets).records).content),
	octodns(file) {
		expect(file).toMatch(/^[ -~\n]*$/);
		// YAML 1.1, as octoDNS's PyYAML reads it. It takes the backslash out before a semicolon, and reads \\ as one.
		const value: string = only<string>(only<{ values: string[] }>(parseYaml(file, { version: '1.1' })._text).values);
		return value.replace(/\\([\\;])/g, (_, character: string) => character);
	},
	dnscontrol(file) {
		expect(file).toMatch(/^[ -~\n]*$/);
		const texts: string[] = [];
		const context = { D_EXTEND: () => undefined, TTL: () => undefined, TXT: (_: string, text: string) => texts.push(text) };
		runInNewContext(file, context);
		return only(texts);
	},
	table(file) {
		const [, row = ''] = file.trimEnd().split('\n');
		expect(file.trimEnd().split('\n')).toHaveLength(2);
		return decodeCharacterStrings(/^_text\.example\.com +TXT +3600 +(.*)$/.exec(row)?.[1] ?? '');
	},
};

/** Text that means something in one format or another, mixed with any other text. */
const DANGEROUS = [
	'"',
	"'",
	'\\',
	'`',
	'${',
	'$${',
	'$$${',
	'%{',
	'%%{',
	'$',
	'%',
	'{',
	'}',
	'\n',
	'\r\n',
	'\n$INCLUDE /etc/passwd\n',
	'\u0000',
	'\u0008',
	'\u000c',
	'\u007f',
	'\u0085',
	'\u2028',
	'\u202e',
	'\u2066',
	']]>',
	'-->',
	'<!--',
	'&amp;',
	'<b>',
	';',
	'\\;',
	'\\b',
	'\\f',
	'#',
	': ',
	'- ',
	'\t',
	')',
	');',
	'\\032',
	'\\"',
	'é',
	'🙂',
	'$',
	'{var.cloudflare_api_token}',
];
const hostileText = fc
	.array(
		fc.oneof(fc.constantFrom(...DANGEROUS), fc.string({ unit: 'grapheme', maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 4 })),
		{ minLength: 1, maxLength: 40 },
	)
	.map((parts) => parts.join('').toWellFormed());

describe.each(ZONE_FORMAT_NAMES)('%s', (name) => {
	it('gives back whatever text a record has', () => {
		fc.assert(
			fc.property(hostileText, (text) => {
				expect(READERS[name](ZONE_FORMATS[name].renderZone(ZONE, expectedText(text)))).toBe(text);
			}),
			{ numRuns: 400 },
		);
	});
});
