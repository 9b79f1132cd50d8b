/** Tokens: minted within what the minter may do himself, listed without their secrets, revoked at once. */

import { MintBody } from '../contract/bodies.ts';
import type { TokenView } from '../contract/views.ts';
import { sha256Hex } from '../lib/digest.ts';
import { err, ok } from '../lib/result.ts';
import type { Role } from '../model/role.ts';
import type { AccessAct } from '../store/catalogue.ts';
import type { Token } from '../store/token.ts';
import { type Answer, type Handler, pageSize, readBody, time } from './ask.ts';
import { type Caller, may } from './caller.ts';
import type { AdminParts } from './parts.ts';
import { tokenSecret } from './secret.ts';

const DAY = 86_400_000;

export const mintToken: Handler = async ({ request, caller, parts }) => {
	const body = await readBody(request, MintBody);
	if (!body.ok) return body;
	const { name, role, domains, days } = body.value;
	const foreign = domains.find((domain) => !may(caller, 'admin', domain));
	if (foreign !== undefined) return err({ code: 'forbidden', needed: `admin ${foreign}` });
	const expiresAt = Math.min(parts.now() + days * DAY, caller.expiresAt ?? Number.MAX_SAFE_INTEGER);
	return ok(await mint(parts, caller, { name, role, domains: [...new Set(domains)], expiresAt, act: 'mint' }));
};

interface Wanted {
	readonly name: string;
	readonly role: Role;
	readonly domains: readonly string[];
	readonly expiresAt: number;
	readonly act: AccessAct;
}

export async function mint({ tokens }: AdminParts, { who, token: parent }: Caller, wanted: Wanted): Promise<Answer> {
	const secret = tokenSecret();
	const minted = await tokens.mint({ ...wanted, hash: await sha256Hex(secret), createdBy: who, parent });
	return { status: 201, body: { ...tokenView(minted), secret } };
}

export const listTokens: Handler = async ({ url, caller, parts }) => {
	const limit = pageSize(url);
	if (!limit.ok) return limit;
	const minter = caller.domains === 'all' ? null : { who: caller.who, token: caller.token };
	const { tokens, next } = await parts.tokens.list(minter, url.searchParams.get('after') ?? '', limit.value);
	return ok({ body: { tokens: tokens.map(tokenView), next } });
};

export const revokeToken: Handler = async ({ variables, caller, parts }) => {
	const id = variables.token ?? '';
	const { who, token } = caller;
	if (!(await mayRevoke(caller, id, parts))) return err({ code: 'not-found' });
	return (await parts.tokens.revoke(id, { who, token })) ? ok({ status: 204, body: null }) : err({ code: 'not-found' });
};

/** The operator any; everybody else his own token, and those that he has handed on. */
async function mayRevoke({ who, token, domains }: Caller, id: string, { tokens }: AdminParts): Promise<boolean> {
	if (domains === 'all' || id === token) return true;
	const found = await tokens.byId(id);
	if (found === null) return false;
	return token === null ? found.parent === null && found.createdBy === who : found.parent === token;
}

function tokenView({ id, name, role, domains, createdAt, createdBy, expiresAt, revokedAt }: Token): TokenView {
	return {
		id,
		name,
		role,
		domains,
		createdAt: time(createdAt),
		createdBy,
		expiresAt: time(expiresAt),
		revokedAt: revokedAt === null ? null : time(revokedAt),
	};
}
