/** The port to the records that mail clients are answered from. */

import type { MaybePromise } from '../../lib/maybe-promise.ts';
import type { LookupResult } from '../../model/lookup.ts';
import type { Domain } from '../../model/names.ts';

/** Finds the record for the first of these domains that has one: its own, or a wildcard's; an alias is followed. */
export interface Records {
	/** At once where it is remembered. Throws when the store does not answer. */
	find(domains: readonly [Domain, ...Domain[]]): MaybePromise<LookupResult>;
}
