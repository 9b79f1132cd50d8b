/** The text of record files: JSON takes a way of its own, and is read as YAML reads it. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseJsonOrYaml } from '../../../src/cli/workspace/record-files.ts';

const indent = fc.constantFrom<string | number>('', 1, 2, 4, '\t');

it.each([
	['in one line', '{"kind": "alias", "kind": "domain"}'],
	['as it is written here', '{\n\t"kind": "alias",\n\t"kind": "domain"\n}\n'],
	['with white space where the other has none', '{"a b": 1, "a  b": 2, "a b": 2}'],
	['with the same value', '{"a":{"b":1,"b":1}}'],
	['that only an escape hides', '{"a":1,"\\u0061":1}'],
])('a repeated key is a fault: %s', (_, text) => {
	expect(parseJsonOrYaml('x.json', text)).toMatchObject({
		ok: false,
		error: { message: expect.stringContaining('Map keys must be unique') },
	});
});

it('JSON in any layout is what was written', () => {
	fc.assert(
		fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), indent, (value, space) => {
			const text = JSON.stringify(value, null, space);
			fc.pre(!text.includes('\uFFFD'));
			expect(parseJsonOrYaml('x.json', text)).toEqual({ ok: true, value: JSON.parse(text) });
		}),
	);
});

it('is what YAML reads, whatever the escapes, numbers and white space', () => {
	for (const text of ['{"a": "\\u00e9\\/"}', '{"a": 1.0}', '{"b": "\\\\", "a": " x\\" "}', '\t{"2": 1, "1": 2}', '["\\ud83d\\ude00"]'])
		expect(parseJsonOrYaml('x.json', text), text).toEqual({ ok: true, value: parse(text) });
});
