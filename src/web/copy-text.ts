/** Copies an element's text. Where the clipboard is not to be had, the text is selected, for the visitor to copy himself. */
export async function copyText(element: HTMLElement): Promise<boolean> {
	try {
		// Absent without https; refused without permission.
		await navigator.clipboard.writeText(element.textContent ?? '');
		return true;
	} catch {
		getSelection()?.selectAllChildren(element);
		return false;
	}
}
