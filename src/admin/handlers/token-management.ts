/** The operations on tokens: create (never more than the creator may do), list (without secrets), revoke (at once). */

import type { TokenAct } from '../../contract/acts.ts';
import { CreateTokenBody } from '../../contract/bodies.ts';
import { MAX_CONCURRENT_SUBREQUESTS } from '../../contract/limits.ts';
import type { Role } from '../../contract/roles.ts';
import type { TokenView } from '../../contract/tokens/token-views.ts';
import { mapConcurrently } from '../../lib/concurrency.ts';
import { sha256Hex } from '../../lib/digest.ts';
import { err, ok } from '../../lib/result.ts';
import { DAY_MS, isoTime } from '../../lib/time.ts';
import { MAX_TOKEN_ANCESTORS, type Token, type TokenScope } from '../../store/ports/tokens.ts';
import type { AdminDependencies } from '../admin-dependencies.ts';
import { hasRole, isClaimHolder, type Principal, visibleRecords } from '../auth/principal.ts';
import { generateTokenSecret } from '../auth/random-secret.ts';
import { isWithinOwnerLimit } from '../auth/write-limit.ts';
import type { ApiResponse, Handler } from '../handler.ts';
import { parsePageSize, readBody } from '../request-input.ts';

export const mintToken: Handler = async ({ request, principal, dependencies }) => {
	const body = await readBody(request, CreateTokenBody);
	if (!body.ok) return body;
	const { name, role, domains, tag = null, days } = body.value;
	// A tag is on records that the caller does not have, or may be tomorrow: only those may pass it on who have it whole.
	if (tag !== null && principal.domains !== 'all' && !(principal.domains === 'tagged' && principal.tag === tag))
		return err({ code: 'forbidden', needed: `operator, or admin of the tag ${tag}` });
	const owned = await mapConcurrently(domains, MAX_CONCURRENT_SUBREQUESTS, (domain) => hasRole(principal, 'admin', domain, dependencies));
	const foreign = domains.find((_, at) => owned[at] !== true);
	if (foreign !== undefined) return err({ code: 'forbidden', needed: `admin ${foreign}` });
	// A token of the next generation would be invalid, so it is refused here.
	if (principal.ancestors >= MAX_TOKEN_ANCESTORS)
		return err({
			code: 'invalid',
			errors: [{ path: '', reason: `cannot be created by a token that ${MAX_TOKEN_ANCESTORS} others stand before` }],
		});
	if (!(await isWithinOwnerLimit(principal, dependencies))) return err({ code: 'too-many' });
	const expiresAt = Math.min(dependencies.now() + days * DAY_MS, principal.expiresAt ?? Number.MAX_SAFE_INTEGER);
	return ok(
		await issueToken(dependencies, principal, { name, role, domains: [...new Set(domains)], tag, expiresAt, claim: null, act: 'mint' }),
	);
};

interface NewToken {
	readonly name: string;
	readonly role: Role;
	readonly domains: readonly string[];
	readonly tag: string | null;
	readonly expiresAt: number;
	/** The generation of the claim that it is for; null for every other token. */
	readonly claim: number | null;
	readonly act: TokenAct;
}

export async function issueToken(
	{ tokens }: AdminDependencies,
	{ who, token: parent }: Pick<Principal, 'who' | 'token'>,
	wanted: NewToken,
): Promise<ApiResponse> {
	const secret = generateTokenSecret();
	const minted = await tokens.create({ ...wanted, hash: await sha256Hex(secret), createdBy: who, parent });
	return { status: 201, body: { ...tokenView(minted, null), secret } };
}

export const listTokens: Handler = async ({ url, principal, dependencies }) => {
	const limit = parsePageSize(url);
	if (!limit.ok) return limit;
	const { tokens, next } = await dependencies.tokens.list(tokenScope(principal), url.searchParams.get('after') ?? '', limit.value);
	const { names } = visibleRecords(principal);
	return ok({ body: { tokens: tokens.map((token) => tokenView(token, names)), next } });
};

/** The holder of a claim sees every token for the domain, whoever created it. */
function tokenScope(principal: Principal): TokenScope {
	if (principal.domains === 'all') return { kind: 'all' };
	if (principal.claim !== null && isClaimHolder(principal)) return { kind: 'domain', domain: principal.claim.domain };
	return { kind: 'created-by', actor: { who: principal.who, token: principal.token } };
}

export const revokeToken: Handler = async ({ pathParameters, principal, dependencies }) => {
	const id = pathParameters.token ?? '';
	const { who, token, claim } = principal;
	const by = { who, token };
	if (await canRevoke(principal, id, dependencies))
		return (await dependencies.tokens.revoke(id, by)) ? ok({ status: 204, body: null }) : err({ code: 'not-found' });
	// A token that is also for other domains stays valid for those.
	const isWithdrawn = claim !== null && isClaimHolder(principal) && (await dependencies.tokens.withdraw(id, claim.domain, by));
	return isWithdrawn ? ok({ status: 204, body: null }) : err({ code: 'not-found' });
};

/** The operator may revoke any token; other callers their own token and those created from it. */
async function canRevoke({ who, token, domains }: Principal, id: string, { tokens }: AdminDependencies): Promise<boolean> {
	if (domains === 'all' || id === token) return true;
	const found = await tokens.findById(id);
	if (found === null) return false;
	return token === null ? found.parent === null && found.createdBy === who : found.parent === token;
}

/** @param visible the names that the caller may see; null for all */
function tokenView(
	{ id, name, role, domains, tag, createdAt, createdBy, expiresAt, revokedAt, usedAt }: Token,
	visible: readonly string[] | null,
): TokenView {
	return {
		id,
		name,
		role,
		domains: visible === null ? domains : domains.filter((domain) => visible.includes(domain)),
		tag,
		createdAt: isoTime(createdAt),
		createdBy,
		expiresAt: isoTime(expiresAt),
		revokedAt: revokedAt === null ? null : isoTime(revokedAt),
		usedAt: usedAt === null ? null : isoTime(usedAt),
	};
}
