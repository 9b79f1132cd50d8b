/** Single keys that do something on a page, while nobody types into a field. */

/** @param handle returns whether it has used the key @returns a function that ends it */
export function onShortcut(handle: (key: string) => boolean): () => void {
	const listener = (event: KeyboardEvent) => {
		if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
		const { target } = event;
		const isTyping =
			target instanceof HTMLElement && target.closest('input:not([type=checkbox], [type=radio]), select, textarea, dialog') !== null;
		if (!isTyping && handle(event.key)) event.preventDefault();
	};
	addEventListener('keydown', listener);
	return () => removeEventListener('keydown', listener);
}
