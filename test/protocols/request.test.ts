/** Queries are read as clients write them: no client encodes a query in the one way that a form has. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentDecode, queryParameter } from '../../src/protocols/request.ts';

/** The texts that queries are made of, and that break them. */
const anyText = fc
	.array(fc.constantFrom('a', 'B', 'email', 'EMAIL', '%40', '%', '%4', '40', '%E4%BD%A0', '%ff', '@', '+', '&', '=', '你', '.'), {
		maxLength: 12,
	})
	.map((parts) => parts.join(''));

function decodeOrNull(text: string): string | null {
	try {
		return decodeURIComponent(text);
	} catch {
		return null;
	}
}

describe('percentDecode', () => {
	it('is decodeURIComponent, with null for what it throws at', () => {
		fc.assert(
			fc.property(anyText, (text) => {
				expect(percentDecode(text)).toBe(decodeOrNull(text));
			}),
			{ numRuns: 20_000 },
		);
	});
});

describe('queryParameter', () => {
	it('is the first of these names among the parts between ampersands', () => {
		const names = ['email', 'a'];
		const expected = (query: string): string | null => {
			const pairs = query.split('&', 32).map((pair) => pair.split(/=(.*)/s));
			const found = pairs.find(([name = '']) => names.includes(decodeOrNull(name)?.toLowerCase() ?? ''));
			return found === undefined ? null : decodeOrNull(found[1] ?? '');
		};
		fc.assert(
			fc.property(anyText, (query) => {
				expect(queryParameter(query, ...names)).toBe(expected(query));
			}),
			{ numRuns: 20_000 },
		);
	});

	it('looks at the first 32 parts', () => {
		expect(queryParameter(`${'x&'.repeat(31)}email=you`, 'email')).toBe('you');
		expect(queryParameter(`${'x&'.repeat(32)}email=you`, 'email')).toBeNull();
	});
});
