/** The form of a bulk edit: which field of the selected records gets which value. */
import { useState } from 'preact/hooks';
import { LabelledField } from '../form/labelled-field.tsx';
import { NoteField } from '../form/note-field.tsx';
import type { BulkChange } from './apply-bulk-edit.ts';
import { BULK_FIELDS, FALLBACK_CHOICES, FALLBACK_PATH, type FallbackChoice, fallbackPatch, textPatch } from './bulk-fields.ts';

interface BulkEditFormProps {
	/** Shown again as it was left, after a preview. */
	readonly isShown: boolean;
	readonly isAnySelected: boolean;
	readonly busy: boolean;
	readonly preview: (change: BulkChange) => void;
	readonly close: () => void;
}

export function BulkEditForm({ isShown, isAnySelected, busy, preview, close }: BulkEditFormProps) {
	const [path, setPath] = useState(FALLBACK_PATH);
	const [text, setText] = useState('');
	const [choice, setChoice] = useState<FallbackChoice>('until');
	const [note, setNote] = useState('');
	if (!isShown) return null;
	const patch = path === FALLBACK_PATH ? fallbackPatch(choice, text) : textPatch(path, text.trim());
	const needsDay = path === FALLBACK_PATH && choice === 'until';
	return (
		<form
			class="stack"
			onSubmit={(event) => {
				event.preventDefault();
				preview({ patch, note });
			}}
		>
			<div class="columns">
				<LabelledField id="bulk-field" title="Field">
					{(control) => (
						<select
							{...control}
							value={path}
							onChange={(event) => {
								setPath(event.currentTarget.value);
								setText('');
							}}
						>
							{BULK_FIELDS.map((field) => (
								<option key={field.path} value={field.path}>
									{field.title}
								</option>
							))}
						</select>
					)}
				</LabelledField>
				{path === FALLBACK_PATH ? (
					<LabelledField id="bulk-fallback" title="Fallback">
						{(control) => (
							<select
								{...control}
								value={choice}
								onChange={({ currentTarget: { value } }) => setChoice(FALLBACK_CHOICES.find(([known]) => known === value)?.[0] ?? choice)}
							>
								{FALLBACK_CHOICES.map(([value, title]) => (
									<option key={value} value={value}>
										{title}
									</option>
								))}
							</select>
						)}
					</LabelledField>
				) : null}
				{path !== FALLBACK_PATH || needsDay ? (
					<LabelledField
						id="bulk-value"
						title={needsDay ? 'Offered until' : 'New value'}
						help={
							needsDay ? 'From this day on (UTC) no client is told of it.' : (BULK_FIELDS.find((field) => field.path === path)?.help ?? '')
						}
					>
						{(control) =>
							needsDay ? (
								<input {...control} type="date" required value={text} onInput={(event) => setText(event.currentTarget.value)} />
							) : (
								<input {...control} autocomplete="off" value={text} onInput={(event) => setText(event.currentTarget.value)} />
							)
						}
					</LabelledField>
				) : null}
				<NoteField id="bulk-note" hint="(optional, shown in each history)" value={note} set={setNote} />
			</div>
			<div class="buttons">
				<button type="submit" disabled={busy || !isAnySelected}>
					Preview changes
				</button>
				<button type="button" class="quiet" onClick={close}>
					Cancel
				</button>
			</div>
		</form>
	);
}
