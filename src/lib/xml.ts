import { type X2jOptions, XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser';
import { err, ok, type Result } from './result.ts';

/** An XML element to print: it holds elements, or a text, never both. */
export interface XmlElement {
	readonly name: string;
	readonly attributes: Readonly<Record<string, string>>;
	/** Printed escaped; empty where there are children. */
	readonly text: string;
	readonly children: readonly XmlElement[];
}

/**
 * Makes an element: `xml('port', {}, '993')`. Children that are null are left out, so that an optional child can be written as a condition in
 * place.
 */
export function xml(
	name: string,
	attributes: Readonly<Record<string, string>>,
	...content: readonly [text: string] | readonly (XmlElement | null)[]
): XmlElement {
	const [first] = content;
	if (typeof first === 'string') return { name, attributes, text: first, children: [] };
	return { name, attributes, text: '', children: content.filter((child) => typeof child === 'object' && child !== null) };
}

const TEXT_KEY = '#text';
const ATTRIBUTES_KEY = ':@';

const builder = new XMLBuilder({
	preserveOrder: true,
	ignoreAttributes: false,
	attributeNamePrefix: '',
	format: true,
	indentBy: '  ',
	processEntities: true,
	suppressEmptyNode: true,
	suppressBooleanAttributes: false,
});

// XML 1.0 §2.2: characters outside `Char` cannot be written, not even as a character reference.
const ILLEGAL_CHARACTERS = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

type OrderedNode = { [key: string]: OrderedNode[] | string | Readonly<Record<string, string>> };

function toOrderedNode({ name, attributes, text, children }: XmlElement): OrderedNode {
	const content =
		children.length > 0 ? children.map(toOrderedNode) : text === '' ? [] : [{ [TEXT_KEY]: text.replace(ILLEGAL_CHARACTERS, '') }];
	const entries = Object.entries(attributes);
	if (entries.length === 0) return { [name]: content };
	return {
		[name]: content,
		[ATTRIBUTES_KEY]: Object.fromEntries(entries.map(([attribute, value]) => [attribute, value.replace(ILLEGAL_CHARACTERS, '')])),
	};
}

/** Prints a document with its declaration, in UTF-8, indented by two blanks. Equal trees give equal bytes. */
export function renderXml(root: XmlElement, doctype = ''): string {
	return `<?xml version="1.0" encoding="UTF-8"?>\n${doctype}${builder.build([toOrderedNode(root)]).trim()}\n`;
}

// Nothing in it needs an escape: addresses of nearly everybody.
const PLAIN_TEXT = /^[\w.@+-]*$/;

/** A text as `renderXml` writes it between other text, in an element or an attribute. */
export function escapeXml(text: string): string {
	if (PLAIN_TEXT.test(text)) return text;
	// The library escapes a whole document alone.
	const document = builder.build([toOrderedNode(xml('a', {}, text))]).trim();
	return document.slice('<a>'.length, -'</a>'.length);
}

/** A parsed element: local name without prefix, its attributes, its text, its children in order. */
export interface ParsedXml {
	readonly name: string;
	readonly xmlns: string;
	readonly attributes: Readonly<Record<string, string>>;
	readonly text: string;
	readonly children: readonly ParsedXml[];
}

const PARSER_OPTIONS = {
	preserveOrder: true,
	ignoreAttributes: false,
	attributeNamePrefix: '',
	removeNSPrefix: true,
	parseTagValue: false,
	parseAttributeValue: false,
	trimValues: false,
	processEntities: true,
	htmlEntities: true,
	ignoreDeclaration: true,
	ignorePiTags: true,
	maxNestedTags: 32,
} as const satisfies X2jOptions;

// Making it takes an eighth of the time in which the Worker's modules are evaluated, and most isolates never parse a document.
let parser: XMLParser | null = null;

/**
 * Parses a small document sent by a client. A DTD is refused before anything is parsed, and with it every entity that the sender could
 * define; so is what is not well-formed. The caller has limited the size.
 */
export function parseXml(text: string): Result<ParsedXml, 'dtd' | 'malformed'> {
	const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
	if (/<!(DOCTYPE|ENTITY)/i.test(body)) return err('dtd');
	try {
		if (XMLValidator.validate(body) !== true) return err('malformed');
		parser ??= new XMLParser(PARSER_OPTIONS);
		const roots = toParsedElements(parser.parse(body));
		return roots[0] === undefined || roots.length > 1 ? err('malformed') : ok(roots[0]);
	} catch {
		// The parser reports its limits (nesting, entities) by throwing; nothing else in this block throws.
		return err('malformed');
	}
}

function toParsedElements(nodes: unknown): ParsedXml[] {
	const elements: ParsedXml[] = [];
	for (const node of Array.isArray(nodes) ? nodes : []) {
		for (const [name, content] of Object.entries(node)) {
			if (name === TEXT_KEY || name === ATTRIBUTES_KEY) continue;
			const attributes = attributesOf(node);
			elements.push({ name, xmlns: attributes.xmlns ?? '', attributes, text: textOf(content), children: toParsedElements(content) });
		}
	}
	return elements;
}

const NO_ATTRIBUTES: Readonly<Record<string, string>> = {};

/** The parser's own object, not a copy: a stranger may send thousands of attributes. Values are strings (parseAttributeValue is off). */
function attributesOf(node: object): Readonly<Record<string, string>> {
	const attributes: unknown = Reflect.get(node, ATTRIBUTES_KEY);
	return typeof attributes === 'object' && attributes !== null ? (attributes as Readonly<Record<string, string>>) : NO_ATTRIBUTES;
}

function textOf(content: unknown): string {
	let text = '';
	for (const node of Array.isArray(content) ? content : []) if (TEXT_KEY in node) text += String(node[TEXT_KEY]);
	return text.trim();
}
