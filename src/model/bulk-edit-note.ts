/**
 * The mark by which the revisions of one bulk edit are known. It stands at the end of their note, where people read it, and the directory
 * keeps an index of it, so that the edit can be shown and undone as one.
 */

/** The id of a bulk edit: 12 characters that nobody guesses by accident. */
const BULK_EDIT_ID = /^[0-9a-z]{12}$/;
const BULK_EDIT_MARK = /\(bulk edit ([0-9a-z]{12})\)$/;

export function isBulkEditId(text: string): boolean {
	return BULK_EDIT_ID.test(text);
}

/** The note of each revision of a bulk edit. */
export function bulkEditNote(note: string, id: string): string {
	return `${note}${note === '' ? '' : ' '}(bulk edit ${id})`;
}

/** The bulk edit that a revision with this note belongs to; null where it belongs to none. */
export function bulkEditOf(note: string): string | null {
	return BULK_EDIT_MARK.exec(note)?.[1] ?? null;
}

/** The note as it was given, without the mark. */
export function withoutBulkEditMark(note: string): string {
	return note.replace(BULK_EDIT_MARK, '').trimEnd();
}
