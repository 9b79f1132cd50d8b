import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

/**
 * Moves the focus to an element when it appears, and whenever `trigger` changes: the button that made it appear may be gone, or far away on
 * the page.
 */
export function useFocusOnChange(ref: RefObject<HTMLElement | null>, trigger: unknown): void {
	useLayoutEffect(() => ref.current?.focus(), [ref, trigger]);
}
