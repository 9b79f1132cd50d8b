/** PEM, the text form of keys and certificates (RFC 7468). */
import { decodeBase64 } from './base64.ts';

export interface PemBlock {
	/** The word after BEGIN: `CERTIFICATE`, `PRIVATE KEY`, `EC PRIVATE KEY` … */
	readonly label: string;
	readonly der: Uint8Array<ArrayBuffer>;
}

// Text outside the blocks is ignored (RFC 7468 §5.2): certificate authorities write names above each certificate.
const PEM_BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END ([A-Z0-9 ]+)-----/g;

/**
 * Every block of a text, in the text's order; null where one is not base64 or has no END line. Blocks with headers, such as
 * `Proc-Type: 4,ENCRYPTED`, are not base64.
 */
export function parsePem(text: string): readonly PemBlock[] | null {
	const blocks: PemBlock[] = [];
	for (const [, label = '', body = '', endLabel = ''] of text.matchAll(PEM_BLOCK)) {
		if (label !== endLabel) return null;
		const base64 = body.replace(/\s+/g, '');
		if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || base64.length % 4 !== 0) return null;
		blocks.push({ label, der: decodeBase64(base64) });
	}
	// A file that was cut short has more BEGIN lines than complete blocks.
	return text.split('-----BEGIN ').length - 1 === blocks.length ? blocks : null;
}
