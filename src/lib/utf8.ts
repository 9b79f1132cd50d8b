/** The UTF-8 bytes of a text. The copy is for the type checker: the types of some platforms allow a shared buffer as an encoder's result. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
	return new TextEncoder().encode(text).slice();
}
