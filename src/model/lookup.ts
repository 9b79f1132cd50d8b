/** Finds the record whose settings a domain gets: an alias is followed to its target, one hop and no further. */
import { err, ok, type Result } from '../lib/result.ts';
import type { Domain } from './names.ts';
import type { Problem } from './problem.ts';
import type { DomainRecord, ServiceRecord } from './record.ts';
import { recordKey } from './record-key.ts';
import type { SupersededRecord } from './stored-record.ts';

/** A record with settings that was found for a domain: its own, an alias's target, or a wildcard's. */
export interface ResolvedRecord {
	/** The domain that was looked up; it replaces %EMAILDOMAIN% in the record. */
	readonly domain: Domain;
	/** Key in the store (`record:example.org`) of the record that holds the settings. */
	readonly key: string;
	/** Key under which the domain was found: its own or a wildcard's. It is another than `key` where an alias stands there. */
	readonly foundUnder: string;
	readonly record: DomainRecord;
	/**
	 * Earlier records of this domain that were replaced a while ago; left out where there is none. Their PACC digests stay in DNS for a time.
	 */
	readonly superseded?: readonly SupersededRecord[];
}

/** A record, or why there is none: `unknown-domain` or `bad-record`. */
export type LookupResult = Result<ResolvedRecord, Problem>;

/** A record as a store has it, under its key (`record:example.org`). */
export interface FoundRecord {
	readonly key: string;
	readonly record: ServiceRecord;
	readonly superseded?: readonly SupersededRecord[];
}

/** The field that an alias's fault is found in when its target is gone, or is an alias too. */
export const ALIAS_TARGET_PATH = 'of';

/** The key of the record that an alias shares; null for a record with settings of its own. */
export function aliasTargetKey(record: ServiceRecord): string | null {
	return record.kind === 'alias' ? recordKey(record.of) : null;
}

/**
 * Follows an alias. There is one hop only: a chain would cost a read for each link, and could be a circle.
 * @param domain the domain that was looked up
 * @param found its record, or the record of the wildcard that covers it
 * @param target what the store has under `aliasTargetKey`; null where it has nothing. Ignored unless `found` is an alias.
 */
export function resolveAlias(domain: Domain, found: FoundRecord, target: FoundRecord | null): LookupResult {
	const { key, record } = found;
	if (record.kind === 'domain') return ok({ domain, key, foundUnder: key, record, ...supersededOf(found) });
	if (target === null) return err({ code: 'bad-record', key, path: ALIAS_TARGET_PATH, reason: 'names a domain that has no record' });
	if (target.record.kind === 'alias') return err({ code: 'bad-record', key, path: ALIAS_TARGET_PATH, reason: 'names another alias' });
	return ok({ domain, key: target.key, foundUnder: key, record: target.record, ...supersededOf(found, target) });
}

/** The superseded records of the alias itself and of its target: clients of the domain may still have the settings of either. */
function supersededOf(...found: readonly FoundRecord[]): Pick<ResolvedRecord, 'superseded'> {
	const superseded = found.flatMap((each) => each.superseded ?? []);
	return superseded.length === 0 ? {} : { superseded };
}
