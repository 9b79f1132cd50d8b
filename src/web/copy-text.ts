/** Copies the text of an element. Where the clipboard is not available, the text is selected, so that the visitor can copy it. */
export async function copyText(element: HTMLElement): Promise<boolean> {
	try {
		// The clipboard is missing without HTTPS, and may be refused.
		await navigator.clipboard.writeText(element.textContent ?? '');
		return true;
	} catch {
		getSelection()?.selectAllChildren(element);
		return false;
	}
}
