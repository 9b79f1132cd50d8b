/** Makes a record from an autoconfig document, such as one of the ISPDB. */

import type { ApiProblem } from '../../contract/api-problems.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { type ParsedXml, parseXml } from '../../lib/xml.ts';
import type { Domain } from '../../model/names.ts';
import { type ImportedRecord, type ImportedServer, importedRecord, mergeServers } from './imported-record.ts';

const SERVICE_BY_TYPE = { imap: 'imap', pop3: 'pop3', smtp: 'submission' } as const;
const SECURITY_BY_SOCKET_TYPE = { SSL: 'tls', STARTTLS: 'starttls', plain: 'plain' } as const;
// The only two ways that a record knows; `password-encrypted` is CRAM-MD5, which a TLS connection makes pointless.
const AUTH_BY_NAME = { OAuth2: 'oauth2', 'password-cleartext': 'password', 'password-encrypted': 'password', plain: 'password' } as const;
const DAV_SERVICES = { calendar: 'caldav', addressbook: 'carddav', fileShare: 'webdav' } as const;

/** Elements that a record can hold; all others are reported as lost. */
const KNOWN_ELEMENTS = ['domain', 'displayName', 'displayShortName', 'incomingServer', 'outgoingServer', 'documentation'];

/** @param domain whose record it is to be */
export function parseAutoconfigDocument(text: string, domain: Domain): Result<ImportedRecord, ApiProblem> {
	const parsed = parseXml(text);
	if (!parsed.ok || parsed.value.name !== 'clientConfig') return err({ code: 'bad-xml' });
	const provider = childElement(parsed.value, 'emailProvider');
	if (provider === undefined) return err({ code: 'bad-xml' });
	const lost: string[] = [];
	const servers = provider.children.filter(({ name }) => name === 'incomingServer' || name === 'outgoingServer');
	const listed = servers.flatMap((server) => parseServer(server, lost));
	const logins = new Set(listed.map(({ login }) => login));
	// One login for all is the record's; the default is left out.
	const shared = logins.size === 1 ? listed[0]?.login : undefined;
	const { services, lost: unfit } = mergeServers(listed.map((server) => (shared === undefined ? server : withoutLogin(server))));
	for (const section of parsed.value.children) parseSection(section, services, lost);
	for (const { name } of provider.children) if (!KNOWN_ELEMENTS.includes(name)) lost.push(`<${name}>: a record has no field for it.`);
	const served = provider.children.filter(({ name }) => name === 'domain').map((element) => element.text.toLowerCase());
	for (const other of served) if (other !== domain) lost.push(`<domain> ${other}: give it a record of its own, or an alias.`);
	const oauth = parseOauth(childElement(parsed.value, 'oAuth2'));
	const help = childElement(provider, 'documentation')?.attributes.url;
	if (help !== undefined && !help.startsWith('https://')) lost.push('<documentation> is not https.');
	const more = {
		...(shared === undefined || shared === '%EMAILADDRESS%' ? {} : { login: shared }),
		...(oauth === null ? {} : { oauth }),
	};
	const named = importedRecord(childElement(provider, 'displayName')?.text || domain, services, more, [...new Set([...lost, ...unfit])]);
	if (!named.ok) return named;
	return ok({ ...named.value, record: withProvider(named.value.record, childElement(provider, 'displayShortName')?.text, help) });
}

function childElement(element: ParsedXml, name: string): ParsedXml | undefined {
	return element.children.find((candidate) => candidate.name === name);
}

function parseServer(element: ParsedXml, lost: string[]): readonly ImportedServer[] {
	const type = element.attributes.type ?? '';
	const service = isKey(SERVICE_BY_TYPE, type) ? SERVICE_BY_TYPE[type] : null;
	const socket = childElement(element, 'socketType')?.text ?? '';
	const security = isKey(SECURITY_BY_SOCKET_TYPE, socket) ? SECURITY_BY_SOCKET_TYPE[socket] : null;
	const host = childElement(element, 'hostname')?.text ?? '';
	if (service === null || security === null) {
		lost.push(`<${element.name} type="${type.slice(0, 20)}">: a record has no field for it.`);
		return [];
	}
	const named = element.children.filter(({ name }) => name === 'authentication').map((way) => way.text);
	for (const way of named)
		if (!isKey(AUTH_BY_NAME, way)) lost.push(`Authentication ${way.slice(0, 30)}: a record knows OAuth2 and passwords.`);
	const auth = [...new Set(named.flatMap((way) => (isKey(AUTH_BY_NAME, way) ? [AUTH_BY_NAME[way]] : [])))];
	const login = childElement(element, 'username')?.text;
	const port = Number(childElement(element, 'port')?.text);
	return [
		{
			service,
			host,
			port,
			security,
			...(login === undefined ? {} : { login }),
			// Without an <authentication> that is known, the server is taken to accept a password.
			...(auth.length === 0 || auth.join() === 'password' ? {} : { auth }),
		},
	];
}

function withoutLogin({ login: _, ...server }: ImportedServer): ImportedServer {
	return server;
}

function parseSection(section: ParsedXml, services: Record<string, object>, lost: string[]): void {
	const { name } = section;
	if (name === 'emailProvider' || name === 'oAuth2') return;
	const url = childElement(section, 'url')?.text ?? childElement(section, 'serverURL')?.text;
	const service = isKey(DAV_SERVICES, name) ? DAV_SERVICES[name] : null;
	if (service !== null && url?.startsWith('https://') === true) services[service] ??= { url };
	else lost.push(`<${name}>: a record has no field for it.`);
}

function parseOauth(element: ParsedXml | undefined): object | null {
	if (element === undefined) return null;
	const [issuer, authUrl, tokenUrl, scope] = ['issuer', 'authURL', 'tokenURL', 'scope'].map((name) => childElement(element, name)?.text);
	if (issuer === undefined || authUrl === undefined || tokenUrl === undefined || scope === undefined) return null;
	return { issuer: issuer.startsWith('https://') ? issuer : `https://${issuer}`, authUrl, tokenUrl, scope };
}

function withProvider(record: object, shortName: string | undefined, help: string | undefined): object {
	const provider: unknown = Reflect.get(record, 'provider');
	const extra = {
		...(shortName === undefined || shortName === '' || shortName.length > 20 ? {} : { shortName }),
		...(help?.startsWith('https://') === true ? { help } : {}),
	};
	return { ...record, provider: { ...(typeof provider === 'object' ? provider : {}), ...extra } };
}

function isKey<T extends object>(table: T, key: string): key is Extract<keyof T, string> {
	return Object.hasOwn(table, key);
}
