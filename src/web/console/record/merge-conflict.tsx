/** Somebody else saved in the meantime: both sides, and what they come to together. */
import { useMemo, useRef, useState } from 'preact/hooks';
import type { DomainView } from '../../../contract/views.ts';
import { parseRecord } from '../../../model/record.ts';
import { useFocusOnChange } from '../components/focus.ts';
import { LocalTime } from '../layout/page-layout.tsx';
import type { StoredDraft } from './draft-storage.ts';
import { FieldChanges, FieldName, JsonValue } from './field-changes.tsx';
import { type MergeConflict, mergeRecords, resolveConflicts } from './three-way-merge.ts';

interface MergeConflictPanelProps {
	readonly draft: StoredDraft;
	readonly view: DomainView;
	/** Goes on from what is live with this draft; `save` at once. */
	readonly applyMerge: (draft: unknown, then: 'look' | 'save') => void;
	readonly discard: () => void;
	readonly busy: boolean;
}

type ConflictChoice = 'mine' | 'theirs';

export function MergeConflictPanel({ draft, view, applyMerge, discard, busy }: MergeConflictPanelProps) {
	const merged = useMemo(() => mergeRecords(draft.base, draft.draft, view.record), [draft, view]);
	const [sides, setSides] = useState<Readonly<Record<string, ConflictChoice>>>({});
	const chosen = merged.conflicts.map(({ path }) => sides[path.join('.')]);
	const isSettled = chosen.every((side) => side !== undefined);
	const result = resolveConflicts(
		merged,
		chosen.map((side) => side ?? 'mine'),
	);
	const faults = parseRecord(result);
	const { latest } = view;
	const heading = useRef<HTMLHeadingElement>(null);
	useFocusOnChange(heading, view.revision);
	return (
		<section class="conflict card pad stack" aria-labelledby="conflict" role="alert">
			<h2 id="conflict" tabIndex={-1} ref={heading}>
				{merged.conflicts.length === 0 ? 'Two edits that go together' : 'Two edits that collide'}
			</h2>
			<p>
				{latest === null ? 'Somebody' : <strong>{latest.author}</strong>} saved revision {view.revision}
				{latest === null ? null : (
					<>
						{' '}
						(<LocalTime at={latest.at} />)
					</>
				)}{' '}
				after you began with revision {draft.revision}. Nothing is lost:{' '}
				{merged.conflicts.length === 0
					? 'the two touch different places, and this is what they come to together.'
					: 'what touches different places is merged; choose where both changed the same.'}
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
			{merged.conflicts.map((collision) => {
				const key = collision.path.join('.');
				return (
					<ConflictField
						key={key}
						conflict={collision}
						chosen={sides[key]}
						choose={(side) => setSides((others) => ({ ...others, [key]: side }))}
					/>
				);
			})}
			{faults.ok || !isSettled ? null : (
				<p class="fault">
					Together they are no record yet: {faults.error.map(({ path, reason }) => `${path} ${reason}`).join('; ')}. Take it into the form
					and mend it there.
				</p>
			)}
			<div class="buttons">
				<button type="button" disabled={busy || !isSettled || !faults.ok} onClick={() => applyMerge(result, 'save')}>
					Merge and save
				</button>
				<button type="button" class="quiet" disabled={!isSettled} onClick={() => applyMerge(result, 'look')}>
					Merge into the form
				</button>
				<button type="button" class="quiet" onClick={discard}>
					Drop my changes
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
		<fieldset class="collision">
			<legend>
				<FieldName path={path} />
			</legend>
			<p class="hint">
				It was <JsonValue value={base} />.
			</p>
			{(
				[
					['mine', 'Yours', mine],
					['theirs', 'Theirs', theirs],
				] as const
			).map(([side, title, value]) => (
				<label key={side}>
					<input type="radio" name={`collision-${key}`} checked={chosen === side} onChange={() => choose(side)} /> {title}:{' '}
					<JsonValue value={value} />
				</label>
			))}
		</fieldset>
	);
}
