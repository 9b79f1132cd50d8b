/**
 * The port to a domain's claim: who has proved, with a TXT record, that the domain is theirs. It is kept beside the domain's record, so that
 * a save and a change of hands cannot cross. Plain data only, because calls may go over RPC.
 */
import type { RecordName } from '../../model/record-name.ts';

/**
 * The latest claim of a domain. Each proof takes the domain in a new generation, and only the tokens of the latest generation are valid.
 * `released`: its holder has given the domain up; nobody holds it.
 */
export interface DomainClaim {
	/** From 1 on. Tokens of a release that kept no claims count as generation 0. */
	readonly generation: number;
	readonly state: 'held' | 'released';
	/** Unix time in milliseconds when it was taken or released: claims that were opened before are void. */
	readonly since: number;
	/** Unix time in milliseconds when the TXT record was last seen in DNS. */
	readonly provedAt: number;
	/** The text of the TXT record. */
	readonly proof: string;
	/** The record's latest revision before `since`; 0 where nothing was saved. Whoever holds the domain sees those after it. */
	readonly revision: number;
}

/** A proof, which takes a domain. */
export interface ClaimProof {
	readonly name: RecordName;
	/** Unix time in milliseconds when the claim was opened. */
	readonly openedAt: number;
	/** The text of the TXT record that was found. */
	readonly proof: string;
	/** Whether a token of an earlier claim exists: such a claim may be older than the table of claims. */
	readonly hasClaimToken: boolean;
	/** Whether to say only whether the domain could be taken. */
	readonly dryRun: boolean;
}

/**
 * `registered`: the domain has a record that was made without a claim, so it is the operator's to give away. `void`: the domain was taken or
 * released after this claim was opened, perhaps with this very proof.
 */
export type TakeClaimResult = { readonly outcome: 'taken'; readonly generation: number } | { readonly outcome: 'registered' | 'void' };

export interface DomainClaims {
	/** Null where the domain was never claimed. */
	readClaim(): Promise<DomainClaim | null>;
	/** Takes the domain, in one transaction, from whoever holds it. */
	takeClaim(proof: ClaimProof): Promise<TakeClaimResult>;
	/** Notes that the TXT record is still in DNS. Does nothing where another generation holds the domain by now. */
	confirmClaim(generation: number): Promise<void>;
	/** Gives the domain up; false where this generation does not hold it. */
	releaseClaim(generation: number): Promise<boolean>;
	/** Puts the claim of a backup back, unless there is one of the same or a later generation. */
	restoreClaim(name: RecordName, claim: DomainClaim, dryRun: boolean): Promise<'created' | 'changed' | 'unchanged'>;
}

/** The name of a domain's holder in the history and the audit trail. */
export function claimHolderName(domain: string): string {
	return `owner of ${domain}`;
}

/** Whether a generation holds the domain. Generation 0 does as long as no claim is kept. */
export function holdsDomain(claim: DomainClaim | null, generation: number): boolean {
	return claim === null ? generation === 0 : claim.state === 'held' && claim.generation === generation;
}
