import type { Soon } from '../lib/soon.ts';
import type { Domain } from '../model/names.ts';
import type { Records } from '../store/records.ts';
import type { Check } from './health.ts';
import type { Observer } from './observe.ts';
import type { Signer } from './signer.ts';

/** What the shell is made of. */
export interface Parts {
	readonly records: Records;
	readonly signer: Signer;
	readonly observe: Observer;
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
	readonly checks: readonly { readonly title: string; readonly look: Check }[];
	/** The service's own pages; null where there are none. */
	readonly assets: ((request: Request) => Promise<Response>) | null;
}

/** A response, and what to call it in the log. */
export interface Served {
	readonly response: Response;
	readonly outcome: string;
}

/** A request, and what everybody asks of it: each look at a Request or a URL goes to the runtime and makes a new string. */
export interface Call {
	readonly request: Request;
	readonly url: URL;
	readonly path: string;
	readonly method: string;
	/** Empty where it does not say. */
	readonly userAgent: string;
}

/** Answers one request to one path. Throws only for bugs and outages. */
export type Handler = (call: Call) => Soon<Served>;
