/** Which methods a path knows, and what the others hear. */
import type { Handler, Served } from './parts.ts';
import { refusal } from './respond.ts';

/** Handlers of one path by method. `ANY` takes whatever no other takes. */
export interface Methods {
	readonly handlers: Partial<Readonly<Record<'GET' | 'POST' | 'ANY', Handler>>>;
	/** Whether pages from elsewhere may ask. */
	readonly cors: boolean;
}

export function byMethod({ handlers, cors }: Methods): Handler {
	const allow = allowed(handlers);
	return (call) => {
		const { method, request } = call;
		// Fetch standard §3.2.2: a preflight is an OPTIONS that asks for a method. It must not be redirected.
		const preflight = method === 'OPTIONS' && request.headers.has('Access-Control-Request-Method');
		const handler = preflight ? undefined : (handlers[slot(method)] ?? handlers.ANY);
		if (handler !== undefined) return handler(call);
		return method === 'OPTIONS' ? options(allow, cors) : notAllowed(allow);
	};
}

function slot(method: string): keyof Methods['handlers'] {
	if (method === 'GET' || method === 'HEAD') return 'GET';
	return method === 'POST' ? 'POST' : 'ANY';
}

function allowed(handlers: Methods['handlers']): string {
	if (handlers.ANY !== undefined) return 'GET, HEAD, POST, PUT, DELETE, OPTIONS, PROPFIND, REPORT';
	return [handlers.GET === undefined ? [] : ['GET', 'HEAD'], handlers.POST === undefined ? [] : ['POST'], 'OPTIONS'].flat().join(', ');
}

function options(allow: string, cors: boolean): Served {
	const headers: Record<string, string> = { Allow: allow };
	if (cors) {
		headers['Access-Control-Allow-Origin'] = '*';
		headers['Access-Control-Allow-Methods'] = allow;
		headers['Access-Control-Allow-Headers'] = 'Authorization, Content-Type, Depth, If-None-Match';
		headers['Access-Control-Max-Age'] = '86400';
	}
	return { response: new Response(null, { status: 204, headers }), outcome: 'ok' };
}

function notAllowed(allow: string): Served {
	const rendition = { type: 'text/plain; charset=utf-8', status: 405, body: `Method not allowed. Allowed: ${allow}.\n` };
	return { response: refusal(rendition, false, { Allow: allow }), outcome: 'method-not-allowed' };
}
