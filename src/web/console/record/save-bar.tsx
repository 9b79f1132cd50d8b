/** What would be saved, why, and the button. */

import { fieldId } from '../form/form-context.ts';
import type { RecordEditor } from './record-editor.ts';

interface SaveBarProps {
	readonly editing: RecordEditor;
	readonly isNew: boolean;
	readonly tags: readonly string[];
	readonly save: () => void;
	readonly discard: () => void;
	readonly busy: boolean;
}

export function SaveBar({ editing: { draft, update, parsed }, isNew, tags, save, discard, busy }: SaveBarProps) {
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
			<p class={faults.length === 0 ? 'state' : 'state wide'} role="status">
				{faults.length === 0 ? (
					<strong>{isNew ? 'Not saved yet' : 'Unsaved changes'}</strong>
				) : (
					<>
						<strong class="fault">{faults.length === 1 ? '1 mistake: ' : `${faults.length} mistakes: `}</strong>
						<a href={`#${fieldId(faults[0]?.path ?? '')}`}>{faults[0]?.path === '' ? 'the record' : faults[0]?.path}</a> {faults[0]?.reason}
					</>
				)}
			</p>
			<div class="input">
				<label for="note">
					Why <span class="optional">optional; for the history</span>
				</label>
				<input
					id="note"
					maxLength={500}
					autocomplete="off"
					value={draft.note}
					onInput={(event) => update({ note: event.currentTarget.value })}
				/>
			</div>
			<div class="input">
				<label for="tags">
					Tags <span class="optional">optional</span>
				</label>
				<input
					id="tags"
					autocomplete="off"
					autocapitalize="none"
					placeholder="customer:42, pilot"
					value={(draft.tags ?? tags).join(', ')}
					onChange={(event) => update({ tags: splitTags(event.currentTarget.value) })}
				/>
			</div>
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
