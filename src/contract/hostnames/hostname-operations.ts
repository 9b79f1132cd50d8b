/** The operations on custom hostnames (Cloudflare for SaaS). They are created by saving records, and by nothing else. */
import { AFTER_PARAMETER, LIMIT_PARAMETER } from '../domain-operations.ts';
import type { Operation } from '../operation.ts';
import { HOSTNAME_PHASES } from './hostname-phases.ts';
import { DomainHostnamesView, HostnamesView } from './hostname-views.ts';

export const HOSTNAME_OPERATIONS = [
	{
		id: 'listHostnames',
		method: 'GET',
		path: '/hostnames',
		title: 'List custom hostnames',
		permission: { kind: 'operator' },
		query: [
			{ name: 'state', type: 'string', description: `\`any\` (default), or one of ${HOSTNAME_PHASES.join(', ')}.` },
			AFTER_PARAMETER,
			LIMIT_PARAMETER,
		],
		status: 200,
		view: HostnamesView,
		description:
			'The custom hostnames that records ask for, sorted by name, with how many there are and may be. Cloudflare is not asked: the service does that by itself, and this says what it was told last.',
	},
	{
		id: 'readHostnames',
		method: 'GET',
		path: '/domains/{domain}/hostnames',
		title: 'Read the custom hostnames of a domain',
		permission: { kind: 'domain', role: 'read' },
		status: 200,
		view: DomainHostnamesView,
		description: 'How far each of them is, and what the customer has to publish.',
	},
	{
		id: 'recheckHostnames',
		method: 'POST',
		path: '/domains/{domain}/hostnames/recheck',
		title: 'Check the custom hostnames of a domain again',
		permission: { kind: 'domain', role: 'write' },
		status: 200,
		view: DomainHostnamesView,
		description:
			'Has Cloudflare check each hostname that is not ready, and tries again to create those that are missing: soon, once a minute at most. Where the service creates no custom hostnames, nothing happens.',
	},
] as const satisfies readonly Operation[];
