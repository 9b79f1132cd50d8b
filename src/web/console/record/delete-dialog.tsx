/** Deletes a record, once a person has seen which aliases go with it. */
import { useState } from 'preact/hooks';
import { callApi } from '../api-client.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { ErrorNotice, LoadingNotice } from '../components/status-notices.tsx';
import { NoteField } from '../form/note-field.tsx';
import { useApiQuery } from '../use-api-query.ts';

/** Aliases that are named. */
const NAMED_ALIASES = 10;

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
						<AliasNotice name={name} />
						<NoteField id="delete-note" value={note} set={setNote} />
					</>
				)}
			</ConfirmDialog>
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
