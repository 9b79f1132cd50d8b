/** Deletion, asked twice. */
import { useRef, useState } from 'preact/hooks';

export function DeleteDialog({ name, remove }: { readonly name: string; readonly remove: (note: string) => void }) {
	const dialog = useRef<HTMLDialogElement>(null);
	const [note, setNote] = useState('');
	return (
		<div class="delete">
			<button type="button" class="quiet danger" onClick={() => dialog.current?.showModal()}>
				Delete this record…
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
					<p>Clients that ask for it get nothing from then on. The history stays, and can bring it back.</p>
					<div class="input">
						<label for="delete-note">
							Why <span class="optional">optional; for the history</span>
						</label>
						<input
							id="delete-note"
							maxLength={500}
							autocomplete="off"
							value={note}
							onInput={(event) => setNote(event.currentTarget.value)}
						/>
					</div>
					<div class="buttons">
						<button type="submit" class="danger">
							Delete
						</button>
						<button type="button" class="quiet" onClick={() => dialog.current?.close()}>
							Keep it
						</button>
					</div>
				</form>
			</dialog>
		</div>
	);
}
