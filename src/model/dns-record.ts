import type { ClientConfig } from './config.ts';
import type { Domain } from './names.ts';
import { PUBLISHED_NAMES, type PublishedNames, type ServiceLabel } from './service-labels.ts';

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

/** The host name of this service, to which the CNAME records of customers' domains (`autoconfig.`, `autodiscover.` …) point. */
export interface DnsTarget {
	readonly host: Domain;
	/** Which names lead here where the record does not say. */
	readonly names: PublishedNames;
}

/**
 * Whether `LABEL.DOMAIN` is to lead to this service, by the record's choice or else the service's. The name of an Autodiscover that is
 * somebody else's never is.
 */
export function publishesName({ names, autodiscover }: ClientConfig, target: DnsTarget, label: ServiceLabel): boolean {
	if (label === 'autodiscover' && autodiscover?.kind === 'none') return false;
	return PUBLISHED_NAMES[names ?? target.names].some((published) => published === label);
}

/**
 * The target where the service's own host name is not configured. No resolver ever finds it (RFC 2606 §2: the domain .invalid does not
 * exist), so records that were copied with it fail at once instead of leading clients to another server.
 */
export const UNKNOWN_DNS_TARGET: DnsTarget = { host: 'signpost.invalid' as Domain, names: 'all' };
