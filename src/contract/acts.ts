/** What can be done to a record or a token, in the words of the history and of the audit trail. */

/** What makes a revision. `adopt` and `overwrite` resolve a copy in KV that was edited outside. */
export const RECORD_ACTS = ['put', 'delete', 'restore', 'adopt', 'overwrite', 'import'] as const;
export type RecordAct = (typeof RECORD_ACTS)[number];

/** `claim`: a token was created for whoever proved by DNS that a domain is theirs. */
export const TOKEN_ACTS = ['mint', 'revoke', 'claim'] as const;
export type TokenAct = (typeof TOKEN_ACTS)[number];
