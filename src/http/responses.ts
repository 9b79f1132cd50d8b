/** From a rendition to a response. */
import type { WireResponse } from '../protocols/protocol.ts';

/** Headers that no answer goes without. */
const COMMON_HEADERS = { 'X-Content-Type-Options': 'nosniff' } as const;

/** An answer ready to be sent any number of times. */
export interface PreparedResponse {
	readonly body: string | Uint8Array<ArrayBuffer>;
	readonly head: ResponseHead;
	/** Strong validator in quotes (RFC 9110 §8.8.3); null for what is not to be kept. */
	readonly etag: string | null;
}

/**
 * Status and headers. What is sent many times keeps them as the runtime's own Headers: it copies those in one go, and a plain object's one by
 * one, which was a sixth of the cost of a constant answer (`npm run bench`, 2026-11).
 */
interface ResponseHead {
	readonly status: number;
	readonly headers: Headers | Record<string, string>;
}

export interface ResponsePolicy {
	readonly cacheControl: string;
	readonly cors: boolean;
	/** Whether the answer is the same for many and worth a validator. */
	readonly hasETag: boolean;
	/** Headers of this answer alone. */
	readonly extraHeaders?: Readonly<Record<string, string>>;
}

/** Signs a document; null when there is nothing to sign it with. */
type SignBody = (body: string) => Promise<Uint8Array<ArrayBuffer> | null>;

/** Signs where wished, and adds the headers. */
export async function prepareResponse(
	rendition: WireResponse,
	{ cacheControl, cors, hasETag, extraHeaders = {} }: ResponsePolicy,
	sign: SignBody | null = null,
): Promise<PreparedResponse> {
	const signed = rendition.sign === true && sign !== null ? await sign(rendition.body) : null;
	const body = signed ?? rendition.body;
	// Signed anew each time, with another time and for ECDSA another number: a validator would never match.
	const etag = hasETag && signed === null ? await entityTag(rendition.body) : null;
	const headers: Record<string, string> = {
		'Content-Type': rendition.type,
		'Cache-Control': cacheControl,
		...COMMON_HEADERS,
		...extraHeaders,
	};
	// File names are A-labels and a suffix: nothing in them needs quoting.
	if (rendition.filename !== undefined) headers['Content-Disposition'] = `attachment; filename="${rendition.filename}"`;
	if (rendition.location !== undefined) headers.Location = rendition.location;
	if (cors) headers['Access-Control-Allow-Origin'] = '*';
	if (etag !== null) headers.ETag = etag;
	return { body, head: { status: rendition.status ?? 200, headers: hasETag ? new Headers(headers) : headers }, etag };
}

async function entityTag(body: string): Promise<string> {
	const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body)));
	return `"${btoa(String.fromCharCode(...digest.subarray(0, 18)))}"`;
}

/** The response to one request: 304 where the client has it already. */
export function renderResponse({ body, head, etag }: PreparedResponse, ifNoneMatch: string | null): Response {
	if (etag !== null && ifNoneMatch !== null && matchesETag(ifNoneMatch, etag))
		return new Response(null, { status: 304, headers: head.headers });
	return new Response(body, head);
}

// RFC 9110 §13.1.2: a list, compared weakly; `*` is any.
function matchesETag(header: string, etag: string): boolean {
	return header.split(',').some((item) => item.trim() === '*' || item.trim().replace(/^W\//, '') === etag);
}

/** A response for what went wrong: never kept, never more than the rendition says. */
export function renderUncachedResponse(rendition: WireResponse, cors: boolean, more: Readonly<Record<string, string>> = {}): Response {
	const headers: Record<string, string> = { 'Content-Type': rendition.type, 'Cache-Control': 'no-store', ...COMMON_HEADERS, ...more };
	if (cors) headers['Access-Control-Allow-Origin'] = '*';
	return new Response(rendition.body, { status: rendition.status ?? 200, headers });
}
