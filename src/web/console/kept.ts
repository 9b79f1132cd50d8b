/** What somebody was writing, kept in this browser until it is saved or thrown away. */

const PREFIX = 'signpost:draft:';

/** A record being edited: what it began with, and how far it has come. */
export interface Kept {
	/** The revision it was made from; 0 for a new one. */
	readonly revision: number;
	/** The record of that revision; null where there was none. */
	readonly base: unknown;
	readonly draft: unknown;
	readonly note: string;
	/** Null: as before. */
	readonly tags: readonly string[] | null;
}

export function readKept(name: string): Kept | null {
	try {
		const value: unknown = JSON.parse(localStorage.getItem(PREFIX + name) ?? 'null');
		return isKept(value) ? value : null;
	} catch {
		// Storage switched off, or something else's text.
		return null;
	}
}

/** Null forgets. A browser without room or storage keeps nothing: the page works all the same. */
export function keep(name: string, kept: Kept | null): void {
	try {
		if (kept === null) localStorage.removeItem(PREFIX + name);
		else localStorage.setItem(PREFIX + name, JSON.stringify(kept));
	} catch {
		// As above.
	}
}

/** The names of records with something unsaved. */
export function keptNames(): readonly string[] {
	try {
		return Object.keys(localStorage)
			.filter((key) => key.startsWith(PREFIX))
			.map((key) => key.slice(PREFIX.length));
	} catch {
		return [];
	}
}

export function forgetAll(): void {
	for (const name of keptNames()) keep(name, null);
}

function isKept(value: unknown): value is Kept {
	return (
		typeof value === 'object' &&
		value !== null &&
		'draft' in value &&
		'base' in value &&
		'revision' in value &&
		Number.isInteger(value.revision)
	);
}
