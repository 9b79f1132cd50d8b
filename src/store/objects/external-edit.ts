/** Detects whether the copy of a record in KV was edited by hand, which is a supported way to change a record. */
import { parseStored } from '../../model/stored-record.ts';
import type { ExternalEdit, Revision } from '../ports/record-history.ts';
import type { PendingUpdates } from './revision-tables.ts';

export interface CopyComparison {
	/** The copy as it was read; null where there is none. */
	readonly text: string | null;
	/** The keeper's latest revision; null where nothing was ever saved. */
	readonly latest: Revision | null;
	/** What the keeper has published and settled; null where nothing was ever saved. */
	readonly pending: PendingUpdates | null;
	/** Milliseconds for which a read may show an old copy. */
	readonly stalenessMs: number;
	/** Unix time in milliseconds. */
	readonly now: number;
}

/** @returns the edit; null where the copy is the keeper's own, or may be an old one that a cache still shows */
export function detectExternalEdit({ text, latest, pending, stalenessMs, now }: CopyComparison): ExternalEdit | null {
	// An edit that was adopted or overwritten a moment ago: a cache may still show it.
	if (pending?.resolvedEdit === JSON.stringify(text) && now - pending.resolvedEditAt < stalenessMs) return null;
	if (text === null) {
		const isPublished = pending !== null && latest !== null && latest.record !== null && pending.published === latest.revision;
		return isPublished && now - pending.publishedAt > stalenessMs ? { text } : null;
	}
	const stored = parseStored(text);
	if (!stored.ok || stored.value.revision === null) return { text };
	const { revision, record } = stored.value;
	// An older revision of the keeper's own: it is about to be replaced, or a cache still shows it.
	if (latest !== null && revision < latest.revision) return null;
	// A copy with the mark of a revision that does not exist, or with another record under an existing one, was put there by hand.
	return latest !== null && revision === latest.revision && JSON.stringify(record) === latest.record ? null : { text };
}
