/** What every request passes before and after its handler: the redirect to https, the answer to failures, the log line, HEAD. */
import { createBoundedMap } from '../lib/bounded-map.ts';
import { errorStack } from '../lib/error-message.ts';
import { STRICT_TRANSPORT_SECURITY } from '../lib/http/strict-transport-security.ts';
import { writeLog } from '../lib/log.ts';
import { chain, type MaybePromise } from '../lib/maybe-promise.ts';
import { clientFamily, MAX_USER_AGENT_LENGTH } from '../protocols/client-family.ts';
import { type HttpDependencies, isServiceHost } from './dependencies.ts';
import type { RequestUrl } from './request-url.ts';
import { renderUncachedResponse } from './responses.ts';
import { type RouteHandler, type RouteRequest, type RouteResponse, routeResponse } from './route-handler.ts';

/** A handler behind the guard. Takes the URL and its path from the router, which has parsed them already. */
export type GuardedHandler = (request: Request, url: RequestUrl, path: string) => MaybePromise<Response>;

/** @param protocol the word for the log */
export function guard(protocol: string, handler: RouteHandler, dependencies: HttpDependencies): GuardedHandler {
	const { logRequest, now, redirectHttp } = dependencies;
	return (request, url, path) => {
		const time = now();
		const { method, headers } = request;
		const userAgent = (headers.get('User-Agent') ?? '').slice(0, MAX_USER_AGENT_LENGTH);
		const handled =
			redirectHttp && url.protocol === 'http:'
				? redirectToHttps(protocol, url)
				: callHandler(handler, { request, headers, url, path, method, userAgent, time });
		return chain(handled, ({ response, status, outcome }) => {
			if (url.protocol === 'https:' && isServiceHost(dependencies, url.hostname))
				response.headers.set('Strict-Transport-Security', STRICT_TRANSPORT_SECURITY);
			// What is answered at once has waited for nothing.
			const ms = handled instanceof Promise ? now() - time : 0;
			logRequest({ protocol, client: clientFamilyOf(userAgent), outcome, status, ms }, time);
			// RFC 9110 §9.3.2: HEAD gets the headers that GET would get, without the body.
			return method === 'HEAD' ? new Response(null, response) : response;
		});
	};
}

/** Client families by User-Agent: there are far fewer of these than requests, and finding the family tries many patterns. */
const clientFamilies = createBoundedMap<string, string>(256);

function clientFamilyOf(userAgent: string): string {
	const known = clientFamilies.get(userAgent);
	if (known !== undefined) return known;
	const family = clientFamily(userAgent);
	clientFamilies.set(userAgent, family);
	return family;
}

function callHandler(handler: RouteHandler, routeRequest: RouteRequest): MaybePromise<RouteResponse> {
	try {
		const handled = handler(routeRequest);
		return handled instanceof Promise ? handled.catch(unavailableResponse) : handled;
	} catch (failure) {
		return unavailableResponse(failure);
	}
}

/** 302 for Autodiscover, because Outlook's third step asks http for one (MS-OXDISCO); 308, which keeps the method (RFC 9110 §15.4.9), for all others. */
function redirectToHttps(protocol: string, url: RequestUrl): RouteResponse {
	const status = protocol.startsWith('autodiscover') ? 302 : 308;
	const headers = { Location: `https://${url.hostname}${url.pathname}${url.search}`, 'Cache-Control': 'no-store' };
	return routeResponse(new Response(null, { status, headers }), 'redirected');
}

/** Every bug and every outage on the way to an answer ends here, with one line in the log. */
function unavailableResponse(failure: unknown): RouteResponse {
	writeLog('failed', { error: errorStack(failure) });
	const body = { type: 'text/plain; charset=utf-8', status: 503, body: 'Temporarily unavailable.\n' };
	return routeResponse(renderUncachedResponse(body, false, { 'Retry-After': '30' }), 'failed');
}
