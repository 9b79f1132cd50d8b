/**
 * Whatever stands in a record or in an address is data in every answer. Each answer is rendered twice, once with a harmless text and once with
 * a hostile one in its place: independent parsers must see the same document, and in it the one text where the other was.
 */
import fc from 'fast-check';
import { XmlComment, XmlDocument, XmlElement, type XmlNode } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import { type EmailAddress, parseEmailAddress } from '../../src/model/names.ts';
import { encodeUriComponent, fillAddress, fillAddressIntoUrl, fillDomain, fillLoginDomain } from '../../src/model/placeholders.ts';
import { type DomainRecord, parseRecord, parseRecordText } from '../../src/model/record.ts';
import { REASONS_OF_LATER_RELEASES } from '../../src/model/record-fields.ts';
import { answerQuery } from '../../src/protocols/answer-query.ts';
import type { Endpoint, WireRequest, WireResponse } from '../../src/protocols/protocol.ts';
import { PROTOCOLS } from '../../src/protocols/registry.ts';
import { children, parseRootElement } from '../clients/independent-xml-parser.ts';
import { fixtureNames, fixtureText, NOW } from '../support/fixture-records.ts';
import { anyTextPair } from '../support/hostile-text.ts';

/** A text of a document, and where it stands. */
type Place = readonly [path: string, text: string];

type XmldomElement = NonNullable<ReturnType<typeof parseRootElement>>;

function placesByXmldom(element: XmldomElement, path: string): readonly Place[] {
	const here = `${path}/${element.nodeName}`;
	const inner = children(element).flatMap((each, at) => placesByXmldom(each, `${here}[${at}]`));
	const others = Array.from(element.childNodes).filter(({ nodeType }) => nodeType !== 1 && nodeType !== 3);
	return [
		...Array.from(element.attributes, ({ name, value }): Place => [`${here}@${name}`, value]),
		...others.map(({ nodeType }): Place => [`${here} node of type ${nodeType}`, '']),
		...(inner.length > 0 ? inner : [[here, element.textContent ?? ''] as const]),
	];
}

function placesByLibxml2(text: string): readonly Place[] {
	const document = XmlDocument.fromString(text);
	try {
		return placesOfNode(document.root, '');
	} finally {
		document.dispose();
	}
}

function placesOfNode(element: XmlElement, path: string): readonly Place[] {
	const here = `${path}/${element.prefix === '' ? '' : `${element.prefix}:`}${element.name}`;
	const nodes: XmlNode[] = [];
	for (let node = element.firstChild; node !== null; node = node.next) nodes.push(node);
	const elements = nodes.filter((node) => node instanceof XmlElement);
	expect(nodes.some((node) => node instanceof XmlComment)).toBe(false);
	return [
		...element.attrs.map(({ name, value }): Place => [`${here}@${name}`, value]),
		...(elements.length > 0 ? elements.flatMap((each, at) => placesOfNode(each, `${here}[${at}]`)) : [[here, element.content] as const]),
	];
}

function placesOfJson(value: unknown, path: string): readonly Place[] {
	if (typeof value !== 'object' || value === null) return [[path, String(value)]];
	return Object.entries(value).flatMap(([key, inner]) => placesOfJson(inner, `${path}.${key}`));
}

