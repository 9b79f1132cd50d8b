/**
 * Claims of domains: whoever publishes the TXT record that belongs to the secret of a claim holds the domain. A proof takes the domain from
 * its earlier holder. docs/security.md describes the life of a claim.
 */

import type { ApiProblem } from '../../contract/api-problems.ts';
import { DomainBody, ProofBody } from '../../contract/bodies.ts';
import type { DomainClaimView } from '../../contract/claim-views.ts';
import { MAX_TOKEN_DAYS } from '../../contract/limits.ts';
import { sha256Hex } from '../../lib/digest.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { DAY_MS, isoTime } from '../../lib/time.ts';
import { type Domain, parseDomain } from '../../model/names.ts';
import { claimHolderName } from '../../store/ports/claims.ts';
import type { AdminDependencies } from '../admin-dependencies.ts';
import { claimRecordName, lookForProof } from '../auth/claim-check.ts';
import { createClaimSecret, readClaimSecret } from '../auth/claim-secret.ts';
import { isClaimHolder } from '../auth/principal.ts';
import type { Handler } from '../handler.ts';
import { readBody } from '../request-input.ts';
import { issueToken } from './token-management.ts';

export const openClaim: Handler = async ({ request, dependencies }) => {
	const body = await readBody(request, DomainBody);
	if (!body.ok) return body;
	const asked = parseClaim(body.value.domain, dependencies);
	if (!asked.ok) return asked;
	const { domain, operatorToken } = asked.value;
	const now = dependencies.now();
	const claim = await createClaimSecret(domain, operatorToken, now);
	const proof = await claimProof(claim, domain);
	// The generation is higher than that of any claim that holds the domain now, so this finds only other obstacles.
	const taken = await takeDomain(domain, proof, Number.MAX_SAFE_INTEGER, true, dependencies);
	return taken.ok ? ok({ body: { domain, claim, record: claimRecord(domain, proof) } }) : taken;
};

export const proveClaim: Handler = async ({ name, request, dependencies }) => {
	const body = await readBody(request, ProofBody);
	if (!body.ok) return body;
	const asked = parseClaim(name, dependencies);
	if (!asked.ok) return asked;
	const { domain, operatorToken } = asked.value;
	const openedAt = await readClaimSecret(body.value.claim, domain, operatorToken, dependencies.now());
	if (openedAt === null) return err({ code: 'claim-void' });
	const proof = await claimProof(body.value.claim, domain);
	// This is checked before DNS, so that a void claim costs no query.
	const possible = await takeDomain(domain, proof, openedAt, true, dependencies);
	if (!possible.ok) return possible;
	const found = await lookForProof(domain, proof, dependencies);
	if (found === 'unreachable') return err({ code: 'source-unreachable' });
	if (found === 'missing') return err({ code: 'not-proved' });
	const taken = await takeDomain(domain, proof, openedAt, false, dependencies);
	if (!taken.ok) return taken;
	const owner = { who: claimHolderName(domain), token: null } as const;
	const expiresAt = dependencies.now() + MAX_TOKEN_DAYS * DAY_MS;
	return ok(
		await issueToken(dependencies, owner, {
			name: owner.who,
			role: 'admin',
			domains: [domain],
			tag: null,
			expiresAt,
			claim: taken.value,
			act: 'claim',
		}),
	);
};

export const readClaim: Handler = async ({ name, dependencies }) => {
	const claim = await dependencies.recordHistory(name).readClaim();
	const view: DomainClaimView =
		claim === null
			? { domain: name, state: 'unclaimed', since: null, provedAt: null, record: null }
			: {
					domain: name,
					state: claim.state,
					since: isoTime(claim.since),
					provedAt: isoTime(claim.provedAt),
					record: claim.state === 'held' ? claimRecord(name, claim.proof) : null,
				};
	return ok({ body: view });
};

export const releaseClaim: Handler = async ({ name, principal, dependencies }) => {
	const domain = parseDomain(name);
	if (domain === null) return err({ code: 'bad-domain' });
	if (principal.domains !== 'all' && !isClaimHolder(principal)) return err({ code: 'forbidden', needed: `the claim of ${domain}` });
	const keeper = dependencies.recordHistory(domain);
	const generation = (await keeper.readClaim())?.generation ?? 0;
	const isReleased = await keeper.releaseClaim(generation);
	// Tokens of a release that did not store claims can only be revoked.
	if (!isReleased && !(generation === 0 && (await dependencies.tokens.hasClaimToken(domain)))) return err({ code: 'not-found' });
	await dependencies.tokens.endClaim(domain, generation, { who: principal.who, token: principal.token });
	return ok({ status: 204, body: null });
};

/** The domain, if self-service is on and there is an operator's token, from which the key of the claims' secrets is derived. */
function parseClaim(
	name: string,
	{ selfService, operatorToken }: AdminDependencies,
): Result<{ readonly domain: Domain; readonly operatorToken: string }, ApiProblem> {
	if (!selfService) return err({ code: 'claims-off' });
	if (operatorToken === null) return err({ code: 'not-configured' });
	const domain = parseDomain(name);
	return domain === null ? err({ code: 'bad-domain' }) : ok({ domain, operatorToken });
}

/** Takes the domain for a claim; with `dryRun` only finds out whether it could. Returns the generation of the claim. */
async function takeDomain(
	domain: Domain,
	proof: string,
	openedAt: number,
	dryRun: boolean,
	{ recordHistory, tokens }: AdminDependencies,
): Promise<Result<number, ApiProblem>> {
	const hasClaimToken = await tokens.hasClaimToken(domain);
	const taken = await recordHistory(domain).takeClaim({ name: domain, openedAt, proof, hasClaimToken, dryRun });
	switch (taken.outcome) {
		case 'taken':
			return ok(taken.generation);
		case 'registered':
			return err({ code: 'domain-registered' });
		case 'void':
			return err({ code: 'claim-void' });
	}
}

function claimRecord(domain: string, proof: string) {
	return { name: claimRecordName(domain), type: 'TXT', data: proof } as const;
}

async function claimProof(claim: string, domain: Domain): Promise<string> {
	return `signpost-claim=${await sha256Hex(`${domain} ${claim}`)}`;
}
