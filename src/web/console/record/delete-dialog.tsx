/** The button that deletes a record, and the dialog that asks for confirmation. */
import { useRef, useState } from 'preact/hooks';
import { callApi } from '../api-client.ts';
import { ErrorNotice, LoadingNotice } from '../components/status-notices.tsx';
import { NoteField } from '../form/note-field.tsx';
import { useApiQuery } from '../use-api-query.ts';

/** Aliases that are named. */
const NAMED_ALIASES = 10;

export function DeleteDialog({ name, remove }: { readonly name: string; readonly remove: (note: string) => void }) {
	const dialog = useRef<HTMLDialogElement>(null);
	const [note, setNote] = useState('');
	const [open, setOpen] = useState(false);
	return (
		<div class="delete">
			<button
				type="button"
				class="quiet danger"
				onClick={() => {
					setOpen(true);
					dialog.current?.showModal();
				}}
			>
				Delete record…
			</button>
			<dialog ref={dialog} class="card pad" aria-labelledby="delete-title">
				<form
					method="dialog"
					class="stack"
					onSubmit={() => {
						remove(note);
					}}
				>
					<h2 id="delete-title">Delete {name}?</h2>
					<p>Mail clients will no longer get any settings for it. Its history is kept, so you can restore it.</p>
					{open ? <AliasNotice name={name} /> : null}
					<NoteField id="delete-note" value={note} set={setNote} />
					<div class="buttons">
						<button type="submit" class="danger">
							Delete
						</button>
						<button type="button" class="quiet" onClick={() => dialog.current?.close()}>
							Cancel
						</button>
					</div>
				</form>
			</dialog>
		</div>
	);
}

/** Names the domains whose clients get nothing either once the record is deleted. */
function AliasNotice({ name }: { readonly name: string }) {
	const { result, refetch } = useApiQuery(`aliases ${name}`, () => callApi('readAliases', { path: { domain: name } }));
	if (result === null) return <LoadingNotice />;
	if (!result.ok) return <ErrorNotice error={result.error} retry={refetch} />;
	const { aliases, hidden, unknown, next } = result.value;
	return (
		<>
			{aliases.length === 0 ? null : (
				<p>
					<strong>Clients of its aliases get nothing either:</strong> {aliases.slice(0, NAMED_ALIASES).join(', ')}
					{aliases.length > NAMED_ALIASES || next !== null ? ' and more' : ''}.
				</p>
			)}
			{hidden === 0 ? null : <p>Domains that you may not read are aliases of it: {hidden}.</p>}
			{unknown === 0 ? null : <p>Records that may be aliases, which is not known until the directory is rebuilt: {unknown}.</p>}
		</>
	);
}
