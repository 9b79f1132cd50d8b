/** The port to the tokens: who may do what with which domains. Plain data only, because calls may go over RPC. */

import type { TokenAct } from '../../contract/acts.ts';
import type { Role } from '../../contract/roles.ts';

export interface Token {
	readonly id: string;
	readonly name: string;
	readonly role: Role;
	/** Names of records. A wildcard stands for the record of that name, not for the domains that the record serves. Empty where it is for a tag. */
	readonly domains: readonly string[];
	/** The access tag whose records it is for, now and later; null where it is for the `domains`. */
	readonly tag: string | null;
	/** Unix time in milliseconds, as are `expiresAt`, `revokedAt` and `usedAt`. */
	readonly createdAt: number;
	readonly createdBy: string;
	/** The id of the token that it was created with, and with which it ends; null where a person has created it. */
	readonly parent: string | null;
	readonly expiresAt: number;
	readonly revokedAt: number | null;
	/** The generation of the claim (`DomainClaim`) of its only domain that it was created for; null for every other token. */
	readonly claim: number | null;
	/** When somebody last came with its secret, to the hour; a browser session counts as its log-in. Null: not since the service counts this. */
	readonly usedAt: number | null;
}

/**
 * The generation of a token of which only the first release has told: 0 for one that it handed out for a claim, null for every other one. No
 * caller could imitate such a token: whoever creates one for others has a parent or another name.
 */
export function firstReleaseClaim({
	role,
	domains,
	createdBy,
	parent,
}: Pick<Token, 'role' | 'domains' | 'createdBy' | 'parent'>): number | null {
	return parent === null && role === 'admin' && domains.length === 1 && createdBy === `owner of ${domains[0]}` ? 0 : null;
}

/** The claim that a token's line begins with. Who uses the token must ask the domain's keeper whether that claim still holds the domain. */
export interface TokenClaim {
	readonly domain: string;
	readonly generation: number;
}

/** A token that is valid now, with what its ancestors say. */
export interface ActiveToken extends Token {
	/** The id of the token at the beginning of the line that it was created in; its own where a person has created it. */
	readonly rootId: string;
	/** How many tokens stand before it in that line; 0 where a person has created it. */
	readonly ancestors: number;
	/** Its tag, or that of the token that it descends from: a record that does not carry it is out of its reach. Null where there is none. */
	readonly requiredTag: string | null;
	/** Null where the line does not begin with a claim. */
	readonly rootClaim: TokenClaim | null;
}

/** A token may create tokens, and these may too: one with more ancestors than this is not valid, and is never created. */
export const MAX_TOKEN_ANCESTORS = 8;

/** A token to create. Only the hash (SHA-256) of its secret is known here. */
export interface HashedToken {
	readonly hash: string;
	readonly name: string;
	readonly role: Role;
	readonly domains: readonly string[];
	readonly tag: string | null;
	readonly createdBy: string;
	readonly parent: string | null;
	readonly expiresAt: number;
	readonly claim: number | null;
	readonly act: TokenAct;
}

/** Who acts: a person or the operator, and the token they use, if any. */
export interface Actor {
	readonly who: string;
	readonly token: string | null;
}

/** Which tokens are listed: all, those that somebody has created, or those for a domain, whoever has created them. */
export type TokenScope =
	| { readonly kind: 'all' }
	| { readonly kind: 'created-by'; readonly actor: Actor }
	| { readonly kind: 'domain'; readonly domain: string };

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

/** A browser session that was logged out. */
export interface EndedSession {
	readonly session: string;
	/** Unix time in milliseconds at which it would have ended anyway. */
	readonly until: number;
}

export interface Tokens {
	/**
	 * Whoever calls has seen to it that the parent has fewer than `MAX_TOKEN_ANCESTORS` ancestors; throws otherwise. A token of a claim ends,
	 * in the same transaction, all tokens of earlier claims of its domain.
	 */
	create(token: HashedToken): Promise<ActiveToken>;
	/** The token with this hash; null where there is none, or where it or a token that it was created with is revoked or expired. */
	findByHash(hash: string): Promise<ActiveToken | null>;
	findById(id: string): Promise<ActiveToken | null>;
	/** A page of tokens in the order of their ids, revoked ones too. */
	list(scope: TokenScope, after: string, limit: number): Promise<TokenPage>;
	/** Revokes a token, and with it all that were created with it; false where there is no such token. */
	revoke(id: string, by: Actor): Promise<boolean>;
	/** Takes a domain out of a token, and revokes the token where no domain is left; false where it is for no such domain. */
	withdraw(id: string, domain: string, by: Actor): Promise<boolean>;
	/** Whether a token was ever created for a claim of this domain. */
	hasClaimToken(domain: string): Promise<boolean>;
	/** Revokes the tokens of a claim that was released, and those of all claims before it. */
	endClaim(domain: string, generation: number, by: Actor): Promise<void>;
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
	/** Sessions that were ended and would still be valid, for a backup. */
	listEndedSessions(): Promise<readonly EndedSession[]>;
}
