/** Whether KV has something that the keeper did not put there. */
import type { Outside, Revision } from './keeper.ts';
import type { Owed } from './revisions.ts';
import { parseStored } from './stored.ts';

/** A location may show an old value for so long (its cache, and KV's own minute): it says nothing about what others did. */
const STALE = 120_000;

/**
 * @param text what stands in KV
 * @param latest null where the keeper has never saved
 */
export function outsideOf(text: string | null, latest: Revision | null, owed: Owed | null, now: number): Outside | null {
	const published = owed !== null && owed.published > 0;
	// Dealt with a moment ago: a cache still shows it.
	if (owed?.settled === JSON.stringify(text) && now - owed.settledAt < STALE) return null;
	if (text === null) {
		const expected = published && latest !== null && latest.record !== null && owed.published === latest.revision;
		return expected && now - owed.publishedAt > STALE ? { text } : null;
	}
	const stored = parseStored(text);
	if (!stored.ok || stored.value.revision === null) return { text };
	const { revision, record } = stored.value;
	// An older revision of ours: it is being replaced, or a cache shows it.
	if (latest !== null && revision < latest.revision) return null;
	// The mark of a revision that is not, or another text under it: copied by hand.
	return latest !== null && revision === latest.revision && JSON.stringify(record) === latest.record ? null : { text };
}
