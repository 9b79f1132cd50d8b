/** The bar that saves a draft: its errors, the reason for the change, and the tags. */

import { useState } from 'preact/hooks';
import { isDeepEqual } from '../../../lib/json/json-path.ts';
import { fieldLabel } from '../form/field-metadata.ts';
import { fieldId } from '../form/form-context.ts';
import { LabelledField } from '../form/labelled-field.tsx';
import { NoteField } from '../form/note-field.tsx';
import { AliasNotice } from './alias-notice.tsx';
import type { RecordEditor } from './record-editor.ts';

interface SaveBarProps {
	readonly editor: RecordEditor;
	readonly name: string;
	readonly isNew: boolean;
	readonly tags: readonly string[];
	readonly save: () => void;
	readonly discard: () => void;
	readonly busy: boolean;
}

export function SaveBar({ editor: { draft, update, parsed }, name, isNew, tags, save, discard, busy }: SaveBarProps) {
	const faults = parsed.ok ? [] : parsed.error;
	return (
		<form
			class="save card"
			aria-label="Save"
			onSubmit={(event) => {
				event.preventDefault();
				if (parsed.ok) save();
			}}
		>
			<div class="consequence">{isNew ? null : <AliasNotice name={name} consequence="Its aliases change with it:" />}</div>
			<p class={faults.length === 0 ? 'state' : 'state wide'} role="status">
				{faults.length === 0 ? (
					<strong>{isNew ? 'Not saved yet' : 'Unsaved changes'}</strong>
				) : (
					<>
						<strong class="fault">{faults.length === 1 ? '1 error: ' : `${faults.length} errors: `}</strong>
						<a href={`#${fieldId(faults[0]?.path ?? '')}`}>{faults[0]?.path === '' ? 'The record' : fieldLabel(faults[0]?.path ?? '')}</a>{' '}
						{faults[0]?.reason}
					</>
				)}
			</p>
			<NoteField id="note" value={draft.note} set={(note) => update({ note })} />
			<TagsField tags={draft.tags ?? tags} set={(changed) => update({ tags: changed })} />
			<div class="buttons">
				<button type="submit" disabled={busy || !parsed.ok}>
					{busy ? 'Saving…' : isNew ? 'Publish' : 'Save and publish'}
				</button>
				<button type="button" class="quiet" onClick={discard}>
					Discard
				</button>
			</div>
		</form>
	);
}

function TagsField({ tags, set }: { readonly tags: readonly string[]; readonly set: (tags: readonly string[]) => void }) {
	const [text, setText] = useState('');
	// The typed text, blanks and a comma at its end included, is shown while it means the same tags. Otherwise they were changed elsewhere.
	const shown = isDeepEqual(splitTags(text), tags) ? text : tags.join(', ');
	return (
		<LabelledField id="tags" title="Tags" note="(optional)">
			{(control) => (
				<input
					{...control}
					autocomplete="off"
					autocapitalize="none"
					placeholder="customer:42, pilot"
					value={shown}
					onInput={({ currentTarget: { value } }) => {
						setText(value);
						set(splitTags(value));
					}}
				/>
			)}
		</LabelledField>
	);
}

function splitTags(text: string): readonly string[] {
	return [...new Set(text.split(/[\s,]+/).filter((tag) => tag !== ''))];
}
