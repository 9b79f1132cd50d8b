/** Changes one field of the selected records: says first what changes how often, applies it as one act, and offers to undo it. */
import { useRef, useState } from 'preact/hooks';
import type { ApiError } from '../api-client.ts';
import { useFocusOnChange } from '../components/focus.ts';
import { ErrorNotice } from '../components/status-notices.tsx';
import {
	applyBulkEdit,
	type BulkChange,
	type BulkEditPlan,
	type BulkEditProgress,
	type BulkEditResult,
	type BulkSelection,
	beginning,
	countSelected,
	planBulkEdit,
	previewBulkEdit,
	undoBulkEdit,
} from './apply-bulk-edit.ts';
import { BulkEditForm } from './bulk-edit-form.tsx';
import { BulkEditSummary, StoppedNotice } from './bulk-edit-summary.tsx';

interface BulkEditPanelProps {
	readonly selection: BulkSelection;
	/** Called when records were changed. */
	readonly onChanged: () => void;
	readonly close: () => void;
}

/** What was previewed is what is applied, whatever is selected or typed in the meantime. */
type Step =
	| { readonly kind: 'edit' }
	| { readonly kind: 'preview'; readonly plan: BulkEditPlan; readonly result: BulkEditResult }
	| { readonly kind: 'applied'; readonly plan: BulkEditPlan; readonly edit: string; readonly progress: BulkEditProgress<number> }
	| { readonly kind: 'undone'; readonly plan: BulkEditPlan; readonly edit: string; readonly progress: BulkEditProgress<string> };

export function BulkEditPanel({ selection, onChanged, close }: BulkEditPanelProps) {
	const [step, setStep] = useState<Step>({ kind: 'edit' });
	const [error, setError] = useState<ApiError | null>(null);
	const [answered, setAnswered] = useState<number | null>(null);
	const heading = useRef<HTMLHeadingElement>(null);
	useFocusOnChange(heading, step.kind);
	const busy = answered !== null;
	const count = step.kind === 'edit' ? countSelected(selection) : step.plan.names.length;
	/** Runs one act at a time, and shows how far it is. */
	const run = async (act: () => Promise<void>) => {
		setError(null);
		setAnswered(0);
		await act();
		setAnswered(null);
	};
	const preview = (change: BulkChange) =>
		run(async () => {
			const plan = await planBulkEdit(selection, change);
			const result = plan.ok ? await previewBulkEdit(plan.value, setAnswered) : plan;
			if (plan.ok && result.ok) setStep({ kind: 'preview', plan: plan.value, result: result.value });
			else if (!result.ok) setError(result.error);
		});
	const apply = (plan: BulkEditPlan, edit: string, from: BulkEditProgress<number>) =>
		run(async () => {
			setStep({ kind: 'applied', plan, edit, progress: await applyBulkEdit(plan, edit, from, setAnswered) });
			onChanged();
		});
	const undo = (plan: BulkEditPlan, edit: string, from: BulkEditProgress<string>) =>
		run(async () => {
			const progress = await undoBulkEdit(edit, 'store', from, setAnswered);
			if (progress.result === null && progress.error !== null) return setError(progress.error);
			setStep({ kind: 'undone', plan, edit, progress });
			onChanged();
		});
	return (
		<section class="card pad stack bulk-edit" aria-labelledby="bulk-edit">
			<h2 id="bulk-edit" tabIndex={-1} ref={heading}>
				{describeStep(step, count)}
			</h2>
			<BulkEditForm
				isShown={step.kind === 'edit'}
				isAnySelected={count > 0}
				busy={busy}
				preview={(change) => void preview(change)}
				close={close}
			/>
			{step.kind === 'preview' ? <BulkEditSummary result={step.result} isUndo={false} /> : null}
			{step.kind === 'applied' || step.kind === 'undone' ? (
				<>
					{step.progress.result === null ? null : <BulkEditSummary result={step.progress.result} isUndo={step.kind === 'undone'} />}
					{step.progress.error === null ? null : <StoppedNotice error={step.progress.error} />}
				</>
			) : null}
			{busy ? <p role="status">{`${answered.toLocaleString('en')} of ${count.toLocaleString('en')}…`}</p> : null}
			{error === null ? null : <ErrorNotice error={error} />}
			{step.kind === 'preview' ? (
				<div class="buttons">
					<button
						type="button"
						disabled={busy || step.result.changed === 0}
						onClick={() => void apply(step.plan, step.result.edit, beginning(0))}
					>
						Change {step.result.changed.toLocaleString('en')} {step.result.changed === 1 ? 'record' : 'records'}
					</button>
					<button type="button" class="quiet" disabled={busy} onClick={() => setStep({ kind: 'edit' })}>
						Back
					</button>
				</div>
			) : null}
			{step.kind === 'applied' || step.kind === 'undone' ? (
				<div class="buttons">
					{step.progress.error === null ? null : (
						<button
							type="button"
							disabled={busy}
							onClick={() =>
								void (step.kind === 'applied' ? apply(step.plan, step.edit, step.progress) : undo(step.plan, step.edit, step.progress))
							}
						>
							Go on
						</button>
					)}
					<button type="button" class={step.progress.error === null ? undefined : 'quiet'} disabled={busy} onClick={close}>
						Close
					</button>
					{step.kind === 'applied' && (step.progress.error !== null || (step.progress.result?.changed ?? 0) > 0) ? (
						<button type="button" class="quiet" disabled={busy} onClick={() => void undo(step.plan, step.edit, beginning(''))}>
							Undo all
						</button>
					) : null}
				</div>
			) : null}
		</section>
	);
}

function describeStep(step: Step, count: number): string {
	switch (step.kind) {
		case 'edit':
		case 'preview':
			return `Edit ${count.toLocaleString('en')} ${count === 1 ? 'record' : 'records'}`;
		case 'applied':
			return step.progress.error === null ? 'Changed' : 'Stopped before the end';
		case 'undone':
			return step.progress.error === null ? 'Undone' : 'Stopped before the end';
	}
}
