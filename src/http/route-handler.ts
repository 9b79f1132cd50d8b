/** What the router and the handlers of single paths pass to each other. */
import type { MaybePromise } from '../lib/maybe-promise.ts';
import type { RequestUrl } from './request-url.ts';

/** A request, with what several places need of it: each access to a Request or a URL calls into the runtime and makes a new string. */
export interface RouteRequest {
	readonly request: Request;
	readonly headers: Headers;
	readonly url: RequestUrl;
	readonly path: string;
	readonly method: string;
	/** Empty where the client sends none. */
	readonly userAgent: string;
	/** When it arrived: Unix time in milliseconds. */
	readonly time: number;
}

/** A response, and what to call it in the log. */
export interface RouteResponse {
	readonly response: Response;
	readonly status: number;
	/** One of the words that `RequestSummary` lists. */
	readonly outcome: string;
}

/** For a handler that does not know the status: it asks the runtime. */
export function routeResponse(response: Response, outcome: string): RouteResponse {
	return { response, status: response.status, outcome };
}

/** Answers the requests to one path. Throws only for bugs and outages. */
export type RouteHandler = (routeRequest: RouteRequest) => MaybePromise<RouteResponse>;
