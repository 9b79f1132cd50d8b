/** The name of errors for files whose form cannot be read as a log; the message says what the file is. */
export const UNREADABLE_FORM = 'UnreadableForm';

/** @param message continues a sentence that begins with the file's name: "is a tar archive: tar -xOf FILE | signpost usage -" */
export function unreadable(message: string): Error {
	return Object.assign(new Error(message), { name: UNREADABLE_FORM });
}
