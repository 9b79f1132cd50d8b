/** The button that deletes a record, and the dialog that asks for confirmation. */
import { useRef, useState } from 'preact/hooks';
import { MAX_NOTE_LENGTH } from '../../../contract/limits.ts';
import { LabelledField } from '../form/labelled-field.tsx';

export function DeleteDialog({ name, remove }: { readonly name: string; readonly remove: (note: string) => void }) {
	const dialog = useRef<HTMLDialogElement>(null);
	const [note, setNote] = useState('');
	return (
		<div class="delete">
			<button type="button" class="quiet danger" onClick={() => dialog.current?.showModal()}>
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
					<LabelledField id="delete-note" title="Reason" note="(optional, shown in the history)">
						{(control) => (
							<input
								{...control}
								maxLength={MAX_NOTE_LENGTH}
								autocomplete="off"
								value={note}
								onInput={(event) => setNote(event.currentTarget.value)}
							/>
						)}
					</LabelledField>
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
