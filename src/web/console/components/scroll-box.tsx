/** A box that scrolls: reached with the keyboard, and named for those who do not see it. */
import type { ComponentChildren } from 'preact';

export function ScrollBox({
	label,
	code = false,
	children,
}: {
	readonly label: string;
	readonly code?: boolean;
	readonly children: ComponentChildren;
}) {
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse must be able to scroll it (WCAG 2.1.1; axe: scrollable-region-focusable).
		<section class={code ? 'scroll code' : 'scroll'} tabIndex={0} aria-label={label}>
			{children}
		</section>
	);
}
