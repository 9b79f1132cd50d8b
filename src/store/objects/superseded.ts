/**
 * Finds the records that were replaced a short while ago. The zone keeps listing the digests of their PACC documents until resolvers and
 * clients no longer hold the old document.
 */
import { resolveConfig } from '../../model/config.ts';
import type { Domain } from '../../model/names.ts';
import type { DomainRecord, ServiceRecord } from '../../model/record.ts';
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
	if (current === undefined || current.record === null) return [];
	// Null for an alias: it serves its target's document, which is not known here, and counts as different from all.
	const record = domainRecordOf(current.record);
	const seenDocuments = new Set(record === null ? [] : [paccDocumentOf(record, sample, now)]);
	const superseded: SupersededRecord[] = [];
	let replacedAt = current.at;
	for (const { record: text, at } of replaced) {
		const until = replacedAt + overlapMs;
		replacedAt = at;
		const old = domainRecordOf(text);
		if (until <= now || superseded.length === MAX_SUPERSEDED) break;
		const document = old === null ? null : paccDocumentOf(old, sample, now);
		if (old === null || document === null || seenDocuments.has(document)) continue;
		seenDocuments.add(document);
		superseded.push({ until, record: old });
	}
	return superseded;
}

function domainRecordOf(text: string | null): DomainRecord | null {
	if (text === null) return null;
	// Revisions hold checked records only.
	const record = JSON.parse(text) as ServiceRecord;
	return record.kind === 'domain' ? record : null;
}

function paccDocumentOf(record: DomainRecord, domain: Domain, now: number): string | null {
	const config = resolveConfig(record, domain, { kind: 'domain', domain }, now);
	const document = config.ok ? paccBody(config.value) : null;
	return document?.ok === true ? document.value : null;
}
