/** Whether KV has something that the keeper did not put there. */

import { parseStored } from '../../model/stored-record.ts';
import type { ExternalEdit, Revision } from '../ports/record-history.ts';
import type { Pending } from './revision-tables.ts';

/** A location may show an old value for so long (its cache, and KV's own minute): it says nothing about what others did. */
const KV_STALE_MS = 120_000;

/**
 * @param text what stands in KV
 * @param latest null where the keeper has never saved
 */
export function detectExternalEdit(text: string | null, latest: Revision | null, owed: Pending | null, now: number): ExternalEdit | null {
	const published = owed !== null && owed.published > 0;
	// Dealt with a moment ago: a cache still shows it.
	if (owed?.resolvedEdit === JSON.stringify(text) && now - owed.resolvedEditAt < KV_STALE_MS) return null;
	if (text === null) {
		const expected = published && latest !== null && latest.record !== null && owed.published === latest.revision;
		return expected && now - owed.publishedAt > KV_STALE_MS ? { text } : null;
	}
	const stored = parseStored(text);
	if (!stored.ok || stored.value.revision === null) return { text };
	const { revision, record } = stored.value;
	// An older revision of ours: it is being replaced, or a cache shows it.
	if (latest !== null && revision < latest.revision) return null;
	// The mark of a revision that is not, or another text under it: copied by hand.
	return latest !== null && revision === latest.revision && JSON.stringify(record) === latest.record ? null : { text };
}
