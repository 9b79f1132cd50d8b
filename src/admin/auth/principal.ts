/** The caller of the admin API, and what the caller may do. */

import { type Role, roleAllows } from '../../contract/roles.ts';
import type { RecordName } from '../../model/record-name.ts';
import type { VisibleRecords } from '../../store/ports/directory.ts';
import type { RecordEdit, RecordHistory } from '../../store/ports/record-history.ts';
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
	/** The names of records that the caller may use, exactly as written; `tagged`: all that carry the `tag`; `all` for operators. */
	readonly domains: 'all' | 'tagged' | readonly string[];
	/** The access tag that a record must carry for the caller to use it; null where none is needed. */
	readonly tag: string | null;
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
	tag: null,
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
	tag: null,
	expiresAt: null,
	account: 'nobody',
	ancestors: 0,
	claim: null,
};

/** @param claim the claim that the token's line begins with, which holds its domain; null where it begins with none */
export function tokenPrincipal(token: ActiveToken, claim: HeldClaim | null): Principal {
	const { id, name, role, domains, tag, requiredTag, expiresAt, rootId, ancestors } = token;
	const reach = { domains: tag === null ? domains : 'tagged', tag: requiredTag } as const;
	return { who: name, token: id, role, ...reach, expiresAt, account: `token ${rootId}`, ancestors, claim };
}

/** The author of a revision that the caller saves. */
export function editAuthor({ who, token, claim, tag, domains }: Principal): EditAuthor {
	return { author: who, token, claim: claim?.generation ?? null, requiredTag: tag, maySetAccessTags: domains === 'all' };
}

/** The members of a change that say who makes it, and what they may do. */
export type EditAuthor = Pick<RecordEdit, 'author' | 'token' | 'claim' | 'requiredTag' | 'maySetAccessTags'>;

/** Whether the caller's token was itself given for a claim, and was not created from such a token. */
export function isClaimHolder({ claim, ancestors }: Principal): boolean {
	return claim !== null && ancestors === 0;
}

/** Whether the caller has this role for a record. The record's keeper is asked where that depends on the record's tags. */
export async function hasRole(
	caller: Principal,
	needed: Role,
	name: RecordName,
	{ recordHistory }: { readonly recordHistory: (name: RecordName) => Pick<RecordHistory, 'hasTag'> },
): Promise<boolean> {
	return mayHaveRole(caller, needed, name) && (caller.tag === null || (await recordHistory(name).hasTag(caller.tag)));
}

/**
 * Whether the caller has this role for a record, provided that it carries the caller's tag. Enough before a save alone, because the record's
 * keeper refuses a save without the tag.
 */
export function mayHaveRole({ role, domains }: Principal, needed: Role, name: string): boolean {
	return roleAllows(role, needed) && (typeof domains === 'string' || domains.includes(name));
}

/** The records that the caller may see. */
export function visibleRecords({ domains, tag }: Principal): VisibleRecords {
	return { names: typeof domains === 'string' ? null : domains, tag };
}
