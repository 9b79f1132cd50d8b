/**
 * What the states of a custom hostname and of its certificate mean, as Cloudflare's API names them (the types of the client library
 * cloudflare 7.3.0, CustomHostname.status and CustomHostname.SSL.status). A state that is not in the list is unknown, and nothing is done
 * because of it.
 */

/**
 * - `ready`: it serves.
 * - `waiting`: for the customer's DNS, or for Cloudflare; nothing is to be done here.
 * - `stuck`: it will not go on by itself; the check is begun again.
 * - `refused`: only a person can help.
 * - `going`: it is being removed.
 */
export type StateMeaning = 'ready' | 'waiting' | 'stuck' | 'refused' | 'going';

export const HOSTNAME_STATES = {
	active: 'ready',
	active_redeploying: 'ready',
	provisioned: 'waiting',
	pending: 'waiting',
	pending_provisioned: 'waiting',
	pending_migration: 'waiting',
	// The customer's DNS points to another zone at Cloudflare. Once it points here again, the check has to be repeated.
	moved: 'stuck',
	blocked: 'refused',
	pending_blocked: 'refused',
	pending_deletion: 'going',
	deleted: 'going',
	test_pending: 'waiting',
	test_active: 'waiting',
	test_active_apex: 'waiting',
	test_blocked: 'refused',
	test_failed: 'refused',
} as const satisfies Record<string, StateMeaning>;

export const CERTIFICATE_STATES = {
	active: 'ready',
	// A certificate that is about to expire still works until then.
	pending_expiration: 'ready',
	staging_active: 'waiting',
	staging_deployment: 'waiting',
	initializing: 'waiting',
	pending_validation: 'waiting',
	pending_issuance: 'waiting',
	pending_deployment: 'waiting',
	pending_cleanup: 'waiting',
	backup_issued: 'waiting',
	holding_deployment: 'waiting',
	initializing_timed_out: 'stuck',
	validation_timed_out: 'stuck',
	issuance_timed_out: 'stuck',
	deployment_timed_out: 'stuck',
	expired: 'stuck',
	inactive: 'stuck',
	deactivating: 'going',
	pending_deletion: 'going',
	deletion_timed_out: 'going',
	deleted: 'going',
} as const satisfies Record<string, StateMeaning>;

/** @returns null for a state that is not known */
export function hostnameStateMeaning(state: string): StateMeaning | null {
	return new Map<string, StateMeaning>(Object.entries(HOSTNAME_STATES)).get(state) ?? null;
}

/** @returns null for a state that is not known */
export function certificateStateMeaning(state: string): StateMeaning | null {
	return new Map<string, StateMeaning>(Object.entries(CERTIFICATE_STATES)).get(state) ?? null;
}

/** A custom hostname as Cloudflare has it. */
export interface KnownHostname {
	readonly id: string;
	/** In lower case. */
	readonly hostname: string;
	readonly status: string;
	readonly certificateStatus: string;
	/** Cloudflare's messages about failed checks of the hostname and of the certificate. */
	readonly errors: readonly string[];
	/** DNS records that let Cloudflare check without the CNAME, as `NAME TYPE VALUE`. */
	readonly validationRecords: readonly string[];
}

/** The worse of both states; null where one of them is not known. */
export function meaningOf({ status, certificateStatus }: Pick<KnownHostname, 'status' | 'certificateStatus'>): StateMeaning | null {
	const meanings = [hostnameStateMeaning(status), certificateStateMeaning(certificateStatus)];
	if (meanings.includes(null)) return null;
	return MEANINGS.find((meaning) => meanings.includes(meaning)) ?? null;
}

/** The meanings of states, the worst first. */
const MEANINGS: readonly StateMeaning[] = ['refused', 'going', 'stuck', 'waiting', 'ready'];
