/** Turns an HTTP request into what the protocols parse. */
import { readTextLimited } from '../lib/read-limited.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { BODY_LIMIT, type WireRequest } from '../protocols/protocol.ts';
import type { RouteRequest } from './route-handler.ts';

/**
 * The part of a request that the protocols parse. The host comes from the URL alone, so that no header can name another customer.
 * @param body null where the method has none; a Content-Type says nothing then (RFC 9110 §8.3)
 */
export function toWireRequest({ headers, url, path, method, userAgent }: RouteRequest, body: string | null): WireRequest {
	const host = url.hostname;
	return {
		method: method === 'HEAD' ? 'GET' : method,
		host: host.endsWith('.') ? host.slice(0, -1) : host,
		path,
		query: url.search.slice(1),
		userAgent,
		contentType: body === null ? '' : (headers.get('Content-Type') ?? ''),
		body: body ?? '',
	};
}

/** Reads the body as text, and stops at the limit of `BODY_LIMIT` bytes. */
export async function readBody(request: Request, headers: Headers): Promise<Result<string, 'too-large'>> {
	const declared = headers.get('Content-Length');
	if (declared !== null) {
		if (Number(declared) > BODY_LIMIT) return err('too-large');
		// The runtime holds the sender to the length it declared. `text()` is the quicker way, and logs a warning where the Content-Type is not a
		// text's, as FairEmail's is.
		const isText = headers.get('Content-Type')?.startsWith('text/') === true;
		return ok(isText ? await request.text() : new TextDecoder().decode(await request.arrayBuffer()));
	}
	const { body } = request;
	return body === null ? ok('') : readTextLimited(body, BODY_LIMIT);
}
