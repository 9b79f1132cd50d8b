/** Checks whether a token that descends from a claim still belongs to the holder of the domain. */
import type { ApiProblem } from '../../contract/api-problems.ts';
import { renderRdata } from '../../dns/zone-file.ts';
import { DAY_MS, HOUR_MS } from '../../lib/time.ts';
import { parseDomain } from '../../model/names.ts';
import { holdsDomain } from '../../store/ports/claims.ts';
import type { ActiveToken, TokenClaim } from '../../store/ports/tokens.ts';
import type { AdminDependencies } from '../admin-dependencies.ts';
import { type HeldClaim, type Principal, tokenPrincipal } from './principal.ts';

/** The label below the domain at which a claim's TXT record is published. */
const CLAIM_LABEL = '_signpost-claim';

/** How long the result of a DNS look-up counts, and how long it counts while DNS does not answer; in milliseconds. */
const FRESH_MS = HOUR_MS;
const UNREACHABLE_MS = DAY_MS;

/** The claim, if it holds its domain: no other claim has taken it since, and it was not released. Null where it does not. */
export async function readHeldClaim(
	{ domain, generation }: TokenClaim,
	{ recordHistory }: Pick<AdminDependencies, 'recordHistory'>,
): Promise<HeldClaim | null> {
	const name = parseDomain(domain);
	if (name === null) return null;
	const claim = await recordHistory(name).readClaim();
	if (!holdsDomain(claim, generation)) return null;
	return { domain, generation, since: claim?.since ?? 0, firstRevision: (claim?.revision ?? -1) + 1 };
}

/**
 * The caller that a valid token stands for. A token of a claim is valid as long as that claim holds the domain, which the domain's keeper alone
 * knows; null where it does not.
 */
export async function readTokenPrincipal(
	token: ActiveToken | null,
	dependencies: Pick<AdminDependencies, 'recordHistory'>,
): Promise<Principal | null> {
	if (token === null) return null;
	if (token.rootClaim === null) return tokenPrincipal(token, null);
	const claim = await readHeldClaim(token.rootClaim, dependencies);
	return claim === null ? null : tokenPrincipal(token, claim);
}

/**
 * Looks up the claim's TXT record again, once an hour, before a change: whoever lost control of the domain's DNS has lost the domain, even
 * if nobody else has claimed it. Claims of a release that did not store them have no TXT record to look for.
 * @returns why nothing may be changed; null where it may
 */
export async function findClaimProblem({ domain, generation }: TokenClaim, dependencies: AdminDependencies): Promise<ApiProblem | null> {
	const name = parseDomain(domain);
	if (name === null) return { code: 'unauthenticated' };
	const keeper = dependencies.recordHistory(name);
	const claim = await keeper.readClaim();
	if (!holdsDomain(claim, generation)) return { code: 'unauthenticated' };
	const age = claim === null ? 0 : dependencies.now() - claim.provedAt;
	if (claim === null || age < FRESH_MS) return null;
	switch (await lookForProof(domain, claim.proof, dependencies)) {
		case 'found':
			await keeper.confirmClaim(generation);
			return null;
		case 'missing':
			return { code: 'claim-unproved' };
		case 'unreachable':
			return age < UNREACHABLE_MS ? null : { code: 'source-unreachable' };
	}
}

export function claimRecordName(domain: string): string {
	return `${CLAIM_LABEL}.${domain}`;
}

/** Looks for the TXT record with this text in DNS. */
export async function lookForProof(
	domain: string,
	proof: string,
	{ lookupDns }: Pick<AdminDependencies, 'lookupDns'>,
): Promise<'found' | 'missing' | 'unreachable'> {
	const answer = await lookupDns(claimRecordName(domain), 'TXT');
	if (!answer.ok) return 'unreachable';
	const data = renderRdata({ type: 'TXT', name: '', text: proof });
	return answer.value.some((record) => record.type === 'TXT' && record.data === data) ? 'found' : 'missing';
}
