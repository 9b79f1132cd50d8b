/** Reads an autoconfig document (draft-ietf-mailmaint-autoconfig, and Mozilla's format 1.1 before it) as mail clients do. */
import { err, ok, type Result } from '../../lib/result.ts';
import { type ParsedXml, parseXml } from '../../lib/xml.ts';
import {
	type AdvertisedDetail,
	type AdvertisedOAuth,
	type AdvertisedServer,
	type AdvertisedSettings,
	type AdvertisedUrl,
	normaliseHost,
	parseAuthWord,
	parsePort,
	parseSecurity,
} from './advertised-settings.ts';

/** The elements for DAV servers, in lower case, with their types: the draft writes `addressbook`, Mozilla's wiki `addressBook`. */
const DAV_ELEMENTS = { calendar: 'caldav', addressbook: 'carddav', fileshare: 'webdav' } as const;

/** The types of `incomingServer`, in lower case, that have a URL in the place of a host and a port. */
const URL_TYPES = { jmap: 'jmap', activesync: 'activesync' } as const;

/** What an element may have inside that a reader takes up; everything else is a detail of its own. */
const SERVER_CHILDREN = ['hostname', 'port', 'socketType', 'username', 'authentication'];
const OAUTH_CHILDREN = ['issuer', 'authURL', 'tokenURL', 'scope'];
const DAV_CHILDREN = ['url', 'serverURL', 'username', 'authentication'];

/** What of a document is only about the document, and tells clients nothing. */
const SILENT_ELEMENTS: ReadonlySet<string> = new Set(['clientConfigUpdate']);

/** The settings of a document, or what is wrong with it as XML. */
export function readAutoconfig(text: string): Result<AdvertisedSettings, string> {
	const parsed = parseXml(text);
	if (!parsed.ok) return err(parsed.error === 'dtd' ? 'has a document type (<!DOCTYPE …>)' : 'is not well-formed XML');
	if (parsed.value.name !== 'clientConfig') return err(`begins with <${parsed.value.name.slice(0, 40)}>, not with <clientConfig>`);
	const [provider, ...others] = childrenNamed(parsed.value, 'emailProvider');
	if (provider === undefined) return err('has no <emailProvider>');
	const more: AdvertisedDetail[] = others.map((other) => ({ path: 'emailProvider', text: `a second one, ${other.attributes.id ?? ''}` }));
	const servers: AdvertisedServer[] = [];
	const urls: AdvertisedUrl[] = [];
	const domains: string[] = [];
	const documentation: { url: string; texts: readonly string[] }[] = [];
	let oauth: AdvertisedOAuth | null = null;
	const counts = new Map<string, number>();
	for (const element of [...provider.children, ...parsed.value.children]) {
		const { name } = element;
		const count = (counts.get(name) ?? 0) + 1;
		counts.set(name, count);
		const path = count === 1 ? name : `${name}[${count}]`;
		const dav = davKind(element);
		const urlType = urlServerKind(element);
		if (urlType !== null) {
			urls.push(readUrl(element, urlType, `${name}[${count}]`, more));
		} else if (name === 'incomingServer' || name === 'outgoingServer') {
			servers.push(readServer(element, element.attributes.type ?? '', `${name}[${count}]`, more));
		} else if (name === 'setupServer' && element.attributes.type?.toLowerCase() === 'managesieve') {
			servers.push(readServer(element, 'sieve', `${name}[${count}]`, more));
		} else if (dav !== null) {
			urls.push(readUrl(element, dav, path, more));
		} else if (name === 'domain') {
			if (element.attributes.purpose === undefined) domains.push(element.text);
			else more.push({ path: `${path} purpose="${element.attributes.purpose}"`, text: element.text });
		} else if (name === 'documentation') {
			const texts = childrenNamed(element, 'descr').map((descr) => `${descr.attributes.lang ?? ''}: ${oneLine(descr.text)}`);
			documentation.push({ url: element.attributes.url ?? '', texts });
			addUnread(element, path, ['descr'], ['url'], more);
		} else if (name === 'oAuth2' && oauth === null) {
			oauth = readOAuth(element);
			addUnread(element, path, OAUTH_CHILDREN, [], more);
		} else if (!isReadElsewhere(name, count) && !SILENT_ELEMENTS.has(name))
			more.push({ path: `<${name}>`, text: describeElement(element) });
	}
	return ok({
		domains,
		displayName: childrenNamed(provider, 'displayName')[0]?.text ?? null,
		shortName: childrenNamed(provider, 'displayShortName')[0]?.text ?? null,
		servers,
		urls,
		oauth,
		documentation,
		more,
	});
}

