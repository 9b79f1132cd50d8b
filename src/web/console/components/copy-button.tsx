/** Copies the text of an element. Where the clipboard is not available, the text is selected instead. */
import type { RefObject } from 'preact';
import { useState } from 'preact/hooks';
import { copyText } from '../../copy-text.ts';

interface CopyButtonProps {
	readonly target: RefObject<HTMLElement | null>;
	/** What is copied, for people who do not see the element beside the button. */
	readonly description: string;
	/** Shows a sign in place of the word, where many buttons stand together. */
	readonly icon?: true;
}

/** Two sheets, or a tick: outlines in a square of 16. */
const ICONS = {
	Copy: 'M6 5.5h7.5v9H6zM10 5.5v-4H2.5v9H6',
	Copied: 'M3 8.5l3.5 3.5L13 4.5',
	Selected: 'M3 8.5l3.5 3.5L13 4.5',
} as const;

export function CopyButton({ target, description, icon }: CopyButtonProps) {
	const [label, setLabel] = useState<keyof typeof ICONS>('Copy');
	const copy = async () => {
		if (target.current === null) return;
		setLabel((await copyText(target.current)) ? 'Copied' : 'Selected');
		setTimeout(() => setLabel('Copy'), 2000);
	};
	if (icon)
		return (
			<button type="button" class="icon" onClick={copy} title={`${label} ${description}`}>
				<svg viewBox="0 0 16 16" width="0.875em" height="0.875em" aria-hidden="true">
					<path d={ICONS[label]} fill="none" stroke="currentColor" stroke-width="1.4" />
				</svg>
				<span class="hidden">
					{label} {description}
				</span>
			</button>
		);
	return (
		<button type="button" class="quiet small" onClick={copy}>
			{label} <span class="hidden">{description}</span>
		</button>
	);
}
