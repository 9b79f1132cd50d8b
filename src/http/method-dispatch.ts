/** Which methods a path knows, and what the others hear. */

import { DAY_SECONDS } from '../lib/time.ts';
import type { RouteHandler, RouteResponse } from './dependencies.ts';
import { renderUncachedResponse } from './responses.ts';

/** Handlers of one path by method. `ANY` takes whatever no other takes. */
export interface MethodTable {
	readonly handlers: Partial<Readonly<Record<'GET' | 'POST' | 'ANY', RouteHandler>>>;
	/** Whether pages from elsewhere may ask. */
	readonly cors: boolean;
}

export function dispatchByMethod({ handlers, cors }: MethodTable): RouteHandler {
	const allow = allowHeader(handlers);
	return (call) => {
		const { method, request } = call;
		// Fetch standard §3.2.2: a preflight is an OPTIONS that asks for a method. It must not be redirected.
		const preflight = method === 'OPTIONS' && request.headers.has('Access-Control-Request-Method');
		const handler = preflight ? undefined : (handlers[methodSlot(method)] ?? handlers.ANY);
		if (handler !== undefined) return handler(call);
		return method === 'OPTIONS' ? optionsResponse(allow, cors) : methodNotAllowedResponse(allow);
	};
}

function methodSlot(method: string): keyof MethodTable['handlers'] {
	if (method === 'GET' || method === 'HEAD') return 'GET';
	return method === 'POST' ? 'POST' : 'ANY';
}

function allowHeader(handlers: MethodTable['handlers']): string {
	if (handlers.ANY !== undefined) return 'GET, HEAD, POST, PUT, DELETE, OPTIONS, PROPFIND, REPORT';
	return [handlers.GET === undefined ? [] : ['GET', 'HEAD'], handlers.POST === undefined ? [] : ['POST'], 'OPTIONS'].flat().join(', ');
}

function optionsResponse(allow: string, cors: boolean): RouteResponse {
	const headers: Record<string, string> = { Allow: allow };
	if (cors) {
		headers['Access-Control-Allow-Origin'] = '*';
		headers['Access-Control-Allow-Methods'] = allow;
		headers['Access-Control-Allow-Headers'] = 'Authorization, Content-Type, Depth, If-None-Match';
		headers['Access-Control-Max-Age'] = String(DAY_SECONDS);
	}
	return { response: new Response(null, { status: 204, headers }), outcome: 'ok' };
}

function methodNotAllowedResponse(allow: string): RouteResponse {
	const rendition = { type: 'text/plain; charset=utf-8', status: 405, body: `Method not allowed. Allowed: ${allow}.\n` };
	return { response: renderUncachedResponse(rendition, false, { Allow: allow }), outcome: 'method-not-allowed' };
}
