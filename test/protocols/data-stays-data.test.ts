/**
 * Whatever stands in a record or in an address is data in every answer. Each answer is rendered twice, once with a harmless text and once with
 * a hostile one in its place: independent parsers must see the same document, and in it the one text where the other was.
 */
import fc from 'fast-check';
import { XmlComment, XmlDocument, XmlElement, type XmlNode } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import type { EmailAddress } from '../../src/model/names.ts';
import { encodeUriComponent } from '../../src/model/placeholders.ts';
import { type DomainRecord, parseRecordText } from '../../src/model/record.ts';
import { answerQuery } from '../../src/protocols/answer-query.ts';
import type { Endpoint, WireRequest, WireResponse } from '../../src/protocols/protocol.ts';
import { PROTOCOLS } from '../../src/protocols/registry.ts';
import { children, parseRootElement } from '../clients/independent-xml-parser.ts';
import { fixtureNames, fixtureText, NOW } from '../support/fixture-records.ts';
import { anyAddressPair, recordPairs, type Swap, swapsOf, swapText } from '../support/text-pairs.ts';
import { address } from '../support/valid-names.ts';

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

/** XML 1.0 §2.2: what no document can hold, in any form. */
const NOT_IN_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;
/** Identifiers that are made of a digest of the address. */
const IDENTIFIER = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

function expectSameDocument(harmless: WireResponse, hostile: WireResponse, swaps: readonly Swap[]): void {
	const [before, after] = [placesOf(harmless), placesOf(hostile)];
	expect(after.map(([path]) => path)).toEqual(before.map(([path]) => path));
	const bare = (text: string) => text.replace(NOT_IN_XML, '').replace(IDENTIFIER, '');
	for (const [at, [path, text]] of before.entries()) {
		expect(swapText(text, swaps).map(bare), path).toContain(bare(after[at]?.[1] ?? ''));
	}
}

const RECORDS = fixtureNames().flatMap((name) => {
	const parsed = parseRecordText(fixtureText(name));
	return parsed.ok && parsed.value.kind === 'domain' ? [parsed.value] : [];
});
const MOBILESYNC = 'http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006';

/** The requests of an endpoint for an address: what its clients send, and for Autodiscover what ActiveSync's send. */
function requestsOf(endpoint: Endpoint, of: EmailAddress): readonly WireRequest[] {
	return endpoint.locations.flatMap((location) => {
		const request = endpoint.sampleRequest(of, location);
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

/** The texts are the same in every run: how each may stand in an answer is known to the test, and new ones are tried on purpose. */
const SEED = 14;

const ALICE = address('alice@example.com');

const ENDPOINTS = PROTOCOLS.flatMap(({ endpoints }) => endpoints.map((endpoint) => [endpoint.id, endpoint] as const));

describe.each(ENDPOINTS)('%s', (_, endpoint) => {
	it('has a text of the record where it belongs, and nothing else changes', () => {
		fc.assert(
			fc.property(recordPairs(RECORDS), ({ harmless, hostile, texts }) => {
				for (const request of requestsOf(endpoint, ALICE)) {
					const answers = [respond(endpoint, request, harmless), respond(endpoint, request, hostile)] as const;
					const [plain, spoilt] = answers;
					if (plain === null || spoilt === null) expect(spoilt).toBe(plain);
					else {
						expectSameDocument(plain, spoilt, swapsOf(texts, ALICE));
					}
				}
			}),
			{ numRuns: 100, seed: SEED },
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
			{ numRuns: 100, seed: SEED },
		);
	});
});