/** The first of these is taken by itself; a further one is a detail. */
function isReadElsewhere(name: string, count: number): boolean {
	return name === 'emailProvider' || ((name === 'displayName' || name === 'displayShortName') && count === 1);
}

function childrenNamed(element: ParsedXml, name: string): readonly ParsedXml[] {
	return element.children.filter((child) => child.name === name);
}

function textsOf(element: ParsedXml, name: string): readonly string[] {
	return childrenNamed(element, name).map(({ text }) => text);
}

/** What an element for DAV servers stands for; null for other elements, and for a server of another protocol (`type="ldap"`). */
function davKind({ name, attributes }: ParsedXml): AdvertisedUrl['kind'] | null {
	const lower = name.toLowerCase();
	const kind = Object.hasOwn(DAV_ELEMENTS, lower) ? DAV_ELEMENTS[lower as keyof typeof DAV_ELEMENTS] : null;
	const type = attributes.type?.trim().toLowerCase() ?? '';
	return type === '' || type === kind ? kind : null;
}

/** What a server for mail with a URL is; null for servers with a host and a port. */
function urlServerKind(element: ParsedXml): AdvertisedUrl['kind'] | null {
	if (element.name !== 'incomingServer' || textsOf(element, 'url').length === 0) return null;
	const type = element.attributes.type?.trim().toLowerCase() ?? '';
	return Object.hasOwn(URL_TYPES, type) ? URL_TYPES[type as keyof typeof URL_TYPES] : null;
}

/** @param type what the element says that it is, in any letter case */
function readServer(element: ParsedXml, type: string, path: string, more: AdvertisedDetail[]): AdvertisedServer {
	const port = parsePort(textsOf(element, 'port')[0] ?? '');
	// Clients take the first <socketType> that they know, Thunderbird one without encryption too; where there is another, it is what counts.
	const words = textsOf(element, 'socketType').map((word) => ({ word, security: parseSecurity(word, port) }));
	const chosen =
		words.find(({ security }) => security === 'tls' || security === 'starttls') ?? words.find(({ security }) => security !== null);
	for (const each of words) if (each !== chosen) more.push({ path: `${path}.socketType`, text: each.word });
	for (const name of ['hostname', 'port', 'username'])
		for (const text of textsOf(element, name).slice(1)) more.push({ path: `${path}.${name}`, text: `a second one, ${text}` });
	addUnread(element, path, SERVER_CHILDREN, ['type'], more);
	return {
		path,
		direction: element.name === 'outgoingServer' ? 'outgoing' : 'incoming',
		type: type.trim().toLowerCase(),
		host: normaliseHost(textsOf(element, 'hostname')[0] ?? ''),
		port,
		security: chosen?.security ?? null,
		login: textsOf(element, 'username')[0] ?? null,
		auth: [...new Set(textsOf(element, 'authentication').map(parseAuthWord))],
	};
}

function readUrl(element: ParsedXml, kind: AdvertisedUrl['kind'], path: string, more: AdvertisedDetail[]): AdvertisedUrl {
	addUnread(element, path, DAV_CHILDREN, ['type'], more);
	return {
		path,
		kind,
		url: textsOf(element, 'url')[0] ?? textsOf(element, 'serverURL')[0] ?? '',
		login: textsOf(element, 'username')[0] ?? null,
		auth: [...new Set(textsOf(element, 'authentication').map(parseAuthWord))],
	};
}

function readOAuth(element: ParsedXml): AdvertisedOAuth {
	const text = (name: string) => textsOf(element, name)[0] ?? null;
	return { issuer: text('issuer'), authUrl: text('authURL'), tokenUrl: text('tokenURL'), scope: text('scope') };
}

/** Adds what an element has beside what its reader takes up. */
function addUnread(
	element: ParsedXml,
	path: string,
	children: readonly string[],
	attributes: readonly string[],
	more: AdvertisedDetail[],
): void {
	for (const child of element.children)
		if (!children.includes(child.name)) more.push({ path: `${path}.${child.name}`, text: describeElement(child) });
	for (const [name, value] of Object.entries(element.attributes))
		if (!attributes.includes(name) && !name.startsWith('xml')) more.push({ path: `${path}@${name}`, text: value });
}

/** The content of an element in one line, cut: its text, its attributes, and the names of what is inside. */
function describeElement(element: ParsedXml): string {
	const attributes = Object.entries(element.attributes).map(([name, value]) => `${name}="${value}"`);
	const inside = element.children.map((child) => `<${child.name}>${child.text === '' ? '' : ` ${oneLine(child.text)}`}`);
	return [...attributes, element.text, ...inside]
		.map(oneLine)
		.filter((part) => part !== '')
		.join(' ')
		.slice(0, 120);
}

function oneLine(text: string): string {
	return text.replace(/\s+/g, ' ').trim();
}
