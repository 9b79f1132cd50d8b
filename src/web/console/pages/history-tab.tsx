/** Every revision of a record: who saved it, when, why and what changed, with a button to restore it. */

import { useState } from 'preact/hooks';
import type { DomainView, RevisionView, WriteView } from '../../../contract/views.ts';
import { ok } from '../../../lib/result.ts';
import type { RecordName } from '../../../model/record-name.ts';
import { type ApiError, type ApiResult, callApi } from '../api-client.ts';
import { ActorName } from '../components/actor-name.tsx';
import { LocalTime } from '../components/local-time.tsx';
import { ErrorNotice, QueryNotice } from '../components/status-notices.tsx';
import { FieldChanges, JsonValue } from '../record/field-changes.tsx';
import { RestoreDialog } from '../record/restore-dialog.tsx';
import { SaveSummary } from '../record/save-summary.tsx';
import { useApiQuery } from '../use-api-query.ts';
import { ACT_LABELS } from './act-labels.ts';

interface HistoryTabProps {
	readonly name: RecordName;
	readonly view: DomainView;
	readonly setView: (view: DomainView) => void;
	readonly mayWrite: boolean;
}

const PAGE_SIZE = 20;

export function HistoryTab({ name, view, setView, mayWrite }: HistoryTabProps) {
	const [before, setBefore] = useState<string | null>(null);
	const [written, setWritten] = useState<WriteView | null>(null);
	const [error, setError] = useState<ApiError | null>(null);
	const { result, refetch } = useApiQuery(`${view.revision} ${before}`, () =>
		callApi('readHistory', { path: { domain: name }, query: { before, limit: PAGE_SIZE } }),
	);
	const restore = async (revision: number) => {
		const response = await callApi('restoreDomain', { path: { domain: name }, ifRevision: view.revision, body: { revision, note: '' } });
		setWritten(response.ok ? response.value : null);
		setError(response.ok ? null : response.error);
		const current = response.ok ? response.value : response.error.current;
		if (current === undefined) return;
		setView(current);
		setBefore(null);
	};
	if (!result?.ok) return <QueryNotice result={result} refetch={refetch} />;
	const { revisions, next } = result.value;
	return (
		<div class="stack">
			{written === null ? null : <SaveSummary written={written} />}
			{error === null ? null : <ErrorNotice error={error} />}
			{revisions.length === 0 ? <p class="note">No revisions yet.</p> : null}
			<ol class="history">
				{revisions.map((revision) => (
					<li key={revision.revision} class="card pad">
						<RevisionEntry
							name={name}
							revision={revision}
							current={view.record}
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

interface RevisionEntryProps {
	readonly name: RecordName;
	readonly revision: RevisionView;
	/** The record as it is now; null where it is deleted. */
	readonly current: DomainView['record'];
	/** Null for the current revision, and where the session may not write. */
	readonly restore: (() => void) | null;
}

function RevisionEntry({ name, revision: { revision, at, author, kind, token, act, note, tags }, current, restore }: RevisionEntryProps) {
	const [open, setOpen] = useState(false);
	return (
		<>
			<div class="entry">
				<h2>Revision {revision}</h2>
				<p class="soft">
					<ActorName who={author} kind={kind} token={token} /> {ACT_LABELS[act]}, <LocalTime at={at} />
				</p>
				{restore === null ? null : <RestoreDialog name={name} revision={revision} current={current} restore={restore} />}
			</div>
			{note === '' ? null : <p class="why">{note}</p>}
			{tags.length === 0 ? null : (
				<p class="badges">
					{tags.map((tag) => (
						<span key={tag} class="tag">
							{tag}
						</span>
					))}
				</p>
			)}
			<details onToggle={(event) => setOpen(event.currentTarget.open)}>
				<summary>Changes</summary>
				{open ? <RevisionChanges name={name} revision={revision} /> : null}
			</details>
		</>
	);
}

function RevisionChanges({ name, revision }: { readonly name: RecordName; readonly revision: number }) {
	const { result, refetch } = useApiQuery(`${name} ${revision}`, () => readRevisionAndPrevious(name, revision));
	if (!result?.ok) return <QueryNotice result={result} refetch={refetch} />;
	const { before, after } = result.value;
	if (before !== 'not-kept') return <FieldChanges before={before} after={after} />;
	return (
		<>
			<p class="hint">
				What changed is not known: revision {revision - 1} is no longer kept.
				{after === null ? ' This revision is a deletion.' : ` The record of revision ${revision}:`}
			</p>
			{after === null ? null : <JsonValue value={after} />}
		</>
	);
}

/** The records of a revision and of the one before it; null where there is none, because a revision was a deletion or is the first. */
async function readRevisionAndPrevious(
	name: RecordName,
	revision: number,
): ApiResult<{ readonly before: DomainView['record'] | 'not-kept'; readonly after: DomainView['record'] }> {
	const read = (number: number) => callApi('readRevision', { path: { domain: name, revision: number } });
	const after = await read(revision);
	if (!after.ok) return after;
	if (revision === 1) return ok({ before: null, after: after.value.record });
	const before = await read(revision - 1);
	if (before.ok) return ok({ before: before.value.record, after: after.value.record });
	return before.error.code === 'not-found' ? ok({ before: 'not-kept', after: after.value.record }) : before;
}
