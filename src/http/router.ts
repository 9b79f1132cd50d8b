/** The router: which path goes to which handler. Every handler stands behind the guard. */
import { type Context, Hono } from 'hono';
import type { MaybePromise } from '../lib/maybe-promise.ts';
import { DAY_SECONDS } from '../lib/time.ts';
import { NOT_FOUND } from '../protocols/problem-response.ts';
import { PROTOCOLS } from '../protocols/registry.ts';
import { createCertificatePermissionHandler } from './certificate-permission-handler.ts';
import { type HttpDependencies, isServiceHost } from './dependencies.ts';
import { createEndpointHandler, type PreparedAnswer } from './endpoint-handler.ts';
import { type GuardedHandler, guard } from './guard.ts';
import { createHealthHandler } from './health-handler.ts';
import { dispatchByMethod, type MethodTable } from './method-dispatch.ts';
import { STATIC_FILE } from './request-log.ts';
import { readRequestUrl } from './request-url.ts';
import { createResponseCache } from './response-cache.ts';
import { renderUncachedResponse } from './responses.ts';
import { type RouteHandler, routeResponse } from './route-handler.ts';
import { createZoneHandler } from './zone-handler.ts';

/**
 * Paths of Exchange services that do not exist here. Clients probe them, and go on at once after a 404 (Microsoft: any status but 200
 * means that there is no such service).
 */
const EXCHANGE_PATHS = ['/autodiscover/autodiscover.svc', '/ews', '/microsoft-server-activesync', '/mapi', '/rpc', '/owa'];

/** Bytes of prepared answers that an isolate keeps, of its 128 MB. */
const CACHED_BYTES = 24 * 1024 * 1024;

export interface Router {
	/**
	 * Answers one request. Never throws.
	 * @param url the request's own, where the caller has read it already
	 */
	readonly fetch: (request: Request, url?: string) => MaybePromise<Response>;
}

/**
 * Routes every path of the protocols' registry, the zone, `/health`, `/ask`, the set-up page and static files. Most requests are for a path without
 * variables, which one look into a map finds; Hono's router takes the others. (Hono's search costs as much as everything else of a request
 * that is answered from the isolate's cache.)
 */
export function createRouter(dependencies: HttpDependencies): Router {
	// Neither letter case nor a trailing slash matters, nor a second one at the front: Outlook alone writes the path of Autodiscover in three
	// ways, and programs put "/autodiscover/…" behind a host that ends with a slash.
	const app = new Hono({ getPath: (request) => normalizePath(readRequestUrl(request.url).pathname) });
	const exactPaths = new Map<string, GuardedHandler>();
	for (const [path, { protocol, methods }] of endpointRoutes(dependencies)) {
		const handler = guard(protocol, dispatchByMethod(methods), dependencies);
		if (path.includes(':')) app.all(path, honoHandler(handler));
		else exactPaths.set(path, handler);
	}
	addPatternRoutes(app, dependencies);
	return {
		fetch(request, text = request.url) {
			const url = readRequestUrl(text);
			const path = url.pathname;
			const handler = exactPaths.get(path) ?? exactPaths.get(normalizePath(path));
			return handler === undefined ? app.fetch(request) : handler(request, url, path);
		},
	};
}

/** The paths with variables, those that few ask for, and everything that has no route. */
function addPatternRoutes(app: Hono, dependencies: HttpDependencies): void {
	const all = (path: string, protocol: string, handler: RouteHandler) => app.all(path, honoHandler(guard(protocol, handler, dependencies)));
	if (dependencies.zoneIsPublic)
		all('/zone/:domain', 'zone', dispatchByMethod({ handlers: { GET: createZoneHandler(dependencies) }, cors: true }));
	all('/health', 'health', dispatchByMethod({ handlers: { GET: createHealthHandler(dependencies) }, cors: false }));
	all('/ask', 'ask', dispatchByMethod({ handlers: { GET: createCertificatePermissionHandler(dependencies) }, cors: false }));
	for (const [path, page] of [
		['/', 'homeHandler'],
		['/setup/:domain', 'setupPageHandler'],
	] as const) {
		const handler = (method: 'GET' | 'POST') => setupHandler(page, method, dependencies);
		all(path, 'setup', dispatchByMethod({ handlers: { GET: handler('GET'), POST: handler('POST') }, cors: false }));
	}
	for (const path of EXCHANGE_PATHS) {
		all(path, 'exchange', handleExchangePath);
		all(`${path}/*`, 'exchange', handleExchangePath);
	}
	all('*', 'none', fallback(dependencies));
}

/** A handler of the set-up page, whose code is loaded with the first request for it: an isolate that answers mail clients does without. */
function setupHandler(page: 'homeHandler' | 'setupPageHandler', method: 'GET' | 'POST', dependencies: HttpDependencies): RouteHandler {
	let handler: RouteHandler | null = null;
	return async (routeRequest) => {
		handler ??= (await import('./setup/setup-handlers.ts'))[page](dependencies, method);
		return handler(routeRequest);
	};
}

function honoHandler(handler: GuardedHandler) {
	return ({ req: { raw } }: Context) => {
		const url = readRequestUrl(raw.url);
		return handler(raw, url, url.pathname);
	};
}

function normalizePath(path: string): string {
	const lower = (path.startsWith('//') ? path.slice(1) : path).toLowerCase();
	return lower.length > 1 && lower.endsWith('/') ? lower.slice(0, -1) : lower;
}

/** Every path of the registry with its handlers by method: two endpoints of a protocol may share a path. */
function endpointRoutes(dependencies: HttpDependencies): Map<string, { readonly protocol: string; readonly methods: MethodTable }> {
	const table = new Map<string, { readonly protocol: string; readonly methods: MethodTable }>();
	const cache = createResponseCache<PreparedAnswer>(CACHED_BYTES);
	for (const { id, endpoints } of PROTOCOLS) {
		for (const endpoint of endpoints) {
			const handler = createEndpointHandler(id, endpoint, dependencies, cache);
			for (const path of new Set(endpoint.locations.map((location) => honoPattern(location.path)))) {
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

/** A path of the registry as a pattern of Hono: `{domain}.mobileconfig` becomes one segment with that suffix. */
function honoPattern(path: string): string {
	const dotted = path.replace(/\{(\w+)\}\.(\w+)$/, ':$1{.+\\.$2}');
	return dotted.replace(/\{(\w+)\}$/, ':$1');
}

const handleExchangePath: RouteHandler = () =>
	routeResponse(renderUncachedResponse(NOT_FOUND, false, { 'Cache-Control': `public, max-age=${DAY_SECONDS}` }), 'not-found');

/** Paths without a route: static files on the service's own host names; on a customer's, only the files that the set-up page needs. */
function fallback(dependencies: HttpDependencies): RouteHandler {
	const { assets } = dependencies;
	return async ({ request, url, path, method }) => {
		const isServed = isServiceHost(dependencies, url.hostname) || path.startsWith('/assets/');
		if (isServed && assets !== null && (method === 'GET' || method === 'HEAD')) {
			const file = await assets(request);
			if (file.status < 400) return routeResponse(withNoSniff(file), STATIC_FILE);
		}
		return routeResponse(renderUncachedResponse(NOT_FOUND, false), 'not-found');
	};
}

function withNoSniff(file: Response): Response {
	const response = new Response(file.body, file);
	response.headers.set('X-Content-Type-Options', 'nosniff');
	return response;
}
