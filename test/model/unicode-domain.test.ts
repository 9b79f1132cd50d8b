import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toUnicodeDomain } from '../../src/model/unicode-domain.ts';

describe('a domain in Unicode', () => {
	it.each([
		['xn--bcher-kva.example', 'bücher.example'],
		['xn--b.a.com', 'xn--b.a.com'],
		['mail.xn--0.xn--bcher-kva.example', 'mail.xn--0.bücher.example'],
		['xn--.example', 'xn--.example'],
		['xn--paypal-.example', 'xn--paypal-.example'],
	])('%s is %s', (domain, unicode) => {
		expect(toUnicodeDomain(domain)).toBe(unicode);
	});

	it('is one for every domain that can be sent', () => {
		const label = fc.stringMatching(/^(xn--)?[a-z0-9-]{0,20}$/);
		fc.assert(
			fc.property(fc.array(label, { minLength: 1, maxLength: 4 }), (labels) => {
				expect(toUnicodeDomain(labels.join('.')).split('.')).toHaveLength(labels.length);
			}),
			{ numRuns: 2000 },
		);
	});
});
