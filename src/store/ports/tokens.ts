/** The port to the tokens: who may do what with which domains. Plain data: it goes over RPC. */

import type { TokenAct } from '../../contract/acts.ts';
import type { Role } from '../../contract/roles.ts';

export interface Token {
	readonly id: string;
	readonly name: string;
	readonly role: Role;
	/** Names of records, wildcards as they are written: nothing is implied. */
	readonly domains: readonly string[];
	/** Unix time in milliseconds, as are the next ones. */
	readonly createdAt: number;
	readonly createdBy: string;
	/** The token that minted it: it goes with that one. */
	readonly parent: string | null;
	readonly expiresAt: number;
	readonly revokedAt: number | null;
}

/** A token to be. Its secret is known by its SHA-256 alone. */
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

/** Whose acts these are. */
export interface Actor {
	readonly who: string;
	readonly token: string | null;
}

export interface TokenPage {
	readonly tokens: readonly Token[];
	readonly next: string | null;
}

export interface Tokens {
	create(minting: HashedToken): Promise<Token>;
	/** The token with this hash, if it is neither revoked nor expired, and its parents neither. */
	findByHash(hash: string): Promise<Token | null>;
	findById(id: string): Promise<Token | null>;
	/** Revoked ones too, in the order of their ids; `minter` limits it to those that he has handed on. */
	list(minter: Actor | null, after: string, limit: number): Promise<TokenPage>;
	/** Revokes it and all it handed on; false where there is none. */
	revoke(id: string, by: Actor): Promise<boolean>;
}
