/** Whether the owner of a webhook may see a record now: asked before each message, because tokens end and tags are taken off. */
import { parseRecordName } from '../model/record-name.ts';
import type { WebhookOwner } from '../store/ports/webhooks.ts';
import type { AdminDependencies } from './admin-dependencies.ts';
import { readTokenPrincipal } from './auth/claim-check.ts';
import { hasRole } from './auth/principal.ts';

export async function readWebhookAccess(
	{ token, visible }: WebhookOwner,
	domain: string,
	dependencies: Pick<AdminDependencies, 'tokens' | 'recordHistory'>,
): Promise<'allowed' | 'refused' | 'ended'> {
	// Somebody without a token is an operator, or a person whom Cloudflare Access has let in: there is nobody to ask about them.
	if (token === null) return visible.names === null || visible.names.includes(domain) ? 'allowed' : 'refused';
	const principal = await readTokenPrincipal(await dependencies.tokens.findById(token), dependencies);
	if (principal === null) return 'ended';
	const name = parseRecordName(domain);
	return name !== null && (await hasRole(principal, 'read', name, dependencies)) ? 'allowed' : 'refused';
}
