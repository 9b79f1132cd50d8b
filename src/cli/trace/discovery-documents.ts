/**
 * Parses the documents of discovery, as far as clients agree on them. Which servers a client takes from them is in the client's own file.
 */
import { type ParsedXml, parseXml } from '../../lib/xml.ts';
import { securityByPort } from '../../model/service-ports.ts';
import type { DiscoveredServer } from './discovery.ts';

/** A server section of autoconfig, as written. */
export interface AutoconfigServer {
	readonly element: 'incomingServer' | 'outgoingServer';
	readonly type: string;
	readonly hostname: string;
	readonly port: string;
	readonly socketTypes: readonly string[];
	readonly authentications: readonly string[];
	readonly username: string;
}

export interface AutoconfigDocument {
	readonly id: string;
	/** Domains without attributes. */
	readonly domains: readonly string[];
	readonly servers: readonly AutoconfigServer[];
}

const childTexts = (parent: ParsedXml, name: string) => parent.children.filter((child) => child.name === name).map((child) => child.text);

/** Null where it is no autoconfig document; `reason` says why. */
export function parseAutoconfigDocument(body: string): AutoconfigDocument | { readonly reason: string } {
	const parsed = parseXml(body);
	if (!parsed.ok) return { reason: 'not well-formed XML' };
	const provider = parsed.value.name === 'clientConfig' ? parsed.value.children.find(({ name }) => name === 'emailProvider') : undefined;
	if (provider === undefined) return { reason: 'XML, but no clientConfig with an emailProvider' };
	const sections = provider.children.flatMap((child): readonly AutoconfigServer[] => {
		if (child.name !== 'incomingServer' && child.name !== 'outgoingServer') return [];
		return [
			{
				element: child.name,
				type: child.attributes.type ?? '',
				hostname: childTexts(child, 'hostname')[0] ?? '',
				port: childTexts(child, 'port')[0] ?? '',
				socketTypes: childTexts(child, 'socketType'),
				authentications: childTexts(child, 'authentication'),
				username: childTexts(child, 'username')[0] ?? '',
			},
		];
	});
	return { id: provider.attributes.id ?? '', domains: childTexts(provider, 'domain'), servers: sections };
}

const SOCKET_TYPES = { SSL: 'tls', STARTTLS: 'starttls', plain: 'plain' } as const;

/** Converts the section into a server; null where a part of it is missing or invalid. */
export function parseAutoconfigServer({ type, hostname, port, socketTypes }: AutoconfigServer): DiscoveredServer | null {
	const security = socketTypes
		.map((word) => (word in SOCKET_TYPES ? SOCKET_TYPES[word as keyof typeof SOCKET_TYPES] : null))
		.find((word) => word !== null);
	if ((type !== 'imap' && type !== 'pop3' && type !== 'smtp') || security === undefined || hostname === '' || !/^\d+$/.test(port))
		return null;
	return { kind: type, host: hostname.toLowerCase(), port: Number(port), security };
}

const childNamed = (parent: ParsedXml | undefined, name: string) => parent?.children.find((child) => child.name === name);

/** Every IMAP, POP3 and SMTP of an Autodiscover response, or the reason why there is none. */
export function parseAutodiscoverResponse(body: string): readonly DiscoveredServer[] | { readonly reason: string } {
	const parsed = parseXml(body);
	if (!parsed.ok) return { reason: 'not well-formed XML' };
	const response = childNamed(parsed.value, 'Response');
	if (childNamed(response, 'Error') !== undefined) return { reason: 'an error in Autodiscover’s own words' };
	const account = childNamed(response, 'Account');
	if (account === undefined) return { reason: 'no Autodiscover response' };
	if (childNamed(account, 'Action')?.text !== 'settings') return { reason: `the action is "${childNamed(account, 'Action')?.text ?? ''}"` };
	return account.children.flatMap((child): readonly DiscoveredServer[] => {
		const type = childNamed(child, 'Type')?.text;
		if (child.name !== 'Protocol' || (type !== 'IMAP' && type !== 'POP3' && type !== 'SMTP')) return [];
		const ssl = childNamed(child, 'SSL')?.text.toLowerCase() ?? '';
		const encryption = childNamed(child, 'Encryption')?.text.toLowerCase() ?? '';
		const port = Number(childNamed(child, 'Port')?.text ?? '');
		const kind = ({ IMAP: 'imap', POP3: 'pop3', SMTP: 'smtp' } as const)[type];
		return [{ kind, host: childNamed(child, 'Server')?.text ?? '', port, security: autodiscoverSecurity(ssl, encryption, port) }];
	});
}

// In Thunderbird 153 and FairEmail, off and None mean no encryption, and otherwise the port decides. Outlook reads Encryption, with the
// same result here.
function autodiscoverSecurity(ssl: string, encryption: string, port: number): DiscoveredServer['security'] {
	if (ssl === 'off' || encryption === 'none') return 'plain';
	return securityByPort(port);
}

/** The mail payload of an Apple profile: its keys and values. Signed profiles carry the text as it is. */
export function parseMobileconfig(bytes: Uint8Array): Readonly<Record<string, string>> | { readonly reason: string } {
	const text = Buffer.from(bytes).toString('utf8');
	const [begin, end] = [text.indexOf('<plist'), text.lastIndexOf('</plist>')];
	if (begin < 0 || end < begin) return { reason: 'no property list' };
	const parsed = parseXml(text.slice(begin, end + '</plist>'.length));
	if (!parsed.ok) return { reason: 'not well-formed XML' };
	const dicts = (element: ParsedXml): readonly ParsedXml[] => [
		...(element.name === 'dict' ? [element] : []),
		...element.children.flatMap(dicts),
	];
	for (const dict of dicts(parsed.value)) {
		const pairs: Record<string, string> = {};
		for (const [at, child] of dict.children.entries()) {
			const value = dict.children[at + 1];
			if (child.name === 'key' && value !== undefined)
				pairs[child.text] = value.name === 'true' || value.name === 'false' ? value.name : value.text;
		}
		if (pairs.PayloadType === 'com.apple.mail.managed') return pairs;
	}
	return { reason: 'no mail account in the profile' };
}
