import type { Parts } from './parts.ts';

/** Whether a host name is the service's own rather than a customer's. */
export function ownHost({ serviceHost, adminHosts }: Pick<Parts, 'serviceHost' | 'adminHosts'>, hostname: string): boolean {
	return hostname === serviceHost || hostname === 'localhost' || hostname === '127.0.0.1' || adminHosts.includes(hostname);
}
