import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

/** Takes the focus, and with it the reader's eye, to what has just come up: the button that brought it may be gone, or far below. */
export function useFocusOnChange(ref: RefObject<HTMLElement | null>, what: unknown): void {
	useLayoutEffect(() => ref.current?.focus(), [ref, what]);
}
