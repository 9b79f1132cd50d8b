/** Who asks, and what that allows. */

import { type Role, roleAllows } from '../../contract/roles.ts';
import type { RecordEdit } from '../../store/ports/record-history.ts';
import type { ActiveToken, TokenClaim } from '../../store/ports/tokens.ts';

export interface Principal {
	/** As the history and the audit trail name it. */
	readonly who: string;
	/** The token's id; null for the operator and for people. */
	readonly token: string | null;
	readonly role: Role;
	/** Names of records, as they are written; `all` for operators. */
	readonly domains: 'all' | readonly string[];
	/** Unix time in milliseconds after which it is over; null where that is not ours to say. */
	readonly expiresAt: number | null;
	/** Whose requests are counted together: a token's with those of all tokens that come from it, or of those that it comes from. */
	readonly account: string;
	/** How many tokens the token comes from; 0 for the operator and for people. */
	readonly ancestors: number;
	/** The claim that the token comes from; null where it comes from none. */
	readonly claim: TokenClaim | null;
}

export const OPERATOR: Principal = {
	who: 'operator',
	token: null,
	role: 'admin',
	domains: 'all',
	expiresAt: null,
	account: 'operator',
	ancestors: 0,
	claim: null,
};

/** Somebody who has shown nothing. */
export const ANONYMOUS: Principal = {
	who: 'nobody',
	token: null,
	role: 'preview',
	domains: [],
	expiresAt: null,
	account: 'nobody',
	ancestors: 0,
	claim: null,
};

export function tokenPrincipal({ id, name, role, domains, expiresAt, rootId, ancestors, rootClaim }: ActiveToken): Principal {
	return { who: name, token: id, role, domains, expiresAt, account: `token ${rootId}`, ancestors, claim: rootClaim };
}

/** As whom a caller saves a record. */
export function editAuthor({ who, token, claim }: Principal): Pick<RecordEdit, 'author' | 'token' | 'claim'> {
	return { author: who, token, claim: claim?.generation ?? null };
}

/** Whether the caller's token is the one that was handed out for a claim, and not one that was created with it. */
export function isClaimHolder({ claim, ancestors }: Principal): boolean {
	return claim !== null && ancestors === 0;
}

/** Whether a caller may do to a record what needs this role. */
export function hasRole(caller: Principal, needed: Role, name: string): boolean {
	return roleAllows(caller.role, needed) && (caller.domains === 'all' || caller.domains.includes(name));
}

/** The names a caller may see; null for all. */
export function visibleNames({ domains }: Principal): readonly string[] | null {
	return domains === 'all' ? null : domains;
}
