/** Copies what an element says; without a clipboard it selects it instead. */
import type { RefObject } from 'preact';
import { useState } from 'preact/hooks';
import { copyText } from '../../copy-text.ts';

export function CopyButton({ of, what }: { readonly of: RefObject<HTMLElement | null>; readonly what: string }) {
	const [said, setSaid] = useState('Copy');
	const copy = async () => {
		if (of.current === null) return;
		setSaid((await copyText(of.current)) ? 'Copied' : 'Selected');
		setTimeout(() => setSaid('Copy'), 2000);
	};
	return (
		<button type="button" class="quiet small" onClick={copy}>
			{said} <span class="hidden">{what}</span>
		</button>
	);
}
