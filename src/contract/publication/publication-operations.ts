/** The operations that publish the DNS records of a domain, where its zone is one that the service may change. */
import type { Operation, QueryParameter } from '../operation.ts';
import { PublicationView, PublishBody, PublishedView } from './publication-views.ts';

const FOR_PARAMETER = {
	name: 'for',
	type: 'string',
	description: 'For a wildcard record: which of its domains to publish.',
} as const satisfies QueryParameter;

export const PUBLICATION_OPERATIONS = [
	{
		id: 'readPublication',
		method: 'GET',
		path: '/domains/{domain}/dns/publication',
		title: 'Show what publishing would change',
		permission: { kind: 'domain', role: 'write' },
		query: [FOR_PARAMETER],
		status: 200,
		view: PublicationView,
		problems: ['no-zone', 'provider-failed', 'too-many'],
		description:
			'Reads the zone from its provider and compares it as `readDns` does. Only for domains in CLOUDFLARE_DNS_ZONES or POWERDNS_ZONES. Nothing is changed.',
	},
	{
		id: 'publishDns',
		method: 'POST',
		path: '/domains/{domain}/dns/publication',
		title: 'Publish the DNS records',
		permission: { kind: 'domain', role: 'write' },
		query: [FOR_PARAMETER],
		body: PublishBody,
		status: 200,
		view: PublishedView,
		problems: ['no-zone', 'plan-changed', 'provider-failed', 'too-many'],
		description:
			'Makes the changes that were shown, in an order in which the zone works after each step. What has to wait is left for another call. Each step is written to the audit trail before it is made, with every record that goes.',
	},
] as const satisfies readonly Operation[];
