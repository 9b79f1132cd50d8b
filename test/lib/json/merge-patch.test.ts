import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyMergePatch } from '../../../src/lib/json/merge-patch.ts';

describe('JSON Merge Patch', () => {
	// RFC 7396, appendix A: every row.
	it.each([
		['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
		['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
		['{"a":"b"}', '{"a":null}', '{}'],
		['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
		['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
		['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
		['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
		['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
		['["a","b"]', '["c","d"]', '["c","d"]'],
		['{"a":"b"}', '["c"]', '["c"]'],
		['{"a":"foo"}', 'null', 'null'],
		['{"a":"foo"}', '"bar"', '"bar"'],
		['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
		['[1,2]', '{"a":"b","c":null}', '{"a":"b"}'],
		['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
	])('%s and %s make %s', (target, patch, result) => {
		expect(JSON.stringify(applyMergePatch(JSON.parse(target), JSON.parse(patch)))).toBe(result);
	});

	it('applied twice is applied once, and changes neither argument', () => {
		fc.assert(
			fc.property(fc.jsonValue(), fc.jsonValue(), (target, patch) => {
				const before = JSON.stringify([target, patch]);
				const once = applyMergePatch(target, patch);
				expect(applyMergePatch(once, patch)).toEqual(once);
				expect(JSON.stringify([target, patch])).toBe(before);
			}),
		);
	});

	it('sets no prototype', () => {
		const merged = applyMergePatch({}, JSON.parse('{"__proto__":{"polluted":true}}'));
		expect(Reflect.get(Object(merged), 'polluted')).toBeUndefined();
		expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
	});
});
