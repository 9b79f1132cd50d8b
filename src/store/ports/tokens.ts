/** The port to the tokens: who may do what with which domains. Plain data only, because calls may go over RPC. */

import type { TokenAct } from '../../contract/acts.ts';
import type { Role } from '../../contract/roles.ts';

export interface Token {
	readonly id: string;
	readonly name: string;
	readonly role: Role;
	/** Names of records. A wildcard stands for the record of that name, not for the domains that the record serves. */
	readonly domains: readonly string[];
	/** Unix time in milliseconds, as are `expiresAt` and `revokedAt`. */
	readonly createdAt: number;
	readonly createdBy: string;
	/** The id of the token that it was created with, and with which it ends; null where a person has created it. */
	readonly parent: string | null;
	readonly expiresAt: number;
	readonly revokedAt: number | null;
}

/** A token that is valid now, with what its ancestors say. */
export interface ActiveToken extends Token {
	/** The id of the token at the beginning of the line that it was created in; its own where a person has created it. */
	readonly rootId: string;
	/** How many tokens stand before it in that line; 0 where a person has created it. */
	readonly ancestors: number;
}

/** A token may create tokens, and these may too: one with more ancestors than this is not valid, and is never created. */
export const MAX_TOKEN_ANCESTORS = 8;

/** A token to create. Only the hash (SHA-256) of its secret is known here. */
export interface HashedToken {
	readonly hash: string;
	readonly name: string;
	readonly role: Role;
	readonly domains: readonly string[];
	readonly createdBy: string;
	readonly parent: string | null;
	readonly expiresAt: number;
	readonly act: TokenAct;
}

/** Who acts: a person or the operator, and the token they use, if any. */
export interface Actor {
	readonly who: string;
	readonly token: string | null;
}

export interface TokenPage {
	readonly tokens: readonly Token[];
	readonly next: string | null;
}

/** A token as it is kept, for a backup. Its secret is known to nobody; `hash` is its SHA-256. */
export interface TokenBackup extends Token {
	readonly hash: string;
}

export interface TokenExport {
	readonly tokens: readonly TokenBackup[];
	/** The `after` of the next page; null on the last page. */
	readonly next: string | null;
}

/** `changed`: only its revocation was missing. `refused`: another token has its id or its hash. */
export type TokenRestoreOutcome = 'created' | 'changed' | 'unchanged' | 'refused';

export interface Tokens {
	/** Whoever calls has seen to it that the parent has fewer than `MAX_TOKEN_ANCESTORS` ancestors; throws otherwise. */
	create(token: HashedToken): Promise<ActiveToken>;
	/** The token with this hash; null where there is none, or where it or a token that it was created with is revoked or expired. */
	findByHash(hash: string): Promise<ActiveToken | null>;
	findById(id: string): Promise<ActiveToken | null>;
	/** A page of tokens in the order of their ids, revoked ones too. `createdBy` limits it to those that this actor has created; null: all. */
	list(createdBy: Actor | null, after: string, limit: number): Promise<TokenPage>;
	/** Revokes a token, and with it all that were created with it; false where there is no such token. */
	revoke(id: string, by: Actor): Promise<boolean>;
	/** All tokens, in the order of their ids; `after` is empty for the first page. */
	exportTokens(after: string, limit: number): Promise<TokenExport>;
	/** Puts a token of a backup back. What was revoked on either side stays revoked. */
	restoreToken(token: TokenBackup, dryRun: boolean): Promise<TokenRestoreOutcome>;
	/** Sends every kept line about tokens to the audit trail again. */
	announceTokens(): Promise<void>;
	/**
	 * Ends a browser session for good, wherever its cookie is still kept.
	 * @param until Unix time in milliseconds at which the session would have ended anyway: it is forgotten then
	 */
	endSession(session: string, until: number): Promise<void>;
	isSessionEnded(session: string): Promise<boolean>;
}
