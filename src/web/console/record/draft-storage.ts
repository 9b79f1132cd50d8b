/** What somebody was writing, kept in this browser until it is saved or thrown away. */

const STORAGE_PREFIX = 'signpost:draft:';

/** A record being edited: what it began with, and how far it has come. */
export interface StoredDraft {
	/** The revision it was made from; 0 for a new one. */
	readonly revision: number;
	/** The record of that revision; null where there was none. */
	readonly base: unknown;
	readonly draft: unknown;
	readonly note: string;
	/** Null: as before. */
	readonly tags: readonly string[] | null;
}

export function readDraft(name: string): StoredDraft | null {
	try {
		const value: unknown = JSON.parse(localStorage.getItem(STORAGE_PREFIX + name) ?? 'null');
		return isStoredDraft(value) ? value : null;
	} catch {
		// Storage switched off, or something else's text.
		return null;
	}
}

/** Null forgets. A browser without room or storage keeps nothing: the page works all the same. */
export function writeDraft(name: string, kept: StoredDraft | null): void {
	try {
		if (kept === null) localStorage.removeItem(STORAGE_PREFIX + name);
		else localStorage.setItem(STORAGE_PREFIX + name, JSON.stringify(kept));
	} catch {
		// As above.
	}
}

/** The names of records with something unsaved. */
export function readDraftNames(): readonly string[] {
	try {
		return Object.keys(localStorage)
			.filter((key) => key.startsWith(STORAGE_PREFIX))
			.map((key) => key.slice(STORAGE_PREFIX.length));
	} catch {
		return [];
	}
}

export function deleteAllDrafts(): void {
	for (const name of readDraftNames()) writeDraft(name, null);
}

function isStoredDraft(value: unknown): value is StoredDraft {
	return (
		typeof value === 'object' &&
		value !== null &&
		'draft' in value &&
		'base' in value &&
		'revision' in value &&
		Number.isInteger(value.revision)
	);
}
