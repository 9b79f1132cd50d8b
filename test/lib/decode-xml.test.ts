/** Documents from files, in whatever encoding they say they have. */
import { describe, expect, it } from 'vitest';
import { decodeXmlFile } from '../../src/lib/decode-xml.ts';

const latin1 = (text: string) => new Uint8Array([...text].map((character) => character.charCodeAt(0)));
const utf16 = (text: string) =>
	latin1(
		[...`\uFEFF${text}`].map((character) => String.fromCharCode(character.charCodeAt(0) & 255, character.charCodeAt(0) >> 8)).join(''),
	);

describe('a document from a file', () => {
	it.each([
		['UTF-8', new TextEncoder().encode('<a>Zürich €</a>'), '<a>Zürich €</a>'],
		['UTF-8 with a mark', new TextEncoder().encode('\uFEFF<a>Zürich</a>'), '<a>Zürich</a>'],
		['UTF-16 with a mark', utf16('<a>Zürich €</a>'), '<a>Zürich €</a>'],
		[
			'declared Latin-1',
			latin1('<?xml version="1.0" encoding="ISO-8859-1"?><a>Zürich</a>'),
			'<?xml version="1.0" encoding="ISO-8859-1"?><a>Zürich</a>',
		],
		['no XML, in UTF-8', new TextEncoder().encode('DOMAIN=zürich.example'), 'DOMAIN=zürich.example'],
	])('in %s is read', (_, bytes, text) => {
		expect(decodeXmlFile(bytes)).toEqual({ text, fault: null });
	});

	it.each([
		['in an encoding that nobody knows', latin1('<?xml version="1.0" encoding="x-nobody"?><a/>'), /x-nobody, which is unknown/],
		['in Latin-1 that is not declared', latin1('<a>Zürich</a>'), /no characters of utf-8/],
	])('%s is named', (_, bytes, fault) => {
		expect(decodeXmlFile(bytes).fault).toMatch(fault);
	});
});
