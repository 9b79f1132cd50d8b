/**
 * Ownership by DNS: who can publish a TXT record that only the holder of the claim's secret could have asked for, owns the domain. Nothing
 * is stored until then: the record has the secret's digest.
 */

import type { ApiProblem } from '../../contract/api-problems.ts';
import { DomainBody, ProofBody } from '../../contract/bodies.ts';
import { MAX_TOKEN_DAYS } from '../../contract/limits.ts';
import { renderRdata } from '../../dns/zone-file.ts';
import { sha256Hex } from '../../lib/digest.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { DAY_MS } from '../../lib/time.ts';
import { type Domain, parseDomain } from '../../model/names.ts';
import type { AdminDependencies } from '../admin-dependencies.ts';
import { randomBase64url } from '../auth/random-secret.ts';
import { type Handler, readBody } from '../handler.ts';
import { issueToken } from './token-management.ts';

const CLAIM_LABEL = '_signpost-claim';

export const openClaim: Handler = async ({ request, dependencies }) => {
	const body = await readBody(request, DomainBody);
	if (!body.ok) return body;
	const domain = await findClaimableDomain(body.value.domain, dependencies);
	if (!domain.ok) return domain;
	const claim = randomBase64url();
	const record = { name: `${CLAIM_LABEL}.${domain.value}`, type: 'TXT', data: await claimProof(claim, domain.value) };
	return ok({ body: { domain: domain.value, claim, record } });
};

export const proveClaim: Handler = async ({ name, request, dependencies }) => {
	const body = await readBody(request, ProofBody);
	if (!body.ok) return body;
	const domain = await findClaimableDomain(name, dependencies);
	if (!domain.ok) return domain;
	const found = await dependencies.lookupDns(`${CLAIM_LABEL}.${domain.value}`, 'TXT');
	if (!found.ok) return err({ code: 'source-unreachable' });
	const proof = renderRdata({ type: 'TXT', name: '', text: await claimProof(body.value.claim, domain.value) });
	if (!found.value.some(({ type, data }) => type === 'TXT' && data === proof)) return err({ code: 'not-proved' });
	const owner = { who: `owner of ${domain.value}`, token: null } as const;
	// A domain is claimed once: after that, only the operator could hand its owner another.
	const expiresAt = dependencies.now() + MAX_TOKEN_DAYS * DAY_MS;
	return ok(await issueToken(dependencies, owner, { name: owner.who, role: 'admin', domains: [domain.value], expiresAt, act: 'claim' }));
};

/** The domain, if self-service is on and nobody has a record for it. */
async function findClaimableDomain(name: string, { selfService, recordHistory }: AdminDependencies): Promise<Result<Domain, ApiProblem>> {
	if (!selfService) return err({ code: 'claims-off' });
	const domain = parseDomain(name);
	if (domain === null) return err({ code: 'bad-domain' });
	// The history of a deleted record still belongs to its owner.
	const { latest, externalEdit } = await recordHistory(domain).readHead(domain);
	return latest === null && externalEdit === null ? ok(domain) : err({ code: 'domain-registered' });
}

async function claimProof(claim: string, domain: Domain): Promise<string> {
	return `signpost-claim=${await sha256Hex(`${domain} ${claim}`)}`;
}
