/** Calls the handler of a request's method, and answers OPTIONS and methods that the path does not have. */

import { DAY_SECONDS } from '../lib/time.ts';
import { renderUncachedResponse } from './responses.ts';
import { type RouteHandler, type RouteResponse, routeResponse } from './route-handler.ts';

/** The handlers of one path by method. `ANY` takes every method that no other handler takes. */
export interface MethodTable {
	readonly handlers: Partial<Readonly<Record<'GET' | 'POST' | 'ANY', RouteHandler>>>;
	/** Whether pages of other origins may send requests (CORS). */
	readonly cors: boolean;
}

export function dispatchByMethod({ handlers, cors }: MethodTable): RouteHandler {
	const allow = allowHeader(handlers);
	return (routeRequest) => {
		const { method, headers } = routeRequest;
		// Fetch standard §3.2.2: a preflight is an OPTIONS request that asks for a method; browsers do not follow a redirect of one.
		const isPreflight = method === 'OPTIONS' && headers.has('Access-Control-Request-Method');
		const handler = isPreflight ? undefined : (handlers[methodSlot(method)] ?? handlers.ANY);
		if (handler !== undefined) return handler(routeRequest);
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
	return routeResponse(new Response(null, { status: 204, headers }), 'ok');
}

function methodNotAllowedResponse(allow: string): RouteResponse {
	const response = { type: 'text/plain; charset=utf-8', status: 405, body: `Method not allowed. Allowed: ${allow}.\n` };
	return routeResponse(renderUncachedResponse(response, false, { Allow: allow }), 'method-not-allowed');
}
