/** Tokens: created within what their creator may do, listed without their secrets, revoked at once. */

import type { TokenAct } from '../../contract/acts.ts';
import { CreateTokenBody } from '../../contract/bodies.ts';
import type { Role } from '../../contract/roles.ts';
import type { TokenView } from '../../contract/views.ts';
import { sha256Hex } from '../../lib/digest.ts';
import { err, ok } from '../../lib/result.ts';
import { DAY_MS } from '../../lib/time.ts';
import { MAX_TOKEN_ANCESTORS, type Token } from '../../store/ports/tokens.ts';
import type { AdminDependencies } from '../admin-dependencies.ts';
import { hasRole, type Principal } from '../auth/principal.ts';
import { generateTokenSecret } from '../auth/random-secret.ts';
import { type ApiResponse, type Handler, isoTime, parsePageSize, readBody } from '../handler.ts';

export const mintToken: Handler = async ({ request, principal, dependencies }) => {
	const body = await readBody(request, CreateTokenBody);
	if (!body.ok) return body;
	const { name, role, domains, days } = body.value;
	const foreign = domains.find((domain) => !hasRole(principal, 'admin', domain));
	if (foreign !== undefined) return err({ code: 'forbidden', needed: `admin ${foreign}` });
	// Its children would be invalid from their first day on.
	if (principal.ancestors >= MAX_TOKEN_ANCESTORS)
		return err({
			code: 'invalid',
			errors: [{ path: '', reason: `a token that ${MAX_TOKEN_ANCESTORS} others stand before creates no more` }],
		});
	const expiresAt = Math.min(dependencies.now() + days * DAY_MS, principal.expiresAt ?? Number.MAX_SAFE_INTEGER);
	return ok(await issueToken(dependencies, principal, { name, role, domains: [...new Set(domains)], expiresAt, act: 'mint' }));
};

interface NewToken {
	readonly name: string;
	readonly role: Role;
	readonly domains: readonly string[];
	readonly expiresAt: number;
	readonly act: TokenAct;
}

export async function issueToken(
	{ tokens }: AdminDependencies,
	{ who, token: parent }: Pick<Principal, 'who' | 'token'>,
	wanted: NewToken,
): Promise<ApiResponse> {
	const secret = generateTokenSecret();
	const minted = await tokens.create({ ...wanted, hash: await sha256Hex(secret), createdBy: who, parent });
	return { status: 201, body: { ...tokenView(minted), secret } };
}

export const listTokens: Handler = async ({ url, principal, dependencies }) => {
	const limit = parsePageSize(url);
	if (!limit.ok) return limit;
	const minter = principal.domains === 'all' ? null : { who: principal.who, token: principal.token };
	const { tokens, next } = await dependencies.tokens.list(minter, url.searchParams.get('after') ?? '', limit.value);
	return ok({ body: { tokens: tokens.map(tokenView), next } });
};

export const revokeToken: Handler = async ({ pathParameters, principal, dependencies }) => {
	const id = pathParameters.token ?? '';
	const { who, token } = principal;
	if (!(await canRevoke(principal, id, dependencies))) return err({ code: 'not-found' });
	return (await dependencies.tokens.revoke(id, { who, token })) ? ok({ status: 204, body: null }) : err({ code: 'not-found' });
};

/** The operator may revoke any token; every other caller the token that was shown, and those that were created with it. */
async function canRevoke({ who, token, domains }: Principal, id: string, { tokens }: AdminDependencies): Promise<boolean> {
	if (domains === 'all' || id === token) return true;
	const found = await tokens.findById(id);
	if (found === null) return false;
	return token === null ? found.parent === null && found.createdBy === who : found.parent === token;
}

function tokenView({ id, name, role, domains, createdAt, createdBy, expiresAt, revokedAt }: Token): TokenView {
	return {
		id,
		name,
		role,
		domains,
		createdAt: isoTime(createdAt),
		createdBy,
		expiresAt: isoTime(expiresAt),
		revokedAt: revokedAt === null ? null : isoTime(revokedAt),
	};
}
