/** What an error is called that says of a file that it is no log in a form that can be read; its message says what it is. */
export const UNREADABLE_FORM = 'UnreadableForm';

/** @param message what comes behind the file's name: "is a tar archive: tar -xOf FILE | signpost usage -" */
export function unreadable(message: string): Error {
	return Object.assign(new Error(message), { name: UNREADABLE_FORM });
}
