/** Decides what becomes of revisions from a backup beside those that a record has already. */
import type { RestoreOutcome, Revision, RevisionRestore } from '../ports/record-history.ts';

export interface RestorePlan {
	readonly outcome: RestoreOutcome;
	/** Revisions to add under their own numbers. */
	readonly added: readonly Revision[];
	/** The state to save as a new revision above everything that is there; null where the added revisions suffice. */
	readonly savedOnTop: Revision | null;
}

/**
 * Revisions are only ever added. Those of the backup go above the latest one where they continue it, that is, where the latest one is
 * among them; a record that has gone another way, or further, is left as it is, or with `replace` gets the backup's state as a new
 * revision, so that this can be undone too.
 * @param latest the record's latest revision; null where nothing was ever saved
 * @param find the revision of that number; null where there is none
 */
export function planRestore(
	{ revisions, isLast, replace }: Pick<RevisionRestore, 'revisions' | 'isLast' | 'replace'>,
	latest: Revision | null,
	find: (revision: number) => Revision | null,
): RestorePlan {
	const last = revisions.at(-1);
	if (last === undefined) return { outcome: 'unchanged', added: [], savedOnTop: null };
	if (latest === null) return { outcome: 'created', added: revisions, savedOnTop: null };
	const known = revisions.map(({ revision }) => find(revision));
	const isConsistent = revisions.every((revision, at) => known[at] === null || isSameRevision(revision, known[at]));
	const missing = isConsistent ? revisions.filter((_, at) => known[at] === null) : [];
	const continuesLatest = isConsistent && revisions.some(({ revision }) => revision === latest.revision);
	const older = missing.filter(({ revision }) => revision < latest.revision);
	if (continuesLatest) return { outcome: missing.length > 0 ? 'changed' : 'unchanged', added: missing, savedOnTop: null };
	// An earlier part of a longer history: its last part decides.
	const isEarlierPart = !isLast && (replace || last.revision < latest.revision);
	if (isEarlierPart || isSameState(last, latest))
		return { outcome: older.length > 0 ? 'changed' : 'unchanged', added: older, savedOnTop: null };
	return replace ? { outcome: 'changed', added: older, savedOnTop: last } : { outcome: 'newer', added: [], savedOnTop: null };
}

/** The later of the record's own latest revision and the backup's: what the copy near the clients may show without being edited. */
export function newerRevision(a: Revision | null, b: Revision | null): Revision | null {
	return (a?.revision ?? 0) >= (b?.revision ?? 0) ? a : b;
}

function isSameState(a: Revision, b: Revision): boolean {
	return a.record === b.record && JSON.stringify(a.tags) === JSON.stringify(b.tags);
}

function isSameRevision(a: Revision, b: Revision | undefined | null): boolean {
	if (b === null || b === undefined) return false;
	return isSameState(a, b) && a.at === b.at && a.author === b.author && a.token === b.token && a.act === b.act && a.note === b.note;
}
