// By its file: the bare name is a built-in module of Node, which bundlers prefer. It brings no types.
declare module 'punycode/punycode.es6.js' {
	/** U-labels for A-labels; all else stays. */
	export function toUnicode(domain: string): string;
	export function toASCII(domain: string): string;
}
