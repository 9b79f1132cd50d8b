/** Turns what a protocol or a page has rendered into HTTP responses, with validators and headers. */
import { encodeBase64 } from '../lib/base64.ts';
import { encodeUtf8 } from '../lib/utf8.ts';
import type { WireResponse } from '../protocols/protocol.ts';

/** Headers of every response. */
const COMMON_HEADERS = { 'X-Content-Type-Options': 'nosniff' } as const;

/** An answer ready to be sent any number of times. */
export interface PreparedResponse {
	/** UTF-8: the runtime would encode a text again for each response. */
	readonly body: Uint8Array<ArrayBuffer>;
	readonly head: ResponseHead;
	/** Strong validator in quotes (RFC 9110 §8.8.3). */
	readonly etag: string;
}

/**
 * Status and headers, as `Headers`, which the runtime copies in one go. It copies the members
 * of a plain object one by one, which was a sixth of the cost of a constant answer (`npm run bench`, 2026-11).
 */
export interface ResponseHead {
	readonly status: number;
	readonly headers: Headers;
}

export interface ResponsePolicy {
	readonly cacheControl: string;
	readonly cors: boolean;
	/** Further headers of this answer. */
	readonly extraHeaders?: Readonly<Record<string, string>>;
}

/** An answer with a validator: it is the same for many requests. */
export async function prepareResponse({ body, ...head }: WireResponse, policy: ResponsePolicy): Promise<PreparedResponse> {
	const bytes = encodeUtf8(body);
	const etag = await entityTag(bytes);
	return { body: bytes, head: prepareHead(head, { ...policy, extraHeaders: { ...policy.extraHeaders, ETag: etag } }), etag };
}

/** Status and headers of an answer whose body may be another each time. */
export function prepareHead(
	{ type, status = 200, filename, location }: Omit<WireResponse, 'body'>,
	{ cacheControl, cors, extraHeaders = {} }: ResponsePolicy,
): ResponseHead {
	const headers = new Headers({ 'Content-Type': type, 'Cache-Control': cacheControl, ...COMMON_HEADERS, ...extraHeaders });
	// File names are a domain in A-labels and a suffix: they have no character that would need escaping.
	if (filename !== undefined) headers.set('Content-Disposition', `attachment; filename="${filename}"`);
	if (location !== undefined) headers.set('Location', location);
	if (cors) headers.set('Access-Control-Allow-Origin', '*');
	return { status, headers };
}

async function entityTag(body: Uint8Array<ArrayBuffer>): Promise<string> {
	const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', body));
	return `"${encodeBase64(digest.subarray(0, 18))}"`;
}

/** The response to one request: 304 without a body where the client has the same answer already. */
export function renderResponse({ body, head, etag }: PreparedResponse, ifNoneMatch: string | null): Response {
	if (ifNoneMatch !== null && matchesETag(ifNoneMatch, etag)) return new Response(null, { status: 304, headers: head.headers });
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
