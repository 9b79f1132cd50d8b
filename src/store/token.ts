/** The port to the tokens: who may do what with which domains. Plain data: it goes over RPC. */
import type { Role } from '../model/role.ts';
import type { AccessAct } from './catalogue.ts';

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
export interface Minting {
	readonly hash: string;
	readonly name: string;
	readonly role: Role;
	readonly domains: readonly string[];
	readonly createdBy: string;
	readonly parent: string | null;
	readonly expiresAt: number;
	readonly act: AccessAct;
}

/** Whose acts these are. */
export interface By {
	readonly who: string;
	readonly token: string | null;
}

export interface TokenPage {
	readonly tokens: readonly Token[];
	readonly next: string | null;
}

export interface Tokens {
	mint(minting: Minting): Promise<Token>;
	/** The token with this hash, if it is neither revoked nor expired, and its parents neither. */
	byHash(hash: string): Promise<Token | null>;
	byId(id: string): Promise<Token | null>;
	/** Revoked ones too, in the order of their ids; `minter` limits it to those that he has handed on. */
	list(minter: By | null, after: string, limit: number): Promise<TokenPage>;
	/** Revokes it and all it handed on; false where there is none. */
	revoke(id: string, by: By): Promise<boolean>;
}
