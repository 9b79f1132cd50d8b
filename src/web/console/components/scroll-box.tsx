/** A box that scrolls. The keyboard reaches it, and screen readers announce its label. */
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
		// biome-ignore lint/a11y/noNoninteractiveTabindex: people without a mouse must be able to scroll it (WCAG 2.1.1; axe: scrollable-region-focusable).
		<section class={code ? 'scroll code' : 'scroll'} tabIndex={0} aria-label={label}>
			{children}
		</section>
	);
}
