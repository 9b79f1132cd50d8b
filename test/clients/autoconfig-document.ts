/** The sections of a config-v1.1.xml, as far as all of its readers agree on them. */
import type { Element } from '@xmldom/xmldom';
import { child, children, childText, parseRootElement } from './independent-xml-parser.ts';
import type { ServerSettings } from './outcome.ts';

export interface ServerSection {
	readonly element: Element;
	readonly type: string;
	readonly hostname: string | null;
	readonly port: string | null;
	readonly socketType: string | null;
	readonly username: string | null;
	readonly authentication: readonly string[];
}

export interface AutoconfigDocument {
	readonly provider: Element | null;
	readonly incoming: readonly ServerSection[];
	readonly outgoing: readonly ServerSection[];
}

/** The document; null when it is not well-formed or has another root element. */
export function parseAutoconfig(body: string): AutoconfigDocument | null {
	const top = parseRootElement(body);
	if (top === null || top.localName !== 'clientConfig') return null;
	const provider = child(top, 'emailProvider');
	return { provider, incoming: serverSections(provider, 'incomingServer'), outgoing: serverSections(provider, 'outgoingServer') };
}

function serverSections(provider: Element | null, name: string): readonly ServerSection[] {
	return children(provider, name).map((element) => ({
		element,
		type: element.getAttribute('type') ?? '',
		hostname: childText(element, 'hostname'),
		port: childText(element, 'port'),
		socketType: childText(element, 'socketType'),
		username: childText(element, 'username'),
		authentication: children(element, 'authentication').map(({ textContent }) => textContent ?? ''),
	}));
}

/** The security that a socketType stands for, for clients that know `SSL` and `STARTTLS` in this very spelling alone. */
export function securityOfSocketType(socketType: string | null): ServerSettings['security'] {
	if (socketType === 'SSL') return 'tls';
	return socketType === 'STARTTLS' ? 'starttls' : 'cleartext';
}

export const HOST_NAME = /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/;
