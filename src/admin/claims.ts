/**
 * Ownership by DNS: who can publish a TXT record that only the holder of the claim's secret could have asked for, owns the domain. Nothing
 * is stored until then: the record has the secret's digest.
 */

import { DomainBody, ProofBody } from '../contract/bodies.ts';
import { TOKEN_DAYS_MOST } from '../contract/limits.ts';
import type { ApiProblem } from '../contract/problems.ts';
import { renderData } from '../dns/zone.ts';
import { sha256Hex } from '../lib/digest.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { type Domain, parseDomain } from '../model/names.ts';
import { type Handler, readBody } from './ask.ts';
import type { AdminParts } from './parts.ts';
import { randomText } from './secret.ts';
import { mint } from './tokens.ts';

const LABEL = '_signpost-claim';
const DAY = 86_400_000;

export const openClaim: Handler = async ({ request, parts }) => {
	const body = await readBody(request, DomainBody);
	if (!body.ok) return body;
	const domain = await claimable(body.value.domain, parts);
	if (!domain.ok) return domain;
	const claim = randomText();
	const record = { name: `${LABEL}.${domain.value}`, type: 'TXT', data: await proofOf(claim, domain.value) };
	return ok({ body: { domain: domain.value, claim, record } });
};

export const proveClaim: Handler = async ({ name, request, parts }) => {
	const body = await readBody(request, ProofBody);
	if (!body.ok) return body;
	const domain = await claimable(name, parts);
	if (!domain.ok) return domain;
	const found = await parts.dns(`${LABEL}.${domain.value}`, 'TXT');
	if (!found.ok) return err({ code: 'source-unreachable' });
	const proof = renderData({ type: 'TXT', name: '', text: await proofOf(body.value.claim, domain.value) });
	if (!found.value.some(({ type, data }) => type === 'TXT' && data === proof)) return err({ code: 'not-proved' });
	const owner = { who: `owner of ${domain.value}`, token: null, role: 'admin', domains: [], expiresAt: null } as const;
	// A domain is claimed once: after that, only the operator could hand its owner another.
	const expiresAt = parts.now() + TOKEN_DAYS_MOST * DAY;
	return ok(await mint(parts, owner, { name: owner.who, role: 'admin', domains: [domain.value], expiresAt, act: 'claim' }));
};

/** The domain, if self-service is on and nobody has a record for it. */
async function claimable(name: string, { selfService, keepers }: AdminParts): Promise<Result<Domain, ApiProblem>> {
	if (!selfService) return err({ code: 'claims-off' });
	const domain = parseDomain(name);
	if (domain === null) return err({ code: 'bad-domain' });
	// A deleted record's history is still somebody's.
	const { latest, outside } = await keepers(domain).head(domain);
	return latest === null && outside === null ? ok(domain) : err({ code: 'domain-registered' });
}

async function proofOf(claim: string, domain: Domain): Promise<string> {
	return `signpost-claim=${await sha256Hex(`${domain} ${claim}`)}`;
}
