/** How much depends on a DNS record, so that whoever publishes a zone by hand knows where to begin. */
import type { ZoneLine } from './zone-file.ts';

/** All degrees, from the most to the least important. */
export const DNS_IMPORTANCES = ['required', 'recommended', 'optional'] as const;
export type DnsImportance = (typeof DNS_IMPORTANCES)[number];

/**
 * `required`: without it clients or senders do not find what the record says at all. `recommended`: some clients look nowhere else, or find
 * it sooner. `optional`: for clients and standards that few use today.
 */
export function dnsImportance({ protocol, name, type }: Pick<ZoneLine, 'protocol' | 'name' | 'type'>): DnsImportance {
	switch (protocol) {
		case 'autoconfig':
			return 'required';
		case 'autodiscover-xml':
			// Outlook and eM Client request autodiscover.D first, and look for the SRV record only where it does not answer.
			return type === 'CNAME' ? 'required' : 'recommended';
		case 'mta-sts':
			// Reports on failed TLS are asked for here; mail is delivered the same without them.
			return name.startsWith('_smtp._tls.') ? 'recommended' : 'required';
		case 'pacc':
			return 'optional';
		default:
			return 'recommended';
	}
}
