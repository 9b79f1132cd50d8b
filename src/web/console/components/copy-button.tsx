/** Copies the text of an element. Where the clipboard is not available, the text is selected instead. */
import type { RefObject } from 'preact';
import { useState } from 'preact/hooks';
import { copyText } from '../../copy-text.ts';

interface CopyButtonProps {
	readonly target: RefObject<HTMLElement | null>;
	/** What is copied, for people who do not see the element beside the button. */
	readonly description: string;
}

export function CopyButton({ target, description }: CopyButtonProps) {
	const [label, setLabel] = useState('Copy');
	const copy = async () => {
		if (target.current === null) return;
		setLabel((await copyText(target.current)) ? 'Copied' : 'Selected');
		setTimeout(() => setLabel('Copy'), 2000);
	};
	return (
		<button type="button" class="quiet small" onClick={copy}>
			{label} <span class="hidden">{description}</span>
		</button>
	);
}
