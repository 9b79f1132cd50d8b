import type { OperationOutput } from '../api-client.ts';

/** What each act of the audit log did, as it follows the name of who did it. The history of a record shows those that make revisions. */
export const ACT_LABELS = {
	put: 'saved',
	delete: 'deleted',
	restore: 'restored an earlier revision',
	adopt: 'adopted an external edit',
	overwrite: 'overwrote an external edit',
	import: 'imported',
	mint: 'created a token',
	revoke: 'revoked a token',
	claim: 'claimed the domain',
	release: 'released the domain',
	publish: 'published DNS records',
	'add-webhook': 'created a webhook',
	'remove-webhook': 'removed a webhook',
	'enable-webhook': 'enabled a webhook',
	'disable-webhook': 'had a webhook disabled',
	'check-worsened': 'sent a check that got worse',
} as const satisfies Record<OperationOutput<'readAudit'>['lines'][number]['act'], string>;
