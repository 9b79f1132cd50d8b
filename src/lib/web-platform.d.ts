/**
 * The part of the web platform that workerd, Node and browsers share and that the pure floors may use.
 * The pure floors are type-checked with these declarations and no others, so that code which uses one runtime's own API does not compile.
 */

declare class URL {
	constructor(url: string, base?: string);
	readonly protocol: string;
	readonly username: string;
	readonly password: string;
	readonly host: string;
	readonly hostname: string;
	readonly port: string;
	readonly pathname: string;
	readonly search: string;
	readonly hash: string;
	readonly href: string;
	readonly origin: string;
}

declare class TextEncoder {
	encode(text: string): Uint8Array<ArrayBuffer>;
	encodeInto(text: string, target: Uint8Array): { readonly read: number; readonly written: number };
}

declare class TextDecoder {
	constructor(label?: string, options?: { readonly fatal: boolean; readonly ignoreBOM: boolean });
	readonly encoding: string;
	decode(bytes?: Uint8Array, options?: { readonly stream?: boolean }): string;
}

/** For lib/log.ts alone: test/architecture.test.ts refuses it in every other file of a pure floor. */
declare const console: {
	log(line: string): void;
	error(line: string): void;
};

declare const crypto: {
	readonly subtle: {
		digest(algorithm: 'SHA-256' | 'SHA-384', data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
		importKey(
			format: 'pkcs8' | 'spki' | 'raw',
			data: Uint8Array<ArrayBuffer>,
			algorithm: { readonly name: string; readonly namedCurve?: string; readonly hash?: string },
			extractable: boolean,
			usages: ('sign' | 'verify')[],
		): Promise<CryptoKey>;
		sign(algorithm: { readonly name: string; readonly hash?: string }, key: CryptoKey, data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
		verify(
			algorithm: { readonly name: string; readonly hash?: string },
			key: CryptoKey,
			signature: Uint8Array<ArrayBuffer>,
			data: Uint8Array<ArrayBuffer>,
		): Promise<boolean>;
	};
};

interface CryptoKey {
	readonly type: string;
	readonly algorithm: object;
}

declare function btoa(binary: string): string;
declare function atob(base64: string): string;
