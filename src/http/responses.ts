/** Turns what a protocol or a page has rendered into HTTP responses, with validators and headers. */
import type { WireResponse } from '../protocols/protocol.ts';

/** Headers of every response. */
const COMMON_HEADERS = { 'X-Content-Type-Options': 'nosniff' } as const;

/** An answer ready to be sent any number of times. */
export interface PreparedResponse {
	readonly body: string | Uint8Array<ArrayBuffer>;
	readonly head: ResponseHead;
	/** Strong validator in quotes (RFC 9110 §8.8.3); null for what clients should not revalidate. */
	readonly etag: string | null;
}

/**
 * Status and headers. An answer that is sent many times keeps them as `Headers`, which the runtime copies in one go. It copies the members
 * of a plain object one by one, which was a sixth of the cost of a constant answer (`npm run bench`, 2026-11).
 */
interface ResponseHead {
	readonly status: number;
	readonly headers: Headers | Record<string, string>;
}

export interface ResponsePolicy {
	readonly cacheControl: string;
	readonly cors: boolean;
	/** Whether the answer gets a validator: it is the same for many requests. */
	readonly hasETag: boolean;
	/** Further headers of this answer. */
	readonly extraHeaders?: Readonly<Record<string, string>>;
}

/** Signs a document; null when there is nothing to sign it with. */
type SignBody = (body: string) => Promise<Uint8Array<ArrayBuffer> | null>;

/**
 * Signs the body where the renderer asks for it, and adds the headers.
 * @param sign null where there is nothing to sign with; a body that was to be signed then stays unsigned
 */
export async function prepareResponse(
	wireResponse: WireResponse,
	{ cacheControl, cors, hasETag, extraHeaders = {} }: ResponsePolicy,
	sign: SignBody | null = null,
): Promise<PreparedResponse> {
	const signed = wireResponse.sign === true && sign !== null ? await sign(wireResponse.body) : null;
	const body = signed ?? wireResponse.body;
	// A signature differs each time, by its time and with ECDSA by a random number: a validator would never match.
	const etag = hasETag && signed === null ? await entityTag(wireResponse.body) : null;
	const headers: Record<string, string> = {
		'Content-Type': wireResponse.type,
		'Cache-Control': cacheControl,
		...COMMON_HEADERS,
		...extraHeaders,
	};
	// File names are a domain in A-labels and a suffix: they have no character that would need escaping.
	if (wireResponse.filename !== undefined) headers['Content-Disposition'] = `attachment; filename="${wireResponse.filename}"`;
	if (wireResponse.location !== undefined) headers.Location = wireResponse.location;
	if (cors) headers['Access-Control-Allow-Origin'] = '*';
	if (etag !== null) headers.ETag = etag;
	return { body, head: { status: wireResponse.status ?? 200, headers: hasETag ? new Headers(headers) : headers }, etag };
}

async function entityTag(body: string): Promise<string> {
	const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body)));
	return `"${btoa(String.fromCharCode(...digest.subarray(0, 18)))}"`;
}

/** The response to one request: 304 without a body where the client has the same answer already. */
export function renderResponse({ body, head, etag }: PreparedResponse, ifNoneMatch: string | null): Response {
	if (etag !== null && ifNoneMatch !== null && matchesETag(ifNoneMatch, etag))
		return new Response(null, { status: 304, headers: head.headers });
	return new Response(body, head);
}

// RFC 9110 §13.1.2: a list of validators, compared weakly; `*` matches every answer.
function matchesETag(header: string, etag: string): boolean {
	return header.split(',').some((item) => item.trim() === '*' || item.trim().replace(/^W\//, '') === etag);
}

/** A response that must not be cached: a problem, or what changes with each request. */
export function renderUncachedResponse(
	wireResponse: WireResponse,
	cors: boolean,
	extraHeaders: Readonly<Record<string, string>> = {},
): Response {
	const headers: Record<string, string> = {
		'Content-Type': wireResponse.type,
		'Cache-Control': 'no-store',
		...COMMON_HEADERS,
		...extraHeaders,
	};
	if (cors) headers['Access-Control-Allow-Origin'] = '*';
	return new Response(wireResponse.body, { status: wireResponse.status ?? 200, headers });
}
