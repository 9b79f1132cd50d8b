/** SRV records as a client finds them. */
import type { DnsRecord } from '../../src/model/dns-record.ts';
import { DOMAIN } from './client-environment.ts';
import type { ServerSettings } from './outcome.ts';

/**
 * The services under these labels, best first: by lowest priority, then by highest weight, then by the order of the labels. A target of "."
 * is no service.
 */
export function srvServersOf(records: readonly DnsRecord[], labels: readonly string[]): readonly ServerSettings[] {
	const found = labels.flatMap((label) =>
		records.flatMap((record) =>
			record.type === 'SRV' && record.name === `${label}._tcp.${DOMAIN}` && record.target !== '.' ? [{ label, record }] : [],
		),
	);
	return found
		.toSorted((a, b) => a.record.priority - b.record.priority || b.record.weight - a.record.weight)
		.map(({ label, record }) => ({
			kind: label.slice(1),
			host: record.target,
			port: record.port,
			security: label.endsWith('s') ? 'tls' : 'starttls',
			login: null,
		}));
}
