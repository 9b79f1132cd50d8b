/** Who asks, and what that allows. */

import { type Role, roleAllows } from '../../contract/roles.ts';
import type { ActiveToken } from '../../store/ports/tokens.ts';

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
}

export const OPERATOR: Principal = {
	who: 'operator',
	token: null,
	role: 'admin',
	domains: 'all',
	expiresAt: null,
	account: 'operator',
	ancestors: 0,
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
};

export function tokenPrincipal({ id, name, role, domains, expiresAt, rootId, ancestors }: ActiveToken): Principal {
	return { who: name, token: id, role, domains, expiresAt, account: `token ${rootId}`, ancestors };
}

/** Whether a caller may do to a record what needs this role. */
export function hasRole(caller: Principal, needed: Role, name: string): boolean {
	return roleAllows(caller.role, needed) && (caller.domains === 'all' || caller.domains.includes(name));
}

/** The names a caller may see; null for all. */
export function visibleNames({ domains }: Principal): readonly string[] | null {
	return domains === 'all' ? null : domains;
}
