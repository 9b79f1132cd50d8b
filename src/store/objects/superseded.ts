/**
 * Finds the records that were replaced a short while ago. The zone keeps listing the digests of their PACC documents until resolvers and
 * clients no longer hold the old document.
 */
import { resolveConfig } from '../../model/config.ts';
import type { Domain } from '../../model/names.ts';
import type { ServiceRecord } from '../../model/record.ts';
import type { SupersededRecord } from '../../model/stored-record.ts';
import { paccBody } from '../../protocols/pacc.ts';
import type { Revision } from '../ports/record-history.ts';

/** Digests in the zone beside the current one, at most: editing back and forth must not fill the zone. */
const MAX_SUPERSEDED = 3;

/**
 * @param revisions newest first; the first is the one that is published
 * @param sample a domain that the record serves, to render the documents for
 * @param overlapMs for how long the digest of a replaced record is still listed
 * @param now Unix time in milliseconds
 * @returns newest first, each document once, and only documents that differ from the current one
 */
export function supersededRecords(
	[current, ...replaced]: readonly Revision[],
	sample: Domain,
	overlapMs: number,
	now: number,
): readonly SupersededRecord[] {
	const record = parseRevision(current?.record ?? null);
	if (current === undefined || record === null || replaced.length === 0) return [];
	const seenDocuments = new Set([documentOf(record, sample, now)]);
	const superseded: SupersededRecord[] = [];
	let replacedAt = current.at;
	for (const { record: text, at } of replaced) {
		const until = replacedAt + overlapMs;
		replacedAt = at;
		const old = parseRevision(text);
		if (until <= now || superseded.length === MAX_SUPERSEDED) break;
		// What the target of an earlier alias served is not known here, unless the target is still the same.
		if (old === null || (old.kind === 'alias' && (record.kind !== 'alias' || record.of !== old.of))) continue;
		const document = documentOf(old, sample, now);
		if (document === null || seenDocuments.has(document)) continue;
		seenDocuments.add(document);
		superseded.push({ until, record: old });
	}
	return superseded;
}

function parseRevision(text: string | null): ServiceRecord | null {
	// Revisions hold checked records only.
	return text === null ? null : (JSON.parse(text) as ServiceRecord);
}

/** A text that differs where the PACC documents of two records do; null where a record has none. */
function documentOf(record: ServiceRecord, domain: Domain, now: number): string | null {
	// An alias serves its target's document with its own fields, and the target is not known here. Policies are no part of the document.
	if (record.kind === 'alias') {
		const without = record.without?.filter((field) => field !== 'mtaSts' && field !== 'tlsRpt' && field !== 'names') ?? [];
		return JSON.stringify({
			...record,
			mtaSts: undefined,
			tlsRpt: undefined,
			names: undefined,
			without: without.length === 0 ? undefined : without,
		});
	}
	const config = resolveConfig(record, domain, { kind: 'domain', domain }, now);
	const document = config.ok ? paccBody(config.value) : null;
	return document?.ok === true ? document.value : null;
}
