/** The routes: one for every place in the registry, the zone, the dead ends; and the door they all share. */
import { type Context, Hono } from 'hono';
import { createBoundedMap } from '../lib/bounded-map.ts';
import { errorStack } from '../lib/error-message.ts';
import { writeLog } from '../lib/log.ts';
import { chain, type MaybePromise } from '../lib/maybe-promise.ts';
import { DAY_SECONDS } from '../lib/time.ts';
import { clientFamily } from '../protocols/client-family.ts';
import { NOT_FOUND } from '../protocols/problem-response.ts';
import { PROTOCOLS } from '../protocols/registry.ts';
import type { HttpDependencies, RouteHandler, RouteRequest, RouteResponse } from './dependencies.ts';
import { createEndpointHandler } from './endpoint-handler.ts';
import { createHealthHandler } from './health-handler.ts';
import { dispatchByMethod, type MethodTable } from './method-dispatch.ts';
import { isServiceHost } from './own-host.ts';
import { renderUncachedResponse } from './responses.ts';
import { homeHandler, setupPageHandler } from './setup/setup-handlers.ts';
import { createZoneHandler } from './zone-handler.ts';

/**
 * Paths of Exchange services that are not here. Clients probe them; a fast 404 sends them on (Microsoft: any other non-200 means
 * "no endpoint here").
 */
const EXCHANGE_PATHS = ['/autodiscover/autodiscover.svc', '/ews', '/microsoft-server-activesync', '/mapi', '/rpc', '/owa'];

/** What answers mail clients. */
export interface Router {
	readonly fetch: (request: Request) => MaybePromise<Response>;
}

/**
 * Publishes every place of the registry. Most requests are for a path without variables: one look into a map finds it.
 * Hono's router takes the others, and every path it must search for (it cost as much as all the rest of a request that is answered from
 * what is kept).
 */
export function createRouter(parts: HttpDependencies): Router {
	// Letter case and a trailing slash never matter: Outlook alone writes the path of Autodiscover in three ways.
	const app = new Hono({ getPath: (request) => normalizePath(new URL(request.url).pathname) });
	const exact = new Map<string, GuardedHandler>();
	for (const [path, { protocol, methods }] of endpointRoutes(parts)) {
		const opened = guard(protocol, dispatchByMethod(methods), parts);
		if (path.includes(':')) app.all(path, honoHandler(opened));
		else exact.set(path, opened);
	}
	addPatternRoutes(app, parts);
	return {
		fetch(request) {
			const url = new URL(request.url);
			const path = url.pathname;
			const opened = exact.get(normalizePath(path));
			return opened === undefined ? app.fetch(request) : opened(request, url, path);
		},
	};
}

/** The zone, the health, the set-up page, the dead ends, and whatever else. */
function addPatternRoutes(app: Hono, parts: HttpDependencies): void {
	const all = (path: string, protocol: string, handler: RouteHandler) => app.all(path, honoHandler(guard(protocol, handler, parts)));
	if (parts.zoneIsPublic) all('/zone/:domain', 'zone', dispatchByMethod({ handlers: { GET: createZoneHandler(parts) }, cors: true }));
	all('/health', 'health', dispatchByMethod({ handlers: { GET: createHealthHandler(parts) }, cors: false }));
	for (const [path, page] of [
		['/', homeHandler],
		['/setup/:domain', setupPageHandler],
	] as const)
		all(path, 'setup', dispatchByMethod({ handlers: { GET: page(parts, 'GET'), POST: page(parts, 'POST') }, cors: false }));
	for (const path of EXCHANGE_PATHS) {
		all(path, 'exchange', handleExchangePath);
		all(`${path}/*`, 'exchange', handleExchangePath);
	}
	all('*', 'none', fallback(parts));
}

/** What stands before a handler, and takes its place towards the runtime. */
type GuardedHandler = (request: Request, url: URL, path: string) => MaybePromise<Response>;

function honoHandler(opened: GuardedHandler) {
	return ({ req: { raw } }: Context) => {
		const url = new URL(raw.url);
		return opened(raw, url, url.pathname);
	};
}

function normalizePath(path: string): string {
	const lower = path.toLowerCase();
	return lower.length > 1 && lower.endsWith('/') ? lower.slice(0, -1) : lower;
}

