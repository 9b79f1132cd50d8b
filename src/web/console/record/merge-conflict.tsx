/** Shown when somebody else saved the record during an edit: both sides, and how to merge them. */
import { useMemo, useRef, useState } from 'preact/hooks';
import type { DomainView } from '../../../contract/views.ts';
import { parseRecord } from '../../../model/record.ts';
import { useFocusOnChange } from '../components/focus.ts';
import { LocalTime } from '../components/local-time.tsx';
import { fieldLabel } from '../form/field-metadata.ts';
import type { StoredDraft } from './draft-storage.ts';
import { FieldChanges, FieldName, JsonValue } from './field-changes.tsx';
import { type MergeConflict, mergeRecords, resolveConflicts } from './three-way-merge.ts';

interface MergeConflictPanelProps {
	readonly draft: StoredDraft;
	readonly view: DomainView;
	/** Replaces the draft by the merged record, started from the published revision. `save` also saves it. */
	readonly applyMerge: (draft: unknown, then: 'edit' | 'save') => void;
	readonly discard: () => void;
	readonly busy: boolean;
}

type ConflictChoice = 'mine' | 'theirs';

export function MergeConflictPanel({ draft, view, applyMerge, discard, busy }: MergeConflictPanelProps) {
	const merged = useMemo(() => mergeRecords(draft.base, draft.draft, view.record), [draft, view]);
	const [sides, setSides] = useState<Readonly<Record<string, ConflictChoice>>>({});
	const chosen = merged.conflicts.map(({ path }) => sides[path.join('.')]);
	const isResolved = chosen.every((side) => side !== undefined);
	const result = resolveConflicts(
		merged,
		chosen.map((side) => side ?? 'mine'),
	);
	const parsed = parseRecord(result);
	const { latest } = view;
	const heading = useRef<HTMLHeadingElement>(null);
	useFocusOnChange(heading, view.revision);
	return (
		<section class="conflict card pad stack" aria-labelledby="conflict" role="alert">
			<h2 id="conflict" tabIndex={-1} ref={heading}>
				{merged.conflicts.length === 0 ? 'Changes can be merged' : 'Conflicting changes'}
			</h2>
			<p>
				{latest === null ? 'Somebody' : <strong>{latest.author}</strong>} saved revision {view.revision}
				{latest === null ? null : (
					<>
						{' '}
						(<LocalTime at={latest.at} />)
					</>
				)}{' '}
				after you started editing revision {draft.revision}. Nothing is lost:{' '}
				{merged.conflicts.length === 0
					? 'you changed different fields, so both changes can be kept.'
					: 'changes to different fields are merged; choose which value to keep where both of you changed the same field.'}
			</p>
			<div class="sides">
				<div>
					<h3>Yours</h3>
					<FieldChanges before={draft.base} after={draft.draft} />
				</div>
				<div>
					<h3>Theirs</h3>
					<FieldChanges before={draft.base} after={view.record} />
				</div>
			</div>
			{merged.conflicts.map((conflict) => {
				const key = conflict.path.join('.');
				return (
					<ConflictField
						key={key}
						conflict={conflict}
						chosen={sides[key]}
						choose={(side) => setSides((others) => ({ ...others, [key]: side }))}
					/>
				);
			})}
			{parsed.ok || !isResolved ? null : (
				<p class="fault">
					The merged record is not valid: {parsed.error.map(({ path, reason }) => `${fieldLabel(path)} ${reason}`).join('; ')}. Merge it
					into the form and fix it there.
				</p>
			)}
			<div class="buttons">
				<button type="button" disabled={busy || !isResolved || !parsed.ok} onClick={() => applyMerge(result, 'save')}>
					Merge and save
				</button>
				<button type="button" class="quiet" disabled={!isResolved} onClick={() => applyMerge(result, 'edit')}>
					Merge and keep editing
				</button>
				<button type="button" class="quiet" onClick={discard}>
					Discard my changes
				</button>
			</div>
		</section>
	);
}

interface ConflictFieldProps {
	readonly conflict: MergeConflict;
	readonly chosen: ConflictChoice | undefined;
	readonly choose: (side: ConflictChoice) => void;
}

function ConflictField({ conflict: { path, base, mine, theirs }, chosen, choose }: ConflictFieldProps) {
	const key = path.join('.');
	return (
		<fieldset class="conflict-field">
			<legend>
				<FieldName path={path} />
			</legend>
			<p class="hint">
				Original value: <JsonValue value={base} />
			</p>
			{(
				[
					['mine', 'Yours', mine],
					['theirs', 'Theirs', theirs],
				] as const
			).map(([side, title, value]) => (
				<label key={side}>
					<input type="radio" name={`conflict-${key}`} checked={chosen === side} onChange={() => choose(side)} /> {title}:{' '}
					<JsonValue value={value} />
				</label>
			))}
		</fieldset>
	);
}
