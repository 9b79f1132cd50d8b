/** The caller of the admin API, and what the caller may do. */

import { type Role, roleAllows } from '../../contract/roles.ts';
import type { RecordEdit } from '../../store/ports/record-history.ts';
import type { ActiveToken, TokenClaim } from '../../store/ports/tokens.ts';

/** A claim that holds its domain now. */
export interface HeldClaim extends TokenClaim {
	/** Unix time in milliseconds when the domain was taken. */
	readonly since: number;
	/** The first revision of the record that its holder may see. */
	readonly firstRevision: number;
}

export interface Principal {
	/** The name of the caller in the history and the audit trail. */
	readonly who: string;
	/** The id of the token; null for the operator and for people who logged in through Access. */
	readonly token: string | null;
	readonly role: Role;
	/** The names of records that the caller may use, exactly as written; `all` for operators. */
	readonly domains: 'all' | readonly string[];
	/** When the credentials expire (Unix time in milliseconds); null where another system decides that. */
	readonly expiresAt: number | null;
	/** The key under which requests are counted: a token shares it with its ancestors and with every token created from it. */
	readonly account: string;
	/** The number of the token's ancestors; 0 for the operator and for people. */
	readonly ancestors: number;
	/** The claim from which the token descends; null where there is none. */
	readonly claim: HeldClaim | null;
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

/** A caller without credentials. */
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

/** @param claim the claim that the token's line begins with, which holds its domain; null where it begins with none */
export function tokenPrincipal({ id, name, role, domains, expiresAt, rootId, ancestors }: ActiveToken, claim: HeldClaim | null): Principal {
	return { who: name, token: id, role, domains, expiresAt, account: `token ${rootId}`, ancestors, claim };
}

/** The author of a revision that the caller saves. */
export function editAuthor({ who, token, claim }: Principal): Pick<RecordEdit, 'author' | 'token' | 'claim'> {
	return { author: who, token, claim: claim?.generation ?? null };
}

/** Whether the caller's token was itself given for a claim, and was not created from such a token. */
export function isClaimHolder({ claim, ancestors }: Principal): boolean {
	return claim !== null && ancestors === 0;
}

/** Whether the caller has this role for a record. */
export function hasRole(caller: Principal, needed: Role, name: string): boolean {
	return roleAllows(caller.role, needed) && (caller.domains === 'all' || caller.domains.includes(name));
}

/** The names of records that the caller may see; null for all. */
export function visibleNames({ domains }: Principal): readonly string[] | null {
	return domains === 'all' ? null : domains;
}
