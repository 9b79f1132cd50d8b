/** The tab where a record is edited: the form, its previews, and the notices for conflicts, external edits and warnings. */
import { useMemo, useState } from 'preact/hooks';
import type { DomainView, WriteView } from '../../../contract/views.ts';
import { setAtPath } from '../../../lib/json/json-path.ts';
import type { ServiceRecord } from '../../../model/record.ts';
import type { RecordName } from '../../../model/record-name.ts';
import { type ApiError, type ApiResult, callApi } from '../api-client.ts';
import { ErrorNotice } from '../components/status-notices.tsx';
import { fieldLabel } from '../form/field-metadata.ts';
import { FormContext, fieldId } from '../form/form-context.ts';
import { RecordForm } from '../form/record-form.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { ExternalEditNotice } from './external-edit-notice.tsx';
import { MergeConflictPanel } from './merge-conflict.tsx';
import type { RecordEditor, SentDraft } from './record-editor.ts';
import { SaveBar } from './save-bar.tsx';
import { SaveSummary } from './save-summary.tsx';
import { SidePanel } from './side-panel.tsx';

/** Warnings about an alias that need its target, which only the service has. */
const ALIAS_WARNINGS: ReadonlySet<string> = new Set(['alias-target', 'alias-enforces']);

interface RecordTabProps {
	readonly name: RecordName;
	readonly view: DomainView;
	readonly setView: (view: DomainView) => void;
	readonly editor: RecordEditor;
	readonly mayWrite: boolean;
}

export function RecordTab({ name, view, setView, editor, mayWrite }: RecordTabProps) {
	const { draft, update, reset, saved, isDirty, parsed, warnings } = editor;
	const [written, setWritten] = useState<WriteView | null>(null);
	const [error, setError] = useState<ApiError | null>(null);
	const [busy, setBusy] = useState(false);

	/** @param sent the draft that is saved; null for other writes, which leave an unsaved draft as it is */
	const write = async (request: ApiResult<WriteView>, sent: SentDraft | null) => {
		setBusy(true);
		const response = await request;
		setBusy(false);
		if (response.ok) {
			setView(response.value);
			if (sent !== null) saved(response.value, sent);
			setWritten(response.value);
			setError(null);
			return;
		}
		const { error: failure } = response;
		setWritten(null);
		if (failure.current !== undefined) setView(failure.current);
		// These errors have notices of their own, which offer a way out. Without unsaved changes there is nothing to merge, so the error is shown.
		const hasOwnNotice = failure.code === 'edited-outside' || (isDirty && (failure.code === 'stale' || failure.code === 'exists'));
		setError(hasOwnNotice ? null : failure);
	};
	const put = (record: unknown, revision: number) =>
		write(
			callApi('putDomain', {
				path: { domain: name },
				ifRevision: revision === 0 ? 'create' : revision,
				// A draft may be invalid; the service then answers with the errors of each field.
				body: { record: record as ServiceRecord, note: draft.note, ...(draft.tags === null ? {} : { tags: draft.tags }) },
			}),
			{ draft: record, note: draft.note, tags: draft.tags },
		);
	const isOutdated = isDirty && draft.revision !== view.revision;
	const form = useMemo(
		() => ({
			draft: draft.draft,
			set: (path: readonly string[], value: unknown) => update({ draft: setAtPath(draft.draft, path, value) }),
			// A new form is empty, which is no reason to show errors before anything was typed.
			faults: parsed.ok || !isDirty ? [] : parsed.error,
			warnings,
			readOnly: !mayWrite,
		}),
		[draft.draft, parsed, isDirty, mayWrite],
	);
	return (
		<>
			{written === null ? null : <SaveSummary written={written} />}
			{error === null ? null : <ErrorNotice error={error} />}
			{view.outside === null ? null : (
				<ExternalEditNotice
					view={view}
					busy={busy}
					mayWrite={mayWrite}
					resolveEdit={(how) => void write(callApi(how, { path: { domain: name }, ifRevision: view.revision, body: { note: '' } }), null)}
				/>
			)}
			{isOutdated ? (
				<MergeConflictPanel
					draft={draft}
					view={view}
					busy={busy}
					discard={() => reset(view)}
					applyMerge={(merged, then) => {
						update({ base: view.record, revision: view.revision, draft: merged });
						if (then === 'save') void put(merged, view.revision);
					}}
				/>
			) : null}
			<RecordWarnings warnings={[...warnings, ...view.warnings.filter(({ code }) => ALIAS_WARNINGS.has(code) && !isDirty)]} />
			{view.outside !== null && view.record === null && !isDirty ? null : (
				<div class="editor">
					<FormContext.Provider value={form}>
						<RecordForm />
					</FormContext.Provider>
					<SidePanel name={name} view={view} editor={editor} readOnly={!mayWrite} />
				</div>
			)}
			{isDirty && mayWrite && !isOutdated && view.outside === null ? (
				<SaveBar
					name={name}
					editor={editor}
					isNew={view.record === null}
					tags={view.latest?.tags ?? []}
					busy={busy}
					save={() => void put(draft.draft, draft.revision)}
					discard={() => {
						reset(view);
						setWritten(null);
						setError(null);
					}}
				/>
			) : null}
			{mayWrite && view.record !== null && !isDirty ? (
				<DeleteDialog
					name={name}
					remove={(note) =>
						void write(callApi('deleteDomain', { path: { domain: name }, ifRevision: view.revision, query: { note } }), null)
					}
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
			<h2 id="warnings">{warnings.length === 1 ? 'Warning' : 'Warnings'}</h2>
			<ul>
				{warnings.map(({ path, text, code }) => (
					<li key={code + path}>
						{text} <a href={`#${fieldId(path)}`}>{fieldLabel(path)}</a>
					</li>
				))}
			</ul>
		</section>
	);
}
