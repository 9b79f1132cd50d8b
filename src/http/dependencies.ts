/** What the part of the service that answers mail clients needs from the platform it runs on. */

import type { HealthProblem } from '../contract/health-problem.ts';
import { isLoopbackHost } from '../lib/http/loopback-host.ts';
import type { Domain } from '../model/names.ts';
import type { RecordName } from '../model/record-name.ts';
import type { PublishedNames } from '../model/service-labels.ts';
import { domainOfHost } from '../protocols/request.ts';
import type { Records } from '../store/ports/records.ts';
import type { ProfileSigner } from './profile-signer.ts';
import type { RequestLogger } from './request-log.ts';

export interface HttpDependencies {
	readonly records: Records;
	readonly signer: ProfileSigner;
	readonly logRequest: RequestLogger;
	/** Unix time in milliseconds. */
	readonly now: () => number;
	/** Whether plain http is redirected to https. */
	readonly redirectHttp: boolean;
	/** Whether anybody may read a domain's zone. */
	readonly zoneIsPublic: boolean;
	/** The name that customers' DNS records point to; null where it is not set. */
	readonly serviceHost: Domain | null;
	/** Which names in DNS lead to the service where a record does not say. */
	readonly publishedNames: PublishedNames;
	/** Wildcard records under which a web server may get certificates on demand. */
	readonly certificateWildcards: readonly RecordName[];
	/** The host names on which the admin lives: the service's own too. */
	readonly adminHosts: readonly string[];
	/** What `/health` looks at. */
	readonly healthChecks: readonly HealthCheck[];
	/** Serves the service's static files; null where there are none. */
	readonly assets: ((request: Request) => Promise<Response>) | null;
}

export interface HealthCheck {
	/** What is looked at, in one word. */
	readonly title: string;
	/** Throws where it cannot look. */
	readonly findProblems: () => Promise<readonly HealthProblem[]>;
}

/**
 * Whether a host may answer for a domain in what people are led to by a link. A customer's host speaks for its own domain alone, so that
 * nobody can show a page, a profile or a signature of another domain under that customer's name; the service's own hosts speak for all.
 */
export function mayServeDomain(hosts: Pick<HttpDependencies, 'serviceHost' | 'adminHosts'>, hostname: string, domain: Domain): boolean {
	return isServiceHost(hosts, hostname) || domainOfHost(hostname) === domain;
}

/**
 * Whether a host name is the service's own rather than a customer's. Cloudflare routes names under workers.dev to nobody but the account
 * that they belong to: they are the service's own before any other name is set.
 */
export function isServiceHost(
	{ serviceHost, adminHosts }: Pick<HttpDependencies, 'serviceHost' | 'adminHosts'>,
	hostname: string,
): boolean {
	return hostname === serviceHost || isLoopbackHost(hostname) || hostname.endsWith('.workers.dev') || adminHosts.includes(hostname);
}
