/// <reference path="./punycode.d.ts" />
import { toUnicode } from 'punycode/punycode.es6.js';

/** A domain in the letters that its owners use; `xn--` labels are for protocols only. */
export function toUnicodeDomain(domain: string): string {
	return toUnicode(domain);
}
