/** The operations by which the holder of a domain's DNS claims the domain, and gives it up. */
import { DomainBody, ProofBody } from './bodies.ts';
import { ClaimView, DomainClaimView } from './claim-views.ts';
import type { Operation } from './operation.ts';
import { CreatedTokenView } from './tokens/token-views.ts';

export const CLAIM_OPERATIONS = [
	{
		id: 'openClaim',
		method: 'POST',
		path: '/claims',
		title: 'Claim a domain',
		permission: { kind: 'open' },
		body: DomainBody,
		status: 200,
		view: ClaimView,
		problems: ['claims-off', 'bad-domain', 'domain-registered', 'not-configured'],
		description:
			'Where self-service is on: returns the TXT record that proves that the domain is yours, and the secret that belongs to it. A domain can be claimed that has no record, or that somebody has claimed before.',
	},
	{
		id: 'proveClaim',
		method: 'POST',
		path: '/claims/{domain}',
		title: 'Prove a claim',
		permission: { kind: 'open' },
		body: ProofBody,
		status: 201,
		view: CreatedTokenView,
		problems: ['claims-off', 'bad-domain', 'domain-registered', 'not-proved', 'claim-void', 'source-unreachable', 'not-configured'],
		description:
			'Looks for the TXT record in DNS, and hands out an admin token for the domain, good for two years. Ends the tokens of every earlier claim of the domain, and all that were created with them. A proof works once, within seven days, and only if nobody has taken the domain since the claim was opened.',
	},
	{
		id: 'readClaim',
		method: 'GET',
		path: '/domains/{domain}/claim',
		title: 'Read the claim of a domain',
		permission: { kind: 'domain', role: 'read' },
		status: 200,
		view: DomainClaimView,
		description: 'Whether the domain is claimed, since when, and which TXT record has to stay in DNS.',
	},
	{
		id: 'releaseClaim',
		method: 'DELETE',
		path: '/domains/{domain}/claim',
		title: 'Release a domain',
		permission: { kind: 'domain', role: 'admin' },
		status: 204,
		view: null,
		problems: ['not-found'],
		description:
			'For the token that was handed out for the claim, and for the operator. Ends that token and all that were created with it. The record stays, and is served, until it is deleted; whoever controls the DNS can claim the domain again.',
	},
] as const satisfies readonly Operation[];
