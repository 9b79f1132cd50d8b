/** The Protocol sections of an Autodiscover answer. */
import type { Element } from '@xmldom/xmldom';
import { child, children, root, text } from './xml-reader.ts';

export interface ProtocolSection {
	readonly element: Element;
	/** Text of a child; null when absent. */
	readonly value: (name: string) => string | null;
}

export interface Settings {
	readonly accountType: string | null;
	readonly action: string | null;
	readonly protocols: readonly ProtocolSection[];
}

const OUTLOOK = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a';

/** Null for whatever is no answer with an account: errors, HTML, other namespaces. */
export function readSettings(body: string): Settings | null {
	const top = root(body);
	const response = child(top, 'Response');
	if (top?.localName !== 'Autodiscover' || response?.namespaceURI !== OUTLOOK) return null;
	const accounts = children(response, 'Account');
	const account = accounts[0] ?? null;
	if (account === null || accounts.length > 1) return null;
	return {
		accountType: text(account, 'AccountType'),
		action: text(account, 'Action'),
		protocols: children(account, 'Protocol').map((element) => ({ element, value: (name) => text(element, name) })),
	};
}

/** What a client posts. */
export function request(address: string): string {
	return `<?xml version="1.0" encoding="utf-8"?><Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"><Request><EMailAddress>${address}</EMailAddress><AcceptableResponseSchema>${OUTLOOK}</AcceptableResponseSchema></Request></Autodiscover>`;
}