/** Every path of the registry with its methods: two endpoints of a protocol may share one. */
function endpointRoutes(parts: HttpDependencies): Map<string, { readonly protocol: string; readonly methods: MethodTable }> {
	const table = new Map<string, { readonly protocol: string; readonly methods: MethodTable }>();
	for (const { id, endpoints } of PROTOCOLS) {
		for (const endpoint of endpoints) {
			const handler = createEndpointHandler(id, endpoint, parts);
			for (const path of new Set(endpoint.locations.map((place) => honoPattern(place.path)))) {
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
function honoPattern(path: string): string {
	const dotted = path.replace(/\{(\w+)\}\.(\w+)$/, ':$1{.+\\.$2}');
	return dotted.replace(/\{(\w+)\}$/, ':$1');
}

/** Families by User-Agent: there are far fewer of these than requests, and a family is a row of regular expressions. */
const clientFamilies = createBoundedMap<string, string>(256);

function clientFamilyOf(userAgent: string): string {
	const known = clientFamilies.get(userAgent);
	if (known !== undefined) return known;
	const family = clientFamily(userAgent);
	clientFamilies.set(userAgent, family);
	return family;
}

/** What every request passes: http sent on to https, failures caught, the outcome observed. */
function guard(protocol: string, handler: RouteHandler, { logRequest, now, redirectHttp }: HttpDependencies): GuardedHandler {
	return (request, url, path) => {
		const begun = now();
		const { method } = request;
		const userAgent = request.headers.get('User-Agent') ?? '';
		const served =
			redirectHttp && url.protocol === 'http:'
				? redirectToHttps(protocol, url)
				: callHandler(handler, { request, url, path, method, userAgent });
		return chain(served, ({ response, outcome }) => {
			logRequest({ protocol, client: clientFamilyOf(userAgent), outcome, status: response.status, ms: now() - begun });
			// RFC 9110 §9.3.2: what GET would say, without the body.
			return method === 'HEAD' ? new Response(null, response) : response;
		});
	};
}

function callHandler(handler: RouteHandler, call: RouteRequest): MaybePromise<RouteResponse> {
	try {
		const served = handler(call);
		return served instanceof Promise ? served.catch(unavailableResponse) : served;
	} catch (failure) {
		return unavailableResponse(failure);
	}
}

// Outlook's third step asks http for a 302 (MS-OXDISCO); RFC 9110 §15.4.9 keeps the method for all others.
function redirectToHttps(protocol: string, url: URL): RouteResponse {
	const status = protocol.startsWith('autodiscover') ? 302 : 308;
	const headers = { Location: `https://${url.hostname}${url.pathname}${url.search}`, 'Cache-Control': 'no-store' };
	return { response: new Response(null, { status, headers }), outcome: 'redirected' };
}

/** A bug or an outage: the one place that says so. */
function unavailableResponse(failure: unknown): RouteResponse {
	writeLog('failed', { error: errorStack(failure) });
	const rendition = { type: 'text/plain; charset=utf-8', status: 503, body: 'Temporarily unavailable.\n' };
	return { response: renderUncachedResponse(rendition, false, { 'Retry-After': '30' }), outcome: 'failed' };
}

const handleExchangePath: RouteHandler = () => ({
	response: renderUncachedResponse(NOT_FOUND, false, { 'Cache-Control': `public, max-age=${DAY_SECONDS}` }),
	outcome: 'not-found',
});

/** Whatever has no route: the service's own files under its own name; under a customer's, nothing but what the set-up page there needs. */
function fallback(parts: HttpDependencies): RouteHandler {
	const { assets } = parts;
	return async ({ request, url, path, method }) => {
		const shown = isServiceHost(parts, url.hostname) || path.startsWith('/assets/');
		if (shown && assets !== null && (method === 'GET' || method === 'HEAD')) {
			const file = await assets(request);
			if (file.status < 400) return { response: withNoSniff(file), outcome: 'ok' };
		}
		return { response: renderUncachedResponse(NOT_FOUND, false), outcome: 'not-found' };
	};
}

function withNoSniff(file: Response): Response {
	const response = new Response(file.body, file);
	response.headers.set('X-Content-Type-Options', 'nosniff');
	return response;
}
