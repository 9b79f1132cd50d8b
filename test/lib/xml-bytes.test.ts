/** The bytes that `renderXml` prints are those of the library's own builder, whatever stands in the texts. */
import fc from 'fast-check';
import { XMLBuilder } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { renderXml, type XmlElement, xml } from '../../src/lib/xml.ts';

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

function ordered({ name, attributes, text, children }: XmlElement): object {
	return { [name]: text === '' ? children.map(ordered) : [{ '#text': text }], ':@': attributes };
}

function byLibrary(root: XmlElement): string {
	return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build([ordered(root)]).trim()}\n`;
}

const HOSTILE = [
	'',
	' ',
	' a ',
	'&amp;',
	'<b>',
	'</a>',
	'/>',
	']]>',
	'"',
	"'",
	'%EMAILADDRESS%',
	'\t',
	'\n',
	'\r',
	'é',
	'\u{1F4EC}',
	'#text',
];

// Characters that XML cannot hold are left out by `renderXml`, and by nobody before the library: they have their own case below.
const text = fc.oneof(
	fc.constantFrom(...HOSTILE),
	fc.string({ unit: fc.constantFrom(...'ab<>&"\'/ ;#%]=-!\t\n\ré') }),
	fc.string({ unit: 'grapheme' }),
);
const name = fc.constantFrom('dict', 'key', 'Protocol', 'LoginName');
const attributes = fc.dictionary(fc.constantFrom('type', 'id', 'xmlns'), text, { maxKeys: 2 });
const { element } = fc.letrec<{ element: XmlElement }>((tie) => ({
	element: fc.oneof(
		{ maxDepth: 4 },
		fc.tuple(name, attributes, text).map(([tag, given, content]) => xml(tag, given, content)),
		fc.tuple(name, attributes, fc.array(tie('element'), { maxLength: 4 })).map(([tag, given, children]) => xml(tag, given, ...children)),
	),
}));

describe('renderXml', () => {
	it('prints what the builder prints', () => {
		fc.assert(
			fc.property(element, (root) => {
				expect(renderXml(root)).toBe(byLibrary(root));
			}),
			{ numRuns: 2000 },
		);
	});

	it.each(HOSTILE)('escapes %j as the builder does, in a text and in an attribute', (hostile) => {
		const root = xml('a', { b: hostile }, xml('c', {}, hostile), null, xml('d', {}));
		expect(renderXml(root)).toBe(byLibrary(root));
	});

	it('leaves out what XML cannot hold', () => {
		expect(renderXml(xml('a', { b: 'x\u0000y' }, 'l\u0007m\uFFFEn\uD800o'))).toBe(
			'<?xml version="1.0" encoding="UTF-8"?>\n<a b="xy">lmno</a>\n',
		);
	});
});
