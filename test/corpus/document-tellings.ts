/**
 * What an autoconfig document tells clients, one line for each thing, by an XML reader and rules that share nothing with the import's own; and
 * whether a sentence of an import says that such a thing is told otherwise.
 */
import type { Element } from '@xmldom/xmldom';
import { parseAutoconfig, type ServerSection } from '../clients/autoconfig-document.ts';
import { child, children, childText } from '../clients/independent-xml-parser.ts';

/** One thing that a document tells clients. */
export interface Telling {
	readonly text: string;
	/** A sentence that names this thing contains all the words of one of these lists; letter case does not count. */
	readonly namedBy: readonly (readonly string[])[];
	/** Whether it decides what clients set up; else it is a text for people. */
	readonly isSetting: boolean;
}

const AUTH_SYNONYMS: Readonly<Record<string, string>> = { plain: 'password-cleartext', secure: 'password-encrypted' };
const SERVER_PARTS: ReadonlySet<string> = new Set(['hostname', 'port', 'socketType', 'username', 'authentication']);
const OAUTH_PARTS = ['issuer', 'authURL', 'tokenURL', 'scope'];
const DAV_TYPES: Readonly<Record<string, string>> = { calendar: 'caldav', addressbook: 'carddav', fileshare: 'webdav' };
const DAV_ELEMENT = /^(calendar|addressbook|fileshare)$/i;

/** Everything that a document tells the clients of one domain. */
export function documentTellings(document: string, domain: string): readonly Telling[] {
	const parsed = parseAutoconfig(document);
	if (parsed === null || parsed.provider === null) return [];
	const { provider } = parsed;
	const root = provider.parentNode as Element;
	return [
		...parsed.incoming.flatMap((section, at) => serverTellings('incomingServer', section, at, domain)),
		...parsed.outgoing.flatMap((section, at) => serverTellings('outgoingServer', section, at, domain)),
		...['displayName', 'displayShortName'].flatMap((name) => {
			const text = childText(provider, name);
			return text === null ? [] : [personal(`${name} ${text.trim()}`, [[name]])];
		}),
		...children(provider, 'documentation').flatMap(documentationTellings),
		...oauthTellings(root),
		...children(root)
			.concat(children(provider))
			.filter(({ localName }) => DAV_ELEMENT.test(localName ?? ''))
			.map((element) => {
				const name = (element.localName ?? '').toLowerCase();
				const url = childText(element, 'url') ?? childText(element, 'serverURL') ?? '';
				const type = (element.getAttribute('type') ?? '').trim().toLowerCase();
				return setting(`${name} ${type === '' ? DAV_TYPES[name] : type} ${url.trim().replaceAll('%EMAILDOMAIN%', domain)}`, [[name]]);
			}),
		...otherElements(provider, root),
	];
}

/** What stands in one list of tellings and not in the other, either way. */
export function differentTellings(before: readonly Telling[], after: readonly Telling[]): readonly Telling[] {
	const isIn = (list: readonly Telling[]) => (telling: Telling) => list.some(({ text }) => text === telling.text);
	return [...before.filter((telling) => !isIn(after)(telling)), ...after.filter((telling) => !isIn(before)(telling))];
}

/** Whether the sentences of an import name a thing. */
export function isNamed({ namedBy }: Telling, sentences: readonly string[]): boolean {
	return sentences.some((sentence) => {
		const text = sentence.toLowerCase();
		return namedBy.some((words) => words.every((word) => text.includes(word.toLowerCase())));
	});
}

function setting(text: string, namedBy: Telling['namedBy']): Telling {
	return { text, namedBy, isSetting: true };
}

function personal(text: string, namedBy: Telling['namedBy']): Telling {
	return { text, namedBy, isSetting: false };
}

function serverTellings(name: string, section: ServerSection, at: number, domain: string): readonly Telling[] {
	const { type, hostname, port, socketType, username, authentication, element } = section;
	const host = (hostname ?? '').trim().replaceAll('%EMAILDOMAIN%', domain).toLowerCase().replace(/\.$/, '');
	const security =
		({ ssl: 'SSL', starttls: 'STARTTLS' } as const)[(socketType ?? '').trim().toLowerCase() as 'ssl' | 'starttls'] ?? 'plain';
	const ways = authentication.map((word) => word.trim()).map((word) => AUTH_SYNONYMS[word] ?? word);
	const place = `${host}:${(port ?? '').trim()}`;
	const direction = name === 'incomingServer' ? 'incoming' : 'outgoing';
	const namedBy = [[`${name}[${at + 1}]`], [place], [`order of ${direction}`]];
	return [
		setting(`${name} ${at} ${type} ${place} ${security} user=${username?.trim() ?? '-'} auth=${[...new Set(ways)].join()}`, namedBy),
		...children(element)
			.filter(({ localName }) => !SERVER_PARTS.has(localName ?? ''))
			.map((part) =>
				setting(`${name} ${place} ${part.localName} ${wholeText(part)}`, [
					[`${name}[${at + 1}]`, part.localName ?? ''],
					[`${name}[${at + 1}]`, wholeText(part)],
				]),
			),
		// Clients take the first of these; some take the second where they do not know the first.
		...['hostname', 'port', 'username', 'socketType'].flatMap((part) =>
			children(element, part)
				.slice(1)
				.map((second) => setting(`${name} ${place} ${part} ${wholeText(second)}`, [[`${name}[${at + 1}]`, part]])),
		),
	];
}

function documentationTellings(element: Element, at: number): readonly Telling[] {
	const url = (element.getAttribute('url') ?? '').trim();
	const namedBy = [['documentation']];
	return [
		personal(`documentation ${at} ${normalUrl(url)}`, namedBy),
		...children(element).map((part) => personal(`documentation ${at} ${part.getAttribute('lang') ?? ''} ${wholeText(part)}`, namedBy)),
	];
}

/** A URL in the form in which browsers have it: `https://a.example` and `https://a.example/` are one. */
function normalUrl(text: string): string {
	return URL.canParse(text) ? new URL(text).href : text;
}

function oauthTellings(root: Element): readonly Telling[] {
	const oauth = child(root, 'oAuth2');
	if (oauth === null) return [];
	return OAUTH_PARTS.map((name) => setting(`oAuth2 ${name}=${childText(oauth, name)?.trim() ?? '-'}`, [['oAuth2']]));
}

/** Elements that no other function here looks at. What says when a document was last changed tells clients nothing. */
function otherElements(provider: Element, root: Element): readonly Telling[] {
	const seen = new Set(['displayName', 'displayShortName', 'documentation', 'domain', 'incomingServer', 'outgoingServer']);
	const parts = [
		...children(provider).filter(({ localName }) => !seen.has(localName ?? '')),
		...children(root).filter(({ localName }) => !['emailProvider', 'oAuth2', 'clientConfigUpdate'].includes(localName ?? '')),
	];
	return parts
		.filter(({ localName }) => !DAV_ELEMENT.test(localName ?? ''))
		.map((part) => setting(`${part.localName} ${wholeText(part)}`, [[part.localName ?? '']]));
}

function wholeText(element: Element): string {
	return (element.textContent ?? '').replace(/\s+/g, ' ').trim();
}
