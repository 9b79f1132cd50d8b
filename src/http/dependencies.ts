import type { MaybePromise } from '../lib/maybe-promise.ts';
import type { Domain } from '../model/names.ts';
import type { Records } from '../store/ports/records.ts';
import type { HealthCheck } from './health-handler.ts';
import type { RequestLogger } from './request-log.ts';
import type { ProfileSigner } from './signer.ts';

/** What the shell is made of. */
export interface HttpDependencies {
	readonly records: Records;
	readonly signer: ProfileSigner;
	readonly logRequest: RequestLogger;
	/** Unix time in milliseconds. */
	readonly now: () => number;
	/** Whether plain http is sent on to https. */
	readonly redirectHttp: boolean;
	/** Whether anybody may read a domain's zone. */
	readonly zoneIsPublic: boolean;
	/** The name that customers' records point to; null where the operator has not said. */
	readonly serviceHost: Domain | null;
	/** Further names of the service's own, on which the admin lives. */
	readonly adminHosts: readonly string[];
	/** What `/health` looks at. */
	readonly healthChecks: readonly { readonly title: string; readonly findProblems: HealthCheck }[];
	/** The service's own pages; null where there are none. */
	readonly assets: ((request: Request) => Promise<Response>) | null;
}

/** A response, and what to call it in the log. */
export interface RouteResponse {
	readonly response: Response;
	readonly outcome: string;
}

/** A request, and what everybody asks of it: each look at a Request or a URL goes to the runtime and makes a new string. */
export interface RouteRequest {
	readonly request: Request;
	readonly url: URL;
	readonly path: string;
	readonly method: string;
	/** Empty where it does not say. */
	readonly userAgent: string;
}

/** Answers one request to one path. Throws only for bugs and outages. */
export type RouteHandler = (call: RouteRequest) => MaybePromise<RouteResponse>;
