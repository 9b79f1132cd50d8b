/** The changes that can be made to a record, a token, a zone or a webhook, and what was found, as the history and the audit trail name them, and who does it. */

/** The changes that create a revision. `adopt` and `overwrite` settle a conflict with a copy in KV that was edited by hand. */
export const RECORD_ACTS = ['put', 'delete', 'restore', 'adopt', 'overwrite', 'import'] as const;
export type RecordAct = (typeof RECORD_ACTS)[number];

/** `mint`: a token was created. `claim`: a token was created for a person who proved by DNS that a domain is theirs. `release`: they gave it up. */
export const TOKEN_ACTS = ['mint', 'revoke', 'claim', 'release'] as const;
export type TokenAct = (typeof TOKEN_ACTS)[number];

/** `publish`: a provider of DNS was asked to change the zone of a domain. */
export const ZONE_ACTS = ['publish'] as const;
export type ZoneAct = (typeof ZONE_ACTS)[number];

/** `add-webhook`, `remove-webhook`, `enable-webhook`: somebody did. `disable-webhook`: the service did, because its receiver or its owner is gone. */
export const WEBHOOK_ACTS = ['add-webhook', 'remove-webhook', 'enable-webhook', 'disable-webhook'] as const;
export type WebhookAct = (typeof WEBHOOK_ACTS)[number];

/** `check-worsened`: the result of a check was sent in which something is worse than in the one before. */
export const CHECK_ACTS = ['check-worsened'] as const;
export type CheckAct = (typeof CHECK_ACTS)[number];

/** Every act that the audit trail can have. */
export const AUDIT_ACTS = [...RECORD_ACTS, ...TOKEN_ACTS, ...ZONE_ACTS, ...WEBHOOK_ACTS, ...CHECK_ACTS] as const;

/**
 * `operator`: with the operator's token. `person`: logged in through Cloudflare Access. `token`: with the token whose id stands beside the
 * name. `owner`: by proving that a domain is theirs.
 */
export const ACTOR_KINDS = ['operator', 'person', 'token', 'owner'] as const;
export type ActorKind = (typeof ACTOR_KINDS)[number];

/** Names that no token and no person may have, because others are known by them. */
const RESERVED_NAMES = /^(?:(?:operator|nobody)$|owner of\b)/i;

export function isReservedName(name: string): boolean {
	return RESERVED_NAMES.test(name);
}

/** @param token the id of the token that was used; null where there was none */
export function actorKind(who: string, token: string | null): ActorKind {
	if (token !== null) return 'token';
	if (who === 'operator') return 'operator';
	return who.startsWith('owner of ') ? 'owner' : 'person';
}
