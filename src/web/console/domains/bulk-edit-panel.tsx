/** Changes one field of the selected records: says first what changes how often, applies it as one act, and offers to undo it. */
import { useRef, useState } from 'preact/hooks';
import type { ApiError } from '../api-client.ts';
import { useFocusOnChange } from '../components/focus.ts';
import { ErrorNotice } from '../components/status-notices.tsx';
import { fieldLabel } from '../form/field-metadata.ts';
import { LabelledField } from '../form/labelled-field.tsx';
import { NoteField } from '../form/note-field.tsx';
import { JsonValue } from '../record/field-changes.tsx';
import { applyBulkEdit, type BulkEditResult, type BulkSelection, countSelected, undoBulkEdit } from './apply-bulk-edit.ts';
import { BULK_FIELDS, FALLBACK_CHOICES, FALLBACK_PATH, type FallbackChoice, fallbackPatch, textPatch } from './bulk-fields.ts';

interface BulkEditPanelProps {
	readonly selection: BulkSelection;
	/** Called when records were changed. */
	readonly onChanged: () => void;
	readonly close: () => void;
}

type Step = { readonly kind: 'edit' } | { readonly kind: 'preview' | 'done' | 'undone'; readonly result: BulkEditResult };

export function BulkEditPanel({ selection, onChanged, close }: BulkEditPanelProps) {
	const [path, setPath] = useState(FALLBACK_PATH);
	const [text, setText] = useState('');
	const [choice, setChoice] = useState<FallbackChoice>('until');
	const [note, setNote] = useState('');
	const [step, setStep] = useState<Step>({ kind: 'edit' });
	const [error, setError] = useState<ApiError | null>(null);
	const [done, setDone] = useState<number | null>(null);
	const heading = useRef<HTMLHeadingElement>(null);
	useFocusOnChange(heading, step.kind);
	const count = countSelected(selection);
	const patch = path === FALLBACK_PATH ? fallbackPatch(choice, text) : textPatch(path, text.trim());
	const needsDay = path === FALLBACK_PATH && choice === 'until';
	const send = async (dry: boolean) => {
		setError(null);
		setDone(0);
		const response = await applyBulkEdit(selection, patch, note, dry, setDone);
		setDone(null);
		if (!response.ok) return setError(response.error);
		setStep({ kind: dry ? 'preview' : 'done', result: response.value });
		if (!dry) onChanged();
	};
	const undo = async (edit: string) => {
		setDone(0);
		const response = await undoBulkEdit(edit);
		setDone(null);
		if (!response.ok) return setError(response.error);
		setStep({ kind: 'undone', result: response.value });
		onChanged();
	};
	const busy = done !== null;
	return (
		<section class="card pad stack bulk-edit" aria-labelledby="bulk-edit">
			<h2 id="bulk-edit" tabIndex={-1} ref={heading}>
				{step.kind === 'done'
					? 'Changed'
					: step.kind === 'undone'
						? 'Undone'
						: `Edit ${count.toLocaleString('en')} ${count === 1 ? 'record' : 'records'}`}
			</h2>
			{step.kind === 'edit' ? (
				<form
					class="stack"
					onSubmit={(event) => {
						event.preventDefault();
						void send(true);
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
										onChange={({ currentTarget: { value } }) =>
											setChoice(FALLBACK_CHOICES.find(([known]) => known === value)?.[0] ?? choice)
										}
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
									needsDay
										? 'From this day on (UTC) no client is told of it.'
										: (BULK_FIELDS.find((field) => field.path === path)?.help ?? '')
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
						<button type="submit" disabled={busy}>
							Preview changes
						</button>
						<button type="button" class="quiet" onClick={close}>
							Cancel
						</button>
					</div>
				</form>
			) : (
				<BulkEditSummary result={step.result} isUndo={step.kind === 'undone'} />
			)}
			{busy ? <p role="status">{`${done.toLocaleString('en')} of ${count.toLocaleString('en')}…`}</p> : null}
			{error === null ? null : <ErrorNotice error={error} />}
			{step.kind === 'preview' ? (
				<div class="buttons">
					<button type="button" disabled={busy || step.result.changed === 0} onClick={() => void send(false)}>
						Change {step.result.changed.toLocaleString('en')} {step.result.changed === 1 ? 'record' : 'records'}
					</button>
					<button type="button" class="quiet" onClick={() => setStep({ kind: 'edit' })}>
						Back
					</button>
				</div>
			) : null}
			{step.kind === 'done' || step.kind === 'undone' ? (
				<div class="buttons">
					<button type="button" onClick={close}>
						Close
					</button>
					{step.kind === 'done' && step.result.changed > 0 ? (
						<button type="button" class="quiet" disabled={busy} onClick={() => void undo(step.result.edit)}>
							Undo all
						</button>
					) : null}
				</div>
			) : null}
		</section>
	);
}

/** What changes or has changed, the same changes counted together, and what stays as it is, and why. */
export function BulkEditSummary({ result, isUndo }: { readonly result: BulkEditResult; readonly isUndo: boolean }) {
	const { dry, changed, unchanged, changes, otherChanges, refused } = result;
	const verb = dry ? 'change' : isUndo ? 'were restored' : 'were changed';
	return (
		<>
			<p role="status">
				{changed.toLocaleString('en')} {verb}, {unchanged.toLocaleString('en')} {dry ? 'stay as they are' : 'stayed as they were'}
				{refused.length === 0 ? '.' : `, ${refused.length.toLocaleString('en')} ${dry ? 'cannot be changed' : 'could not be changed'}.`}
			</p>
			{changes.length === 0 ? null : (
				<div class="list">
					<table>
						<caption class="hidden">Changes</caption>
						<thead>
							<tr>
								<th scope="col" class="number">
									Records
								</th>
								<th scope="col">Field</th>
								<th scope="col">Before</th>
								<th scope="col">After</th>
							</tr>
						</thead>
						<tbody>
							{changes.map(({ path, before, after, count, example }) => (
								<tr key={JSON.stringify([path, before, after])}>
									<td class="number" data-of="Records" title={`For example ${example}`}>
										{count.toLocaleString('en')}
									</td>
									<th scope="row">{fieldLabel(path)}</th>
									<td data-of="Before">
										<JsonValue value={before} />
									</td>
									<td data-of="After">
										<JsonValue value={after} />
									</td>
								</tr>
							))}
						</tbody>
					</table>
				</div>
			)}
			{otherChanges === 0 ? null : <p class="hint">And {otherChanges.toLocaleString('en')} other changes.</p>}
			{refused.length === 0 ? null : (
				<details>
					<summary>
						{refused.length === 1 ? '1 record stays as it is' : `${refused.length.toLocaleString('en')} records stay as they are`}
					</summary>
					<ul class="plain">
						{refused.slice(0, 100).map(({ domain, problem }) => (
							<li key={domain}>
								{domain}:{' '}
								{problem.errors?.map(({ path, reason }) => `${fieldLabel(path.replace(/^record\.?/, ''))} ${reason}`).join('; ') ??
									problem.title}
							</li>
						))}
					</ul>
				</details>
			)}
		</>
	);
}
