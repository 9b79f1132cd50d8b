/** Ctrl K or ⌘ K on any page: a field that finds domains, and goes to the one that is chosen. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { consolePath } from '../../../contract/console-routes.ts';
import { callApi } from '../api-client.ts';
import { ErrorNotice } from '../components/status-notices.tsx';
import { navigate } from '../console-router.ts';
import type { Session } from '../current-session.ts';
import { useApiQuery } from '../use-api-query.ts';
import { navigationFor } from './navigation.ts';

const MOST_RESULTS = 8;

/** A page that has no entry in the navigation. */
const NEW_DOMAIN = { page: 'new', title: 'New domain' } as const;

export function CommandPalette({ session }: { readonly session: Session }) {
	const dialog = useRef<HTMLDialogElement>(null);
	/** How often it was opened since it was last closed; 0 while it is closed. */
	const [openings, setOpenings] = useState(0);
	// Before the next paint: a key that is pressed as soon as the page is there, or right after the first, is not lost.
	useLayoutEffect(() => {
		const listener = (event: KeyboardEvent) => {
			if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
			event.preventDefault();
			setOpenings((count) => count + 1);
		};
		addEventListener('keydown', listener);
		return () => removeEventListener('keydown', listener);
	}, []);
	useLayoutEffect(() => {
		if (openings > 0 && dialog.current?.open === false) dialog.current.showModal();
	}, [openings]);
	return (
		<dialog
			ref={dialog}
			class="card palette"
			aria-label="Go to"
			onClose={(event) => {
				// The event comes some time after the closing, and the palette may have been opened again by then.
				if (!event.currentTarget.open) setOpenings(0);
			}}
		>
			{openings > 0 ? <PaletteContent session={session} close={() => dialog.current?.close()} /> : null}
		</dialog>
	);
}

function PaletteContent({ session, close }: { readonly session: Session; readonly close: () => void }) {
	const [text, setText] = useState('');
	const [chosen, setChosen] = useState(0);
	const { result, refetch } = useApiQuery(text, () =>
		callApi('listDomains', { query: { q: text, sort: 'name', state: 'any', limit: MOST_RESULTS } }),
	);
	const domains = result?.ok ? result.value.domains.map(({ domain }) => ({ title: domain, href: consolePath('domain', domain) })) : [];
	const pages = [...navigationFor(session), NEW_DOMAIN]
		.filter(({ title }) => title.toLowerCase().includes(text.toLowerCase()))
		.map(({ page, title }) => ({ title, href: consolePath(page) }));
	const targets = [...domains, ...pages];
	const go = (href: string | undefined) => {
		if (href === undefined) return;
		close();
		navigate(href);
	};
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				go(targets[chosen]?.href);
			}}
		>
			<input
				aria-label="Go to a domain or page"
				role="combobox"
				aria-expanded="true"
				aria-controls="palette-results"
				aria-activedescendant={targets[chosen] === undefined ? undefined : `palette-${chosen}`}
				placeholder="Go to a domain or page"
				autocomplete="off"
				autocapitalize="none"
				spellcheck={false}
				// The dialog was opened to type into this field.
				ref={(input) => input?.focus()}
				value={text}
				onInput={(event) => {
					setText(event.currentTarget.value);
					setChosen(0);
				}}
				onKeyDown={(event) => {
					const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
					if (step === 0) return;
					event.preventDefault();
					setChosen((at) => Math.min(Math.max(at + step, 0), Math.max(targets.length - 1, 0)));
				}}
			/>
			<div id="palette-results" role="listbox" aria-label="Results" class="palette-results">
				{targets.map(({ title, href }, at) => (
					<button
						key={href}
						type="button"
						id={`palette-${at}`}
						role="option"
						tabIndex={-1}
						aria-selected={at === chosen}
						onClick={() => go(href)}
					>
						{title}
					</button>
				))}
			</div>
			{result === null || result.ok ? null : <ErrorNotice error={result.error} retry={refetch} />}
			{result?.ok && targets.length === 0 ? <p class="hint pad">Nothing is called that.</p> : null}
		</form>
	);
}
