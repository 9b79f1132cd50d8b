/** The secret of a token that was just created. It is shown once: only its hash is stored. */
import { useRef } from 'preact/hooks';
import type { OperationOutput } from '../api-client.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { useFocusOnChange } from '../components/focus.ts';

export function TokenSecret({ token, onDone }: { readonly token: OperationOutput<'mintToken'>; readonly onDone: () => void }) {
	const secret = useRef<HTMLElement>(null);
	const heading = useRef<HTMLHeadingElement>(null);
	useFocusOnChange(heading, token.id);
	return (
		<section class="card pad stack created" aria-labelledby="created">
			<h2 id="created" tabIndex={-1} ref={heading}>
				Token for {token.name}
			</h2>
			<p>Copy it now: it is shown only once, because only its hash is stored. Share it over a secure channel.</p>
			<p class="secret">
				<code ref={secret}>{token.secret}</code>
				<CopyButton target={secret} description="the token" />
			</p>
			<div class="buttons">
				<button type="button" onClick={onDone}>
					Done
				</button>
			</div>
		</section>
	);
}
