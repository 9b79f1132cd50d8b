/** The changes that can be made to a record or a token, as the history and the audit trail name them. */

/** The changes that create a revision. `adopt` and `overwrite` settle a conflict with a copy in KV that was edited by hand. */
export const RECORD_ACTS = ['put', 'delete', 'restore', 'adopt', 'overwrite', 'import'] as const;
export type RecordAct = (typeof RECORD_ACTS)[number];

/** `mint`: a token was created. `claim`: a token was created for a person who proved by DNS that a domain is theirs. `release`: they gave it up. */
export const TOKEN_ACTS = ['mint', 'revoke', 'claim', 'release'] as const;
export type TokenAct = (typeof TOKEN_ACTS)[number];
