/** The operations on the results of `signpost check`: the service looks at no mail server itself, and keeps what is sent to it. */
import type { Operation } from '../operation.ts';
import { DomainCheckView, SendCheckBody, SentCheckView } from './check-results.ts';

export const CHECK_OPERATIONS = [
	{
		id: 'readCheck',
		method: 'GET',
		path: '/domains/{domain}/check',
		title: 'Read the last check',
		permission: { kind: 'domain', role: 'read' },
		status: 200,
		view: DomainCheckView,
		description: 'What `signpost check --send` found last, area by area. The service itself looks at nothing for this.',
	},
	{
		id: 'sendCheck',
		method: 'PUT',
		path: '/domains/{domain}/check',
		title: 'Send the result of a check',
		permission: { kind: 'domain', role: 'write' },
		body: SendCheckBody,
		status: 200,
		view: SentCheckView,
		problems: ['not-found'],
		description:
			'Replaces the results of the areas that it has. Where an area is worse than before, webhooks are told (`check.worsened`), and the audit trail has it. Only for a record that is saved under this name: not for one that a wildcard answers for.',
	},
] as const satisfies readonly Operation[];
