/** Finds the record whose settings a domain gets: an alias is followed to its target, one hop and no further. */
import { err, ok, type Result } from '../lib/result.ts';
import type { Domain } from './names.ts';
import type { UnresolvableField } from './placeholders.ts';
import type { Problem } from './problem.ts';
import { ALIAS_OVERRIDES, type AliasRecord, type DomainRecord, type ServiceRecord } from './record.ts';
import { recordKey } from './record-key.ts';
import type { SupersededRecord } from './stored-record.ts';

/** Settings that a domain was served with until they were replaced a while ago. */
export interface SupersededSettings {
	/** Unix time in milliseconds until which their PACC digest stays in the zone. */
	readonly until: number;
	readonly record: DomainRecord;
}

/** A record with settings that was found for a domain: its own, an alias's target, or a wildcard's. */
export interface ResolvedRecord {
	/** The domain that was looked up; it replaces %EMAILDOMAIN% in the record. */
	readonly domain: Domain;
	/** Key in the store (`record:example.org`) of the record that holds the settings. */
	readonly key: string;
	/** Key under which the domain was found: its own or a wildcard's. It is another than `key` where an alias stands there. */
	readonly foundUnder: string;
	/** What the domain is served from. Where an alias has fields of its own, they stand in it. The same object as long as both records are. */
	readonly record: DomainRecord;
	/** Fields of `record` that are the alias's own, or that it does without; left out where there are none. */
	readonly overrides?: readonly string[];
	/** What was served before; left out where there is nothing. */
	readonly superseded?: readonly SupersededSettings[];
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
	if (record.kind === 'domain') return ok({ domain, key, foundUnder: key, record, ...supersededPart(found, null) });
	if (target === null) return err({ code: 'bad-record', key, path: ALIAS_TARGET_PATH, reason: 'names a domain that has no record' });
	if (target.record.kind === 'alias') return err({ code: 'bad-record', key, path: ALIAS_TARGET_PATH, reason: 'names another alias' });
	const overrides = overriddenFields(record);
	return ok({
		domain,
		key: target.key,
		foundUnder: key,
		record: recordOfAlias(record, target.record),
		...(overrides.length === 0 ? {} : { overrides }),
		...supersededPart(found, target),
	});
}

/** A field of the record that gives no settings for the domain, as a problem that names the record where it stands: the alias or its target. */
export function badFieldProblem(
	{ key, foundUnder, overrides = [] }: ResolvedRecord,
	field: UnresolvableField,
): Problem & { code: 'bad-record' } {
	const isOverride = overrides.includes(field.path.split('.')[0] ?? '');
	return { code: 'bad-record', key: isOverride ? foundUnder : key, ...field };
}

function overriddenFields(alias: AliasRecord): readonly string[] {
	return ALIAS_OVERRIDES.filter((field) => alias[field] !== undefined || alias.without?.some((name) => name === field) === true);
}

/** Answers are kept with the record that they are made from, so an alias and its target give the same object each time. */
const recordsOfAliases = new WeakMap<AliasRecord, WeakMap<DomainRecord, DomainRecord>>();

/** What a domain is served from: the target's record, with the alias's own fields in the place of the target's, and without what it does without. */
export function recordOfAlias(alias: AliasRecord, target: DomainRecord): DomainRecord {
	const overrides = overriddenFields(alias);
	if (overrides.length === 0) return target;
	const known = recordsOfAliases.get(alias)?.get(target);
	if (known !== undefined) return known;
	const own = Object.fromEntries(Object.entries(alias).filter(([field]) => overrides.includes(field)));
	const shared = { ...target };
	for (const field of alias.without ?? []) delete shared[field];
	const record: DomainRecord = { ...shared, ...own };
	const ofAlias = recordsOfAliases.get(alias);
	if (ofAlias === undefined) recordsOfAliases.set(alias, new WeakMap([[target, record]]));
	else ofAlias.set(target, record);
	return record;
}

function supersededPart(found: FoundRecord, target: FoundRecord | null): Pick<ResolvedRecord, 'superseded'> {
	const superseded = resolveSuperseded(found, target);
	return superseded.length === 0 ? {} : { superseded };
}

/** Digests in the zone beside the current one, at most. Each of an alias's two records has up to three earlier ones. */
const MAX_SUPERSEDED_SETTINGS = 6;

/**
 * What a domain was served from before, the last first: earlier records of its own, and for an alias each combination of it and its target of which one at
 * least was replaced. Clients of the domain may still have any of them.
 */
export function resolveSuperseded(found: FoundRecord, target: FoundRecord | null): readonly SupersededSettings[] {
	const always = Number.POSITIVE_INFINITY;
	const own = [{ until: always, record: found.record }, ...(found.superseded ?? [])];
	const theirs = target === null ? [] : [{ until: always, record: target.record }, ...(target.superseded ?? [])];
	return own
		.flatMap(({ until, record }): readonly SupersededSettings[] => {
			if (record.kind === 'domain') return [{ until, record }];
			// Of an earlier alias of another domain nobody knows here what it was served from.
			if (target === null || recordKey(record.of) !== target.key) return [];
			return theirs.flatMap((each) =>
				each.record.kind === 'domain' ? [{ until: Math.min(until, each.until), record: recordOfAlias(record, each.record) }] : [],
			);
		})
		.filter(({ until }) => until !== always)
		.sort((one, other) => other.until - one.until)
		.slice(0, MAX_SUPERSEDED_SETTINGS);
}
