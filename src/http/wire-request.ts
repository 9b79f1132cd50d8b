/** From an HTTP request to what protocols hear. */

import { readTextLimited } from '../lib/read-limited.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { BODY_LIMIT, type WireRequest } from '../protocols/protocol.ts';
import type { RouteRequest } from './dependencies.ts';

/**
 * What protocols hear of a request. The host is the URL's, nothing else: a forged header names no tenant.
 * @param body null where the method has none, and so no Content-Type (RFC 9110 §8.3)
 */
export function toWireRequest({ request, url, path, method, userAgent }: RouteRequest, body: string | null): WireRequest {
	const host = url.hostname;
	return {
		method: method === 'HEAD' ? 'GET' : method,
		host: host.endsWith('.') ? host.slice(0, -1) : host,
		path,
		query: url.search.slice(1),
		userAgent,
		contentType: body === null ? '' : (request.headers.get('Content-Type') ?? ''),
		body: body ?? '',
	};
}

/** The body as text, read no further than the limit. */
export async function readBody(request: Request): Promise<Result<string, 'too-large'>> {
	const { body } = request;
	if (body === null) return ok('');
	const declared = request.headers.get('Content-Length');
	if (declared !== null) {
		if (Number(declared) > BODY_LIMIT) return err('too-large');
		// The runtime holds the sender to the length it declared. Not text(): it complains of FairEmail's Content-Type, which is no text's.
		return ok(new TextDecoder().decode(await request.arrayBuffer()));
	}
	return readTextLimited(body, BODY_LIMIT);
}
