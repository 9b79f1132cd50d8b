/** The Protocol sections of an Autodiscover answer. */
import type { Element } from '@xmldom/xmldom';
import { child, children, childText, parseRootElement } from './independent-xml-parser.ts';

export interface ProtocolSection {
	readonly element: Element;
	/** Text of a child; null when absent. */
	readonly value: (name: string) => string | null;
}

export interface AutodiscoverSettings {
	readonly accountType: string | null;
	readonly action: string | null;
	readonly protocols: readonly ProtocolSection[];
}

const OUTLOOK_NAMESPACE = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a';

/** The settings of an answer; null where there is no account in it, as in an error, in HTML or in another namespace. */
export function parseAutodiscover(body: string): AutodiscoverSettings | null {
	const top = parseRootElement(body);
	const response = child(top, 'Response');
	if (top?.localName !== 'Autodiscover' || response?.namespaceURI !== OUTLOOK_NAMESPACE) return null;
	const accounts = children(response, 'Account');
	const account = accounts[0] ?? null;
	if (account === null || accounts.length > 1) return null;
	return {
		accountType: childText(account, 'AccountType'),
		action: childText(account, 'Action'),
		protocols: children(account, 'Protocol').map((element) => ({ element, value: (name) => childText(element, name) })),
	};
}

/** The body that a client posts. */
export function autodiscoverRequest(address: string): string {
	return `<?xml version="1.0" encoding="utf-8"?><Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"><Request><EMailAddress>${address}</EMailAddress><AcceptableResponseSchema>${OUTLOOK_NAMESPACE}</AcceptableResponseSchema></Request></Autodiscover>`;
}
