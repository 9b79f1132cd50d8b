import type { HttpDependencies } from './dependencies.ts';

/** Whether a host name is the service's own rather than a customer's. */
export function isServiceHost(
	{ serviceHost, adminHosts }: Pick<HttpDependencies, 'serviceHost' | 'adminHosts'>,
	hostname: string,
): boolean {
	return hostname === serviceHost || hostname === 'localhost' || hostname === '127.0.0.1' || adminHosts.includes(hostname);
}
