/** A token's secret: here once, and never again. */
import { useRef } from 'preact/hooks';
import type { OperationOutput } from '../api-client.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { useFocusOnChange } from '../components/focus.ts';

export function TokenSecret({ minted, done }: { readonly minted: OperationOutput<'mintToken'>; readonly done: () => void }) {
	const secret = useRef<HTMLElement>(null);
	const heading = useRef<HTMLHeadingElement>(null);
	useFocusOnChange(heading, minted.id);
	return (
		<section class="card pad stack minted" aria-labelledby="minted">
			<h2 id="minted" tabIndex={-1} ref={heading}>
				The token of {minted.name}
			</h2>
			<p>It is shown now and never again: only its hash is stored. Hand it on by a way that you trust.</p>
			<p class="secret">
				<code ref={secret}>{minted.secret}</code>
				<CopyButton of={secret} what="the token" />
			</p>
			<div class="buttons">
				<button type="button" onClick={done}>
					I have it
				</button>
			</div>
		</section>
	);
}
