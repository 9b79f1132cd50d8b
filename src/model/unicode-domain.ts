/// <reference path="./punycode.d.ts" />
import { toASCII, toUnicode } from 'punycode/punycode.es6.js';

/**
 * A domain in the letters that its owners use; `xn--` labels are for protocols only. A label that is not the Punycode of any text, as a
 * stranger may send one, stays as it is (RFC 5890 §2.3.2.1 calls it a fake A-label).
 */
export function toUnicodeDomain(domain: string): string {
	return domain.split('.').map(toUnicodeLabel).join('.');
}

function toUnicodeLabel(label: string): string {
	try {
		const unicode = toUnicode(label);
		return toASCII(unicode) === label ? unicode : label;
	} catch {
		// The library throws for what it cannot decode: a property of the input, and no failure of ours.
		return label;
	}
}
