/** Unsaved drafts of records, kept in this browser's local storage until they are saved or discarded. */

const STORAGE_PREFIX = 'signpost:draft:';

/** A record being edited: the version it was started from, and its current state. */
export interface StoredDraft {
	/** The revision that the draft was started from; 0 for a new record. */
	readonly revision: number;
	/** The record of that revision; null where there was none. */
	readonly base: unknown;
	readonly draft: unknown;
	readonly note: string;
	/** Null where the tags of the record are not changed. */
	readonly tags: readonly string[] | null;
}

export function readDraft(name: string): StoredDraft | null {
	try {
		const value: unknown = JSON.parse(localStorage.getItem(STORAGE_PREFIX + name) ?? 'null');
		return isStoredDraft(value) ? value : null;
	} catch {
		// Storage is switched off, or holds text that this console did not write.
		return null;
	}
}

/** Stores a draft; null deletes it. Where the browser has no storage, or no room left, the draft is lost on reload and nothing else changes. */
export function writeDraft(name: string, draft: StoredDraft | null): void {
	try {
		if (draft === null) localStorage.removeItem(STORAGE_PREFIX + name);
		else localStorage.setItem(STORAGE_PREFIX + name, JSON.stringify(draft));
	} catch {
		// The storage is full or switched off; the draft lives on in the page.
	}
}

/** The names of records that have an unsaved draft. */
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
