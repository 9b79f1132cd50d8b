/** The routes: one for every place in the registry, the zone, the dead ends; and the door they all share. */
import { type Context, Hono } from 'hono';
import { andThen, type Soon } from '../lib/soon.ts';
import { clientFamily } from '../protocols/clients.ts';
import { NOT_FOUND } from '../protocols/refusal.ts';
import { PROTOCOLS } from '../protocols/registry.ts';
import { bounded } from '../store/bounded.ts';
import { serveHealth } from './health.ts';
import { byMethod, type Methods } from './methods.ts';
import { ownHost } from './own-host.ts';
import type { Call, Handler, Parts, Served } from './parts.ts';
import { refusal } from './respond.ts';
import { serve } from './serve.ts';
import { serveDomain, serveHome } from './setup/serve.ts';
import { serveZone } from './zone.ts';

/**
 * Paths of Exchange services that are not here. Clients probe them; a fast 404 sends them on (Microsoft: any other non-200 means
 * "no endpoint here").
 */
const DEAD_ENDS = ['/autodiscover/autodiscover.svc', '/ews', '/microsoft-server-activesync', '/mapi', '/rpc', '/owa'];

/** What answers mail clients. */
export interface Published {
	readonly fetch: (request: Request) => Soon<Response>;
}

/**
 * Publishes every place of the registry. Most requests are for a path without variables: one look into a map finds it.
 * Hono's router takes the others, and every path it must search for (it cost as much as all the rest of a request that is answered from
 * what is kept).
 */
export function publish(parts: Parts): Published {
	// Letter case and a trailing slash never matter: Outlook alone writes the path of Autodiscover in three ways.
	const app = new Hono({ getPath: (request) => folded(new URL(request.url).pathname) });
	const exact = new Map<string, Door>();
	for (const [path, { protocol, methods }] of routes(parts)) {
		const opened = door(protocol, byMethod(methods), parts);
		if (path.includes(':')) app.all(path, behindHono(opened));
		else exact.set(path, opened);
	}
	addPatterns(app, parts);
	return {
		fetch(request) {
			const url = new URL(request.url);
			const path = url.pathname;
			const opened = exact.get(folded(path));
			return opened === undefined ? app.fetch(request) : opened(request, url, path);
		},
	};
}

/** The zone, the health, the set-up page, the dead ends, and whatever else. */
function addPatterns(app: Hono, parts: Parts): void {
	const all = (path: string, protocol: string, handler: Handler) => app.all(path, behindHono(door(protocol, handler, parts)));
	if (parts.zoneIsPublic) all('/zone/:domain', 'zone', byMethod({ handlers: { GET: serveZone(parts) }, cors: true }));
	all('/health', 'health', byMethod({ handlers: { GET: serveHealth(parts) }, cors: false }));
	for (const [path, page] of [
		['/', serveHome],
		['/setup/:domain', serveDomain],
	] as const)
		all(path, 'setup', byMethod({ handlers: { GET: page(parts, 'GET'), POST: page(parts, 'POST') }, cors: false }));
	for (const path of DEAD_ENDS) {
		all(path, 'exchange', deadEnd);
		all(`${path}/*`, 'exchange', deadEnd);
	}
	all('*', 'none', elsewhere(parts));
}

/** What stands before a handler, and takes its place towards the runtime. */
type Door = (request: Request, url: URL, path: string) => Soon<Response>;

function behindHono(opened: Door) {
	return ({ req: { raw } }: Context) => {
		const url = new URL(raw.url);
		return opened(raw, url, url.pathname);
	};
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

/** Families by User-Agent: there are far fewer of these than requests, and a family is a row of regular expressions. */
const families = bounded<string, string>(256);

function familyOf(userAgent: string): string {
	const known = families.get(userAgent);
	if (known !== undefined) return known;
	const family = clientFamily(userAgent);
	families.set(userAgent, family);
	return family;
}

/** What every request passes: http sent on to https, failures caught, the outcome observed. */
function door(protocol: string, handler: Handler, { observe, now, redirectHttp }: Parts): Door {
	return (request, url, path) => {
		const begun = now();
		const { method } = request;
		const userAgent = request.headers.get('User-Agent') ?? '';
		const served =
			redirectHttp && url.protocol === 'http:' ? toHttps(protocol, url) : caught(handler, { request, url, path, method, userAgent });
		return andThen(served, ({ response, outcome }) => {
			observe({ protocol, client: familyOf(userAgent), outcome, status: response.status, ms: now() - begun });
			// RFC 9110 §9.3.2: what GET would say, without the body.
			return method === 'HEAD' ? new Response(null, response) : response;
		});
	};
}

function caught(handler: Handler, call: Call): Soon<Served> {
	try {
		const served = handler(call);
		return served instanceof Promise ? served.catch(failed) : served;
	} catch (failure) {
		return failed(failure);
	}
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

const deadEnd: Handler = () => ({
	response: refusal(NOT_FOUND, false, { 'Cache-Control': 'public, max-age=86400' }),
	outcome: 'not-found',
});

/** Whatever has no route: the service's own files under its own name; under a customer's, nothing but what the set-up page there needs. */
function elsewhere(parts: Parts): Handler {
	const { assets } = parts;
	return async ({ request, url, path, method }) => {
		const shown = ownHost(parts, url.hostname) || path.startsWith('/assets/');
		if (shown && assets !== null && (method === 'GET' || method === 'HEAD')) {
			const file = await assets(request);
			if (file.status < 400) return { response: sniffless(file), outcome: 'ok' };
		}
		return { response: refusal(NOT_FOUND, false), outcome: 'not-found' };
	};
}

function sniffless(file: Response): Response {
	const response = new Response(file.body, file);
	response.headers.set('X-Content-Type-Options', 'nosniff');
	return response;
}
