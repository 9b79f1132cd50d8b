/** How far a custom hostname is, as the admin API says it. */

/**
 * - `queued`: it will be created.
 * - `over-limit`: it is not created, because the service has as many hostnames as the operator or Cloudflare allows.
 * - `waiting`: for the customer's DNS, or for Cloudflare.
 * - `ready`: it serves.
 * - `stuck`: a check has timed out, and is begun again.
 * - `refused`: Cloudflare does not take it, and only a person can help.
 * - `going`: somebody is removing it at Cloudflare.
 * - `unknown`: Cloudflare names a state that this release does not know. Nothing is done because of it.
 * - `leaving`: no record asks for it any more; it is removed later.
 */
export const HOSTNAME_PHASES = ['queued', 'over-limit', 'waiting', 'ready', 'stuck', 'refused', 'going', 'unknown', 'leaving'] as const;

export type HostnamePhase = (typeof HOSTNAME_PHASES)[number];
