/** The bar that saves a draft: its errors, the reason for the change, and the tags. */

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
			<LabelledField id="tags" title="Tags" note="(optional)">
				{(control) => (
					<input
						{...control}
						autocomplete="off"
						autocapitalize="none"
						placeholder="customer:42, pilot"
						value={(draft.tags ?? tags).join(', ')}
						onChange={(event) => update({ tags: splitTags(event.currentTarget.value) })}
					/>
				)}
			</LabelledField>
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

function splitTags(text: string): readonly string[] {
	return [...new Set(text.split(/[\s,]+/).filter((tag) => tag !== ''))];
}
