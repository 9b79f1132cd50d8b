/** The port to wherever records are kept. */

import type { MaybePromise } from '../../lib/maybe-promise.ts';
import type { Result } from '../../lib/result.ts';
import type { Domain } from '../../model/names.ts';
import type { Problem } from '../../model/problem.ts';
import type { ResolvedRecord } from '../../protocols/answer-query.ts';

/** Finds the record for the first of these domains that has one: its own, or a wildcard's; an alias is followed. */
export interface Records {
	/** At once where it is remembered. Throws when the store does not answer. */
	find(domains: readonly [Domain, ...Domain[]]): MaybePromise<Result<ResolvedRecord, Problem>>;
}
