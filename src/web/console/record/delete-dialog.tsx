/** Deletes a record, once a person has seen which aliases go with it. */
import { useState } from 'preact/hooks';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { NoteField } from '../form/note-field.tsx';
import { AliasNotice } from './alias-notice.tsx';

export function DeleteDialog({ name, remove }: { readonly name: string; readonly remove: (note: string) => void }) {
	const [note, setNote] = useState('');
	return (
		<div class="delete">
			<ConfirmDialog
				titleId="delete-title"
				title={`Delete ${name}?`}
				label="Delete record…"
				confirmLabel="Delete"
				danger
				confirm={() => remove(note)}
			>
				{() => (
					<>
						<p>Mail clients will no longer get any settings for it. Its history is kept, so you can restore it.</p>
						<AliasNotice name={name} consequence="Clients of its aliases get nothing either:" />
						<NoteField id="delete-note" value={note} set={setNote} />
					</>
				)}
			</ConfirmDialog>
		</div>
	);
}
