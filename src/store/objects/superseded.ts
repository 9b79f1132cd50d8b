/** The records that a change replaced a short while ago: their PACC digests stay in the zone until resolvers and clients have moved on. */
import { resolveConfig } from '../../model/config.ts';
import type { Domain } from '../../model/names.ts';
import type { DomainRecord, ServiceRecord } from '../../model/record.ts';
import type { SupersededRecord } from '../../model/stored-record.ts';
import { paccBody } from '../../protocols/pacc.ts';
import type { Revision } from '../ports/record-history.ts';

/** Digests in the zone at most, beside the current one: who edits back and forth does not fill it. */
const MAX_SUPERSEDED = 3;

/**
 * @param revisions newest first; the first is the one that is published
 * @param overlap milliseconds for which a replaced record's digest is still listed
 */
export function supersededRecords(
	[current, ...replaced]: readonly Revision[],
	sample: Domain,
	overlap: number,
	now: number,
): readonly SupersededRecord[] {
	if (current === undefined || current.record === null) return [];
	// An alias has its target's document, which is not known here: what it replaced was another.
	const record = domainRecordOf(current.record);
	const seen = new Set(record === null ? [] : [paccDocumentOf(record, sample, now)]);
	const earlier: SupersededRecord[] = [];
	let replacedAt = current.at;
	for (const { record: text, at } of replaced) {
		const until = replacedAt + overlap;
		replacedAt = at;
		const old = domainRecordOf(text);
		if (until <= now || earlier.length === MAX_SUPERSEDED) break;
		const document = old === null ? null : paccDocumentOf(old, sample, now);
		if (old === null || document === null || seen.has(document)) continue;
		seen.add(document);
		earlier.push({ until, record: old });
	}
	return earlier;
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
