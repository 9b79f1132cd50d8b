/** XML as an independent parser reads it. */
import { DOMParser, type Element } from '@xmldom/xmldom';

/** The root element; null when the document is not well-formed. */
export function parseRootElement(text: string): Element | null {
	let broken = false;
	const parser = new DOMParser({
		// A warning is no error: it warns of U+FFFD, which a document may hold (XML 1.0 §2.2).
		onError: (level) => {
			if (level !== 'warning') broken = true;
		},
	});
	try {
		const element = parser.parseFromString(text, 'text/xml').documentElement;
		return broken ? null : element;
	} catch {
		// The parser throws on fatal errors, after it has told onError.
		return null;
	}
}

export function children(parent: Element | null, name?: string): readonly Element[] {
	const nodes = parent === null ? [] : Array.from(parent.childNodes);
	return nodes.filter((node): node is Element => node.nodeType === 1).filter((element) => name === undefined || element.localName === name);
}

export function child(parent: Element | null, name: string): Element | null {
	return children(parent, name)[0] ?? null;
}

/** The text of a child; null when there is no such child. */
export function childText(parent: Element | null, name: string): string | null {
	return child(parent, name)?.textContent ?? null;
}

export function attributeNames(element: Element): readonly string[] {
	return Array.from(element.attributes, ({ name }) => name);
}