/** Every text of an answer. Two parsers have to agree about XML, but for namespace declarations, which one of them does not list. */
function placesOf({ type, body, location, filename }: WireResponse): readonly Place[] {
	const head: readonly Place[] = [
		['location', location ?? ''],
		['filename', filename ?? ''],
	];
	expect(`${location}${filename}`).not.toMatch(/[\r\n"<>]/);
	if (type.startsWith('text/plain')) return [...head, ...body.split('\n').map((line, at): Place => [`line ${at}`, line])];
	if (/^application\/(?:[\w.-]+\+)?json/.test(type)) return [...head, ...placesOfJson(JSON.parse(body), '')];
	const root = parseRootElement(body);
	if (root === null) throw new Error(`not well-formed: ${body}`);
	const places = placesByXmldom(root, '').filter(([path]) => !/@xmlns(?::|$)/.test(path));
	const others = placesByLibxml2(body);
	expect(others.map(([, text]) => text)).toEqual(places.map(([, text]) => text));
	return [...head, ...places];
}

/** A URL as parsers write it, its placeholders as they are; the text itself where it is no URL. */
function asUrl(text: string): string {
	const placeholders = [...text.matchAll(/%EMAIL[A-Z]+%/g)].map(([found]) => found);
	const marked = placeholders.reduce((result, placeholder, at) => result.replace(placeholder, `zz${at}zz`), text);
	if (!URL.canParse(marked)) return text;
	return placeholders.reduce((result, placeholder, at) => result.replace(`zz${at}zz`, () => placeholder), new URL(marked).href);
}

/** How a text of a record may stand in an answer: as it is, filled in for the user, as a URL, and as the path of one. */
function formsOf(text: string, address: EmailAddress): readonly string[] {
	const { domain } = address;
	const withLoginDomain = fillLoginDomain(text, domain);
	const url = fillAddressIntoUrl(fillDomain(text, domain), address) ?? '';
	const parsed = URL.canParse(url) ? new URL(url) : null;
	return [
		...[text, fillAddress(text, address), fillDomain(text, domain), withLoginDomain, fillAddress(withLoginDomain, address)],
		...[url, parsed?.href ?? text, parsed === null ? text : parsed.pathname, asUrl(text), asUrl(fillDomain(text, domain))],
	];
}

/** XML 1.0 §2.2: what no document can hold, in any form. */
const NOT_IN_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;
/** Identifiers that are made of a digest of the address. */
const IDENTIFIER = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** @param swaps pairs of texts: where the harmless one stands in the one answer, the hostile one has to stand in the other */
function expectSameDocument(harmless: WireResponse, hostile: WireResponse, swaps: readonly (readonly [string, string])[]): void {
	const [before, after] = [placesOf(harmless), placesOf(hostile)];
	expect(after.map(([path]) => path)).toEqual(before.map(([path]) => path));
	const bare = (text: string) => text.replace(NOT_IN_XML, '').replace(IDENTIFIER, '');
	for (const [at, [path, text]] of before.entries()) {
		const swapped = swaps.filter(([from]) => text.includes(from)).map(([from, to]) => text.replaceAll(from, () => to));
		const possible = swapped.length === 0 ? [text] : swapped;
		expect(possible.map(bare), path).toContain(bare(after[at]?.[1] ?? ''));
	}
}

interface Leaf {
	readonly path: readonly string[];
	readonly text: string;
}

/** Every text of a record. */
function leavesOf(value: unknown, path: readonly string[] = []): readonly Leaf[] {
	if (typeof value === 'string') return path[0] === 'kind' ? [] : [{ path, text: value }];
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

function withLeaf(value: unknown, [key, ...rest]: readonly string[], text: string): unknown {
	if (key === undefined) return text;
	if (Array.isArray(value)) return value.map((inner, at) => (String(at) === key ? withLeaf(inner, rest, text) : inner));
	return Object.fromEntries(Object.entries(value ?? {}).map(([name, inner]) => [name, name === key ? withLeaf(inner, rest, text) : inner]));
}

/** The record as the service would have it in its store; null where no release has ever taken it. */
function storedRecord(value: unknown): DomainRecord | null {
	const parsed = parseRecord(value);
	if (parsed.ok) return parsed.value.kind === 'domain' ? parsed.value : null;
	// Records of earlier releases are served as they are.
	return parsed.error.every(({ reason }) => REASONS_OF_LATER_RELEASES.has(reason)) ? (value as DomainRecord) : null;
}

const RECORDS = fixtureNames().flatMap((name) => {
	const parsed = parseRecordText(fixtureText(name));
	return parsed.ok && parsed.value.kind === 'domain' ? [parsed.value] : [];
});
const LEAVES = RECORDS.flatMap((record) => leavesOf(record).map((leaf) => ({ record, leaf })));

interface RecordPair {
	readonly harmless: DomainRecord;
	readonly hostile: DomainRecord;
	readonly texts: readonly [harmless: string, hostile: string];
}

/** A record with a hostile text in one of its fields, in place of what stands there or behind it; and the same with a harmless one. */
const anyRecordPair: fc.Arbitrary<RecordPair> = fc
	.tuple(fc.constantFrom(...LEAVES), anyTextPair, fc.constantFrom('', '/', '%EMAILADDRESS%'))
	.map(([{ record, leaf }, pair, between]): RecordPair | null => {
		const place = (text: string) => {
			if (between !== '/') return between + text;
			// What ends a URL's path, and what parsers of URLs leave out, is syntax there.
			return `${leaf.text.replace(/\?.*|\/$/, '')}/${text.replace(/[?#/\\\s\p{Cc}]/gu, 'x')}`;
		};
		const [harmless, hostile] = [pair.harmless, pair.hostile].map((text) => storedRecord(withLeaf(record, leaf.path, place(text))));
		if (harmless === null || harmless === undefined || hostile === null || hostile === undefined) return null;
		const textIn = (of: DomainRecord) => leavesOf(of).find(({ path }) => path.join('.') === leaf.path.join('.'))?.text ?? '';
		return { harmless, hostile, texts: [textIn(harmless), textIn(hostile)] };
	})
	.filter((pair) => pair !== null);

const MOBILESYNC = 'http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006';

/** The requests of an endpoint for an address: what its clients send, and for Autodiscover what ActiveSync's send. */
function requestsOf(endpoint: Endpoint, address: EmailAddress): readonly WireRequest[] {
	return endpoint.locations.flatMap((location) => {
		const request = endpoint.sampleRequest(address, location);
		const mobileSync = request.body.replace(/http:[^<]*outlook\/responseschema\/2006a/, MOBILESYNC);
		return mobileSync === request.body ? [request] : [request, { ...request, body: mobileSync }];
	});
}

/** The answer; null where there is none. */
function respond(endpoint: Endpoint, request: WireRequest, record: DomainRecord): WireResponse | null {
	const query = endpoint.parseRequest(request);
	if (!query.ok) throw new Error(`not heard: ${query.error.code}`);
	const [domain] = query.value.candidates;
	const key = 'record:x' as const;
	const answered = answerQuery(query.value, { domain, key, foundUnder: key, record }, null, NOW);
	return answered.ok ? answered.value : null;
}

function validAddress(text: string): EmailAddress {
	const address = parseEmailAddress(text);
	if (address === null) throw new Error(`no address: ${text}`);
	return address;
}

const ALICE = validAddress('alice@example.com');

/** Local parts that an address may have, beside a harmless one. */
const anyAddressPair = anyTextPair
	.map(({ hostile, harmless }) => ({
		hostile: parseEmailAddress(`${hostile}@example.com`),
		harmless: parseEmailAddress(`${harmless.replaceAll('%', 'x')}@example.com`),
	}))
	.filter((pair): pair is { hostile: EmailAddress; harmless: EmailAddress } => pair.hostile !== null && pair.harmless !== null);

const ENDPOINTS = PROTOCOLS.flatMap(({ endpoints }) => endpoints.map((endpoint) => [endpoint.id, endpoint] as const));

describe.each(ENDPOINTS)('%s', (_, endpoint) => {
	it('has a text of the record where it belongs, and nothing else changes', () => {
		fc.assert(
			fc.property(anyRecordPair, ({ harmless, hostile, texts: [from, to] }) => {
				for (const request of requestsOf(endpoint, ALICE)) {
					const answers = [respond(endpoint, request, harmless), respond(endpoint, request, hostile)] as const;
					const [plain, spoilt] = answers;
					if (plain === null || spoilt === null) expect(spoilt).toBe(plain);
					else {
						const others = formsOf(to, ALICE);
						expectSameDocument(
							plain,
							spoilt,
							formsOf(from, ALICE).map((form, at) => [form, others[at] ?? ''] as const),
						);
					}
				}
			}),
			{ numRuns: 300 },
		);
	});

	it('has the local part of an address where it belongs, and nothing else changes', () => {
		fc.assert(
			fc.property(anyAddressPair, fc.constantFrom(...RECORDS), ({ harmless, hostile }, record) => {
				for (const [at, request] of requestsOf(endpoint, harmless).entries()) {
					const other = requestsOf(endpoint, hostile)[at];
					const plain = respond(endpoint, request, record);
					const spoilt = other === undefined ? null : respond(endpoint, other, record);
					if (plain === null || spoilt === null) expect(spoilt).toBe(plain);
					else
						expectSameDocument(plain, spoilt, [
							[harmless.local, hostile.local],
							[encodeUriComponent(harmless.local), encodeUriComponent(hostile.local)],
						]);
				}
			}),
			{ numRuns: 200 },
		);
	});
});
