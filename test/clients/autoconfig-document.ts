/** The sections of a config-v1.1.xml, as far as all of its readers agree on them. */
import type { Element } from '@xmldom/xmldom';
import type { Server } from './outcome.ts';
import { child, children, root, text } from './xml-reader.ts';

export interface Section {
	readonly element: Element;
	readonly type: string;
	readonly hostname: string | null;
	readonly port: string | null;
	readonly socketType: string | null;
	readonly username: string | null;
	readonly authentication: readonly string[];
}

export interface Document {
	readonly provider: Element | null;
	readonly incoming: readonly Section[];
	readonly outgoing: readonly Section[];
}

/** Null when it is not well-formed or has another root. */
export function readDocument(body: string): Document | null {
	const top = root(body);
	if (top === null || top.localName !== 'clientConfig') return null;
	const provider = child(top, 'emailProvider');
	return { provider, incoming: sections(provider, 'incomingServer'), outgoing: sections(provider, 'outgoingServer') };
}

function sections(provider: Element | null, name: string): readonly Section[] {
	return children(provider, name).map((element) => ({
		element,
		type: element.getAttribute('type') ?? '',
		hostname: text(element, 'hostname'),
		port: text(element, 'port'),
		socketType: text(element, 'socketType'),
		username: text(element, 'username'),
		authentication: children(element, 'authentication').map(({ textContent }) => textContent ?? ''),
	}));
}

/** What `SSL`, `STARTTLS` and everything else mean, where the words are taken exactly. */
export function securityOf(socketType: string | null): Server['security'] {
	if (socketType === 'SSL') return 'tls';
	return socketType === 'STARTTLS' ? 'starttls' : 'cleartext';
}

export const HOST_NAME = /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/;
