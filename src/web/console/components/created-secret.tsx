/** A secret that was just created. It is shown once: the service does not tell it again. */
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { CopyButton } from './copy-button.tsx';
import { useFocusOnChange } from './focus.ts';

interface CreatedSecretProps {
	/** What it is the secret of. Another id takes the focus again. */
	readonly id: string;
	readonly title: string;
	readonly secret: string;
	/** What is copied, as a screen reader says it: `the token`. */
	readonly description: string;
	readonly onDone: () => void;
	/** What to do with it. */
	readonly children: ComponentChildren;
}

export function CreatedSecret({ id, title, secret, description, onDone, children }: CreatedSecretProps) {
	const code = useRef<HTMLElement>(null);
	const heading = useRef<HTMLHeadingElement>(null);
	useFocusOnChange(heading, id);
	return (
		<section class="card pad stack created" aria-labelledby="created">
			<h2 id="created" tabIndex={-1} ref={heading}>
				{title}
			</h2>
			{children}
			<p class="secret">
				<code ref={code}>{secret}</code>
				<CopyButton target={code} description={description} />
			</p>
			<div class="buttons">
				<button type="button" onClick={onDone}>
					Done
				</button>
			</div>
		</section>
	);
}
