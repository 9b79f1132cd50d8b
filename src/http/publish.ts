/** The routes: one for every place in the registry, the zone, the dead ends; and the door they all share. */
import { Hono } from 'hono';
import { clientFamily } from '../protocols/clients.ts';
import { NOT_FOUND } from '../protocols/refusal.ts';
import { PROTOCOLS } from '../protocols/registry.ts';
import { byMethod, type Methods } from './methods.ts';
import type { Handler, Parts, Served } from './parts.ts';
import { refusal } from './respond.ts';
import { serve } from './serve.ts';
import { serveZone } from './zone.ts';

/**
 * Paths of Exchange services that are not here. Clients probe them; a fast 404 sends them on (Microsoft: any other non-200 means
 * "no endpoint here").
 */
const DEAD_ENDS = ['/autodiscover/autodiscover.svc', '/ews', '/microsoft-server-activesync', '/mapi', '/rpc', '/owa'];

/** The application that answers mail clients. */
export function publish(parts: Parts): Hono {
	// Letter case and a trailing slash never matter: Outlook alone writes the path of Autodiscover in three ways.
	const app = new Hono({ getPath: (request) => folded(new URL(request.url).pathname) });
	for (const [path, { protocol, methods }] of routes(parts)) app.all(path, door(protocol, byMethod(methods), parts));
	if (parts.zoneIsPublic) app.all('/zone/:domain', door('zone', byMethod({ handlers: { GET: serveZone(parts) }, cors: true }), parts));
	for (const path of DEAD_ENDS) {
		app.all(path, door('exchange', deadEnd, parts));
		app.all(`${path}/*`, door('exchange', deadEnd, parts));
	}
	app.all('*', door('none', elsewhere(parts), parts));
	return app;
}

function folded(path: string): string {
	const lower = path.toLowerCase();
	return lower.length > 1 && lower.endsWith('/') ? lower.slice(0, -1) : lower;
}

/** Every path of the registry with its methods: two endpoints of a protocol may share one. */
function routes(parts: Parts): Map<string, { readonly protocol: string; readonly methods: Methods }> {
	const table = new Map<string, { readonly protocol: string; readonly methods: Methods }>();
	for (const { id, endpoints } of PROTOCOLS) {
		for (const endpoint of endpoints) {
			const handler = serve(id, endpoint, parts);
			for (const path of new Set(endpoint.at.map((place) => pattern(place.path)))) {
				const { methods } = table.get(path) ?? { methods: { handlers: {}, cors: false } };
				table.set(path, {
					protocol: id,
					methods: { handlers: { ...methods.handlers, [endpoint.method]: handler }, cors: methods.cors || endpoint.cors },
				});
			}
		}
	}
	return table;
}

/** A place's path in Hono's words: `{domain}.mobileconfig` is one segment that ends so. */
function pattern(path: string): string {
	const dotted = path.replace(/\{(\w+)\}\.(\w+)$/, ':$1{.+\\.$2}');
	return dotted.replace(/\{(\w+)\}$/, ':$1');
}

/** What every request passes: http sent on to https, failures caught, the outcome observed. */
function door(protocol: string, handler: Handler, { observe, now, redirectHttp }: Parts) {
	return async ({ req: { raw: request } }: { readonly req: { readonly raw: Request } }): Promise<Response> => {
		const begun = now();
		const url = new URL(request.url);
		const { response, outcome } =
			redirectHttp && url.protocol === 'http:'
				? toHttps(protocol, url)
				: await handler(request, url).catch((failure: unknown) => failed(failure));
		const client = clientFamily(request.headers.get('User-Agent') ?? '');
		observe({ protocol, client, outcome, status: response.status, ms: now() - begun });
		return response;
	};
}

// Outlook's third step asks http for a 302 (MS-OXDISCO); RFC 9110 §15.4.9 keeps the method for all others.
function toHttps(protocol: string, url: URL): Served {
	const status = protocol.startsWith('autodiscover') ? 302 : 308;
	const headers = { Location: `https://${url.hostname}${url.pathname}${url.search}`, 'Cache-Control': 'no-store' };
	return { response: new Response(null, { status, headers }), outcome: 'redirected' };
}

/** A bug or an outage: the one place that says so. */
function failed(failure: unknown): Served {
	const error = failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
	console.error(JSON.stringify({ level: 'error', code: 'failed', error }));
	const rendition = { type: 'text/plain; charset=utf-8', status: 503, body: 'Temporarily unavailable.\n' };
	return { response: refusal(rendition, false, { 'Retry-After': '30' }), outcome: 'failed' };
}

const deadEnd: Handler = async () => ({
	response: refusal(NOT_FOUND, false, { 'Cache-Control': 'public, max-age=86400' }),
	outcome: 'not-found',
});

/** Whatever has no route: the service's own pages under its own name, and nothing under a customer's. */
function elsewhere({ assets, serviceHost }: Parts): Handler {
	return async (request, url) => {
		const own = url.hostname === serviceHost || url.hostname === 'localhost' || url.hostname === '127.0.0.1';
		if (own && assets !== null && (request.method === 'GET' || request.method === 'HEAD')) {
			const response = await assets(request);
			if (response.status < 400) return { response, outcome: 'ok' };
		}
		return { response: refusal(NOT_FOUND, false), outcome: 'not-found' };
	};
}
