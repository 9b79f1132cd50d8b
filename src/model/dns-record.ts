import type { Domain } from './names.ts';

/** A DNS record to publish. Names are absolute, without the root's dot; an SRV target of '.' means "not offered here" (RFC 2782). */
export type DnsRecord =
	| { readonly type: 'CNAME'; readonly name: string; readonly target: Domain }
	| { readonly type: 'TXT'; readonly name: string; readonly text: string }
	| {
			readonly type: 'SRV';
			readonly name: string;
			readonly priority: number;
			readonly weight: number;
			readonly port: number;
			readonly target: Domain | '.';
	  };

/** Where this service itself is found: the name that a customer's `autoconfig.`, `autodiscover.` … point to. */
export interface DnsTarget {
	readonly host: Domain;
}

/**
 * Stands in where nobody has said under which name the service is reached. No resolver ever finds it (RFC 2606 §2: the domain .invalid
 * does not exist), so a zone that was copied with it fails at once instead of leading clients to a stranger.
 */
export const UNKNOWN_DNS_TARGET: DnsTarget = { host: 'signpost.invalid' as Domain };
