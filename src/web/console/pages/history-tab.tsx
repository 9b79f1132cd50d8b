/** Every revision: who, when, why, what it changed; and the way back. */
import { useState } from 'preact/hooks';
import type { DomainView, RevisionView, WriteView } from '../../../contract/views.ts';
import type { RecordName } from '../../../model/record-name.ts';
import { type ApiError, callApi, type OperationOutput } from '../api-client.ts';
import { ErrorNotice, LoadingNotice, LocalTime } from '../layout/page-layout.tsx';
import { FieldChanges } from '../record/field-changes.tsx';
import type { RecordEditor } from '../record/record-editor.ts';
import { SaveSummary } from '../record/save-summary.tsx';
import { useApiQuery } from '../use-api-query.ts';

interface HistoryTabProps {
	readonly name: RecordName;
	readonly view: DomainView;
	readonly setView: (view: DomainView) => void;
	readonly editing: RecordEditor;
	readonly mayWrite: boolean;
}

const PAGE_SIZE = 20;

export function HistoryTab({ name, view, setView, editing, mayWrite }: HistoryTabProps) {
	const [before, setBefore] = useState<string | null>(null);
	const [written, setWritten] = useState<WriteView | null>(null);
	const [refusal, setRefusal] = useState<ApiError | null>(null);
	const { result, refetch } = useApiQuery(`${view.revision} ${before}`, () =>
		callApi('readHistory', { path: { domain: name }, query: { before, limit: PAGE_SIZE } }),
	);
	const restore = async (revision: number) => {
		const answered = await callApi('restoreDomain', { path: { domain: name }, ifRevision: view.revision, body: { revision, note: '' } });
		setWritten(answered.ok ? answered.value : null);
		setRefusal(answered.ok ? null : answered.error);
		const now = answered.ok ? answered.value : answered.error.current;
		if (now === undefined) return;
		setView(now);
		setBefore(null);
		// What was being written stays, and is merged with what has come back.
		if (!editing.isDirty) editing.reset(now);
	};
	if (result === null) return <LoadingNotice />;
	if (!result.ok) return <ErrorNotice error={result.error} retry={refetch} />;
	const { revisions, next } = result.value;
	return (
		<div class="stack">
			{written === null ? null : <SaveSummary written={written} />}
			{refusal === null ? null : <ErrorNotice error={refusal} />}
			{revisions.length === 0 ? <p class="note">Nothing has been saved under this name.</p> : null}
			<ol class="history">
				{revisions.map((revision) => (
					<li key={revision.revision} class="card pad">
						<RevisionEntry
							name={name}
							revision={revision}
							restore={mayWrite && revision.revision !== view.revision ? () => void restore(revision.revision) : null}
						/>
					</li>
				))}
			</ol>
			<div class="pages">
				{before === null ? null : (
					<button type="button" class="quiet" onClick={() => setBefore(null)}>
						Newest
					</button>
				)}
				{next === null ? null : (
					<button type="button" class="quiet" onClick={() => setBefore(next)}>
						Older
					</button>
				)}
			</div>
		</div>
	);
}

const ACT_LABELS = {
	put: 'saved',
	delete: 'deleted',
	restore: 'went back',
	adopt: 'adopted a copy edited outside',
	overwrite: 'overwrote a copy edited outside',
	import: 'imported',
	mint: 'minted',
	revoke: 'revoked',
	claim: 'claimed',
} as const satisfies Record<RevisionView['act'], string>;

interface RevisionEntryProps {
	readonly name: RecordName;
	readonly revision: RevisionView;
	/** Null where there is nothing to go back to, or no leave. */
	readonly restore: (() => void) | null;
}

function RevisionEntry({ name, revision: { revision, at, author, act, note, tags }, restore }: RevisionEntryProps) {
	const [open, setOpen] = useState(false);
	return (
		<>
			<div class="entry">
				<h2>Revision {revision}</h2>
				<p class="soft">
					<strong>{author}</strong> {ACT_LABELS[act]}, <LocalTime at={at} />
				</p>
				{restore === null ? null : (
					<button type="button" class="quiet small" onClick={restore}>
						Restore <span class="hidden">revision {revision}</span>
					</button>
				)}
			</div>
			{note === '' ? null : <p class="why">{note}</p>}
			{tags.map((tag) => (
				<span key={tag} class="tag">
					{tag}
				</span>
			))}
			<details onToggle={(event) => setOpen(event.currentTarget.open)}>
				<summary>What it changed</summary>
				{open ? <RevisionChanges name={name} revision={revision} /> : null}
			</details>
		</>
	);
}

function RevisionChanges({ name, revision }: { readonly name: RecordName; readonly revision: number }) {
	const { result, refetch } = useApiQuery(`${name} ${revision}`, async () => {
		const path = (number: number) => ({ path: { domain: name, revision: number } });
		const after = await callApi('readRevision', path(revision));
		if (!after.ok || revision === 1) return after.ok ? { ok: true as const, value: { before: null, after: after.value } } : after;
		const before = await callApi('readRevision', path(revision - 1));
		// The one before may be older than what is kept.
		if (!before.ok && before.error.code !== 'not-found') return before;
		return { ok: true as const, value: { before: before.ok ? before.value : null, after: after.value } };
	});
	if (result === null) return <LoadingNotice />;
	if (!result.ok) return <ErrorNotice error={result.error} retry={refetch} />;
	const { before, after }: { before: OperationOutput<'readRevision'> | null; after: OperationOutput<'readRevision'> } = result.value;
	return <FieldChanges before={before?.record ?? null} after={after.record} />;
}
