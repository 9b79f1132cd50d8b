/**
 * The part of the web platform that workerd, Node and browsers share and that the pure floors may use.
 * The pure floors are type-checked with this and nothing else, so that a slip into one runtime's own API does not compile.
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
}

declare const crypto: {
	readonly subtle: {
		digest(algorithm: 'SHA-256', data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
	};
};

declare function btoa(binary: string): string;
