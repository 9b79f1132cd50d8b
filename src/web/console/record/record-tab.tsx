/** The form, with its JSON and what clients would get beside it; and everything that can come between a draft and its saving. */
import { useMemo, useState } from 'preact/hooks';
import type { DomainView, WriteView } from '../../../contract/views.ts';
import type { ServiceRecord } from '../../../model/record.ts';
import type { RecordName } from '../../../model/record-name.ts';
import { type ApiError, type ApiResult, callApi } from '../api-client.ts';
import { FormContext, fieldId } from '../form/form-context.ts';
import { RecordForm } from '../form/record-form.tsx';
import { ErrorNotice } from '../layout/page-layout.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { ExternalEditNotice } from './external-edit-notice.tsx';
import { setAtPath } from './json-path.ts';
import { MergeConflictPanel } from './merge-conflict.tsx';
import type { RecordEditor } from './record-editor.ts';
import { SaveBar } from './save-bar.tsx';
import { SaveSummary } from './save-summary.tsx';
import { SidePanel } from './side-panel.tsx';

interface RecordTabProps {
	readonly name: RecordName;
	readonly view: DomainView;
	readonly setView: (view: DomainView) => void;
	readonly editing: RecordEditor;
	readonly mayWrite: boolean;
}

export function RecordTab({ name, view, setView, editing, mayWrite }: RecordTabProps) {
	const { draft: kept, update, reset, isDirty, parsed, warnings } = editing;
	const [written, setWritten] = useState<WriteView | null>(null);
	const [refusal, setRefusal] = useState<ApiError | null>(null);
	const [busy, setBusy] = useState(false);

	const write = async (asked: ApiResult<WriteView>) => {
		setBusy(true);
		const answered = await asked;
		setBusy(false);
		if (answered.ok) {
			setView(answered.value);
			reset(answered.value);
			setWritten(answered.value);
			setRefusal(null);
			return;
		}
		const { error } = answered;
		setWritten(null);
		if (error.current !== undefined) setView(error.current);
		// These are shown with what can be done about them; without a draft there is nothing to merge.
		const shownElsewhere = error.code === 'edited-outside' || (isDirty && (error.code === 'stale' || error.code === 'exists'));
		setRefusal(shownElsewhere ? null : error);
	};
	const put = (record: unknown, revision: number) =>
		write(
			callApi('putDomain', {
				path: { domain: name },
				ifRevision: revision === 0 ? 'create' : revision,
				// A draft may be no record yet: the service says so, field by field.
				body: { record: record as ServiceRecord, note: kept.note, ...(kept.tags === null ? {} : { tags: kept.tags }) },
			}),
		);
	const stale = isDirty && kept.revision !== view.revision;
	const form = useMemo(
		() => ({
			draft: kept.draft,
			set: (path: readonly string[], value: unknown) => update({ draft: setAtPath(kept.draft, path, value) }),
			// An empty form is not full of mistakes: nobody has begun.
			faults: parsed.ok || !isDirty ? [] : parsed.error,
			warnings,
			readOnly: !mayWrite,
		}),
		[kept.draft, parsed, isDirty, mayWrite],
	);
	return (
		<>
			{written === null ? null : <SaveSummary written={written} />}
			{refusal === null ? null : <ErrorNotice error={refusal} />}
			{view.outside === null ? null : (
				<ExternalEditNotice
					view={view}
					busy={busy}
					mayWrite={mayWrite}
					resolveEdit={(how) => void write(callApi(how, { path: { domain: name }, ifRevision: view.revision, body: { note: '' } }))}
				/>
			)}
			{stale ? (
				<MergeConflictPanel
					draft={kept}
					view={view}
					busy={busy}
					discard={() => reset(view)}
					applyMerge={(draft, then) => {
						update({ base: view.record, revision: view.revision, draft });
						if (then === 'save') void put(draft, view.revision);
					}}
				/>
			) : null}
			<RecordWarnings warnings={[...warnings, ...view.warnings.filter(({ code }) => code === 'alias-target' && !isDirty)]} />
			{view.outside !== null && view.record === null && !isDirty ? null : (
				<div class="editor">
					<FormContext.Provider value={form}>
						<RecordForm />
					</FormContext.Provider>
					<SidePanel name={name} view={view} editing={editing} readOnly={!mayWrite} />
				</div>
			)}
			{isDirty && mayWrite && !stale && view.outside === null ? (
				<SaveBar
					editing={editing}
					isNew={view.record === null}
					tags={view.latest?.tags ?? []}
					busy={busy}
					save={() => void put(kept.draft, kept.revision)}
					discard={() => {
						reset(view);
						setWritten(null);
						setRefusal(null);
					}}
				/>
			) : null}
			{mayWrite && view.record !== null && !isDirty ? (
				<DeleteDialog
					name={name}
					remove={(note) => void write(callApi('deleteDomain', { path: { domain: name }, ifRevision: view.revision, query: { note } }))}
				/>
			) : null}
		</>
	);
}

function RecordWarnings({
	warnings,
}: {
	readonly warnings: readonly { readonly path: string; readonly text: string; readonly code: string }[];
}) {
	if (warnings.length === 0) return null;
	return (
		<section class="warnings" aria-labelledby="warnings">
			<h2 id="warnings">{warnings.length === 1 ? 'One warning' : `${warnings.length} warnings`}</h2>
			<ul>
				{warnings.map(({ path, text, code }) => (
					<li key={code + path}>
						{text} <a href={`#${fieldId(path)}`}>{path}</a>
					</li>
				))}
			</ul>
		</section>
	);
}
