/** The audit log: every change that was written, newest first. */

import { useState } from 'preact/hooks';
import { consolePath } from '../../../contract/console-routes.ts';
import { roleAllows } from '../../../contract/roles.ts';
import { withoutBulkEditMark } from '../../../model/bulk-edit-note.ts';
import { type ApiError, callApi, type OperationOutput } from '../api-client.ts';
import { ActorName } from '../components/actor-name.tsx';
import { DottedName } from '../components/dotted-name.tsx';
import { LocalTime } from '../components/local-time.tsx';
import { ErrorNotice, QueryNotice } from '../components/status-notices.tsx';
import { navigate } from '../console-router.ts';
import type { Session } from '../current-session.ts';
import { undoBulkEdit } from '../domains/apply-bulk-edit.ts';
import { BulkEditSummary } from '../domains/bulk-edit-panel.tsx';
import { LabelledField } from '../form/labelled-field.tsx';
import { PageLayout } from '../layout/page-layout.tsx';
import { useApiQuery } from '../use-api-query.ts';
import { ACT_LABELS } from './act-labels.ts';
import { type AuditLine, groupAuditLines } from './audit-groups.ts';

/** Many lines at once, because those of one act are shown as one. */
const PAGE_SIZE = 500;

export function AuditPage({ query, session }: { readonly query: URLSearchParams; readonly session: Session }) {
	const domain = query.get('domain') ?? '';
	const before = query.get('before') ?? '';
	const [typed, setTyped] = useState(domain);
	const { result, refetch } = useApiQuery(query.toString(), () => callApi('readAudit', { query: { domain, before, limit: PAGE_SIZE } }));
	const show = (search: Readonly<Record<string, string>>) => {
		const next = new URLSearchParams(search);
		for (const [name, value] of [...next]) if (value === '') next.delete(name);
		navigate(next.size === 0 ? consolePath('audit') : `${consolePath('audit')}?${next}`);
	};
	return (
		<PageLayout title="Audit log">
			<form
				class="filters"
				aria-label="Filter"
				onSubmit={(event) => {
					event.preventDefault();
					show({ domain: typed.trim() });
				}}
			>
				<LabelledField id="audit-domain" title="Domain">
					{(control) => (
						<input
							{...control}
							type="search"
							autocapitalize="none"
							placeholder="All domains"
							value={typed}
							onInput={(event) => setTyped(event.currentTarget.value)}
						/>
					)}
				</LabelledField>
				<button type="submit" class="quiet">
					Filter
				</button>
			</form>
			<QueryNotice result={result} refetch={refetch} />
			{result?.ok ? (
				<>
					<AuditTable lines={result.value.lines} mayWrite={roleAllows(session.role, 'write')} refetch={refetch} />
					<div class="pages">
						{before === '' ? null : (
							<button type="button" class="quiet" onClick={() => show({ domain })}>
								Newest
							</button>
						)}
						{result.value.next === null ? null : (
							<button type="button" class="quiet" onClick={() => show({ domain, before: result.value.next ?? '' })}>
								Older
							</button>
						)}
					</div>
				</>
			) : null}
		</PageLayout>
	);
}

interface AuditTableProps {
	readonly lines: readonly AuditLine[];
	readonly mayWrite: boolean;
	readonly refetch: () => void;
}

function AuditTable({ lines, mayWrite, refetch }: AuditTableProps) {
	if (lines.length === 0) return <p class="note">No changes yet.</p>;
	return (
		<div class="card list">
			<table>
				<caption class="hidden">Changes, newest first</caption>
				<thead>
					<tr>
						<th scope="col">Time</th>
						<th scope="col">User</th>
						<th scope="col">Action</th>
						<th scope="col">Domain</th>
						<th scope="col">Details</th>
					</tr>
				</thead>
				<tbody>
					{groupAuditLines(lines).map(({ lines: [first, ...others], bulkEdit }) => (
						<tr key={first.id}>
							<td>
								<LocalTime at={first.at} />
							</td>
							<td data-of="User">
								<ActorName who={first.who} kind={first.kind} token={first.token} />
							</td>
							<td data-of="Action">{ACT_LABELS[first.act]}</td>
							<td data-of="Domain">
								{others.length === 0 ? <DomainLink name={first.domain} /> : <DomainList lines={[first, ...others]} />}
							</td>
							<td data-of="Details">
								{withoutBulkEditMark(first.detail) || (bulkEdit === null ? null : 'Bulk edit')}
								{bulkEdit !== null && mayWrite ? (
									<>
										{' '}
										<UndoBulkEdit edit={bulkEdit} refetch={refetch} />
									</>
								) : null}
							</td>
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}

function DomainLink({ name }: { readonly name: string | null }) {
	if (name === null) return null;
	return (
		<a class="host" href={consolePath('history', name)}>
			<DottedName text={name} />
		</a>
	);
}

function DomainList({ lines }: { readonly lines: readonly AuditLine[] }) {
	return (
		<details>
			<summary>{lines.length.toLocaleString('en')} domains</summary>
			<ul class="plain">
				{lines.map(({ id, domain }) => (
					<li key={id}>
						<DomainLink name={domain} />
					</li>
				))}
			</ul>
		</details>
	);
}

/** Says first what the undo would change, and does it at the second click. */
function UndoBulkEdit({ edit, refetch }: { readonly edit: string; readonly refetch: () => void }) {
	const [preview, setPreview] = useState<OperationOutput<'undoBulkEdit'> | null>(null);
	const [error, setError] = useState<ApiError | null>(null);
	const look = async () => {
		const response = await callApi('undoBulkEdit', { path: { edit }, query: { dry: true }, body: { note: '' } });
		setPreview(response.ok ? response.value : null);
		setError(response.ok ? null : response.error);
	};
	const undo = async () => {
		const response = await undoBulkEdit(edit);
		setError(response.ok ? null : response.error);
		if (response.ok) refetch();
	};
	if (error !== null) return <ErrorNotice error={error} />;
	if (preview === null)
		return (
			<button type="button" class="quiet small" onClick={() => void look()}>
				Undo…
			</button>
		);
	return (
		<div class="stack">
			<BulkEditSummary result={preview} isUndo />
			<div class="buttons">
				<button type="button" class="danger small" disabled={preview.changed === 0} onClick={() => void undo()}>
					Undo
				</button>
				<button type="button" class="quiet small" onClick={() => setPreview(null)}>
					Cancel
				</button>
			</div>
		</div>
	);
}
