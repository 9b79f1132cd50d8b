import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contrast, legibleOn } from '../../../src/lib/presentation/colour.ts';

describe('contrast', () => {
	it.each([
		['#000000', '#ffffff', 21],
		['#ffffff', '#ffffff', 1],
		// WCAG's own technique G18 gives this grey as the lightest that passes on white.
		['#767676', '#ffffff', 4.54],
		['#ff0000', '#ffffff', 4],
	])('of %s and %s is %d', (one, other, ratio) => {
		expect(contrast(one, other)).toBeCloseTo(ratio, 1);
		expect(contrast(other, one)).toBe(contrast(one, other));
	});
});

describe('a legible colour', () => {
	it('is the operator’s own where that can be read', () => {
		expect(legibleOn('#ffffff', '#0f766e')).toBe('#0f766e');
	});

	it('can be read, whatever was wanted, on every ground', () => {
		const colour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);
		fc.assert(
			fc.property(colour, colour, (ground, wanted) => {
				expect(contrast(legibleOn(ground, wanted), ground)).toBeGreaterThanOrEqual(4.5);
			}),
		);
	});
});
