/** The audit log: every change that was written, newest first. */

import { useState } from 'preact/hooks';
import { consolePath } from '../../../contract/console-routes.ts';
import { roleAllows } from '../../../contract/roles.ts';
import { withoutBulkEditMark } from '../../../model/bulk-edit-note.ts';
import { callApi } from '../api-client.ts';
import { ActorName } from '../components/actor-name.tsx';
import { useAddressText } from '../components/address-text.ts';
import { DottedName } from '../components/dotted-name.tsx';
import { LocalTime } from '../components/local-time.tsx';
import { ErrorNotice, QueryNotice } from '../components/status-notices.tsx';
import { navigate } from '../console-router.ts';
import type { Session } from '../current-session.ts';
import { type BulkEditProgress, beginning, undoBulkEdit } from '../domains/apply-bulk-edit.ts';
import { BulkEditSummary, StoppedNotice } from '../domains/bulk-edit-summary.tsx';
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
	const [typed, setTyped] = useAddressText(domain);
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

/** What the undo would change, and then what it has changed. */
interface UndoStep {
	readonly mode: 'preview' | 'store';
	readonly progress: BulkEditProgress<string>;
}

/** Says first what the undo would change, and does it at the second click. */
function UndoBulkEdit({ edit, refetch }: { readonly edit: string; readonly refetch: () => void }) {
	const [step, setStep] = useState<UndoStep | null>(null);
	const [answered, setAnswered] = useState<number | null>(null);
	const run = async (mode: UndoStep['mode'], from: BulkEditProgress<string>) => {
		setAnswered(0);
		const progress = await undoBulkEdit(edit, mode, from, setAnswered);
		setAnswered(null);
		setStep({ mode, progress });
		if (mode === 'store') refetch();
	};
	const busy = answered !== null;
	const progressNotice = busy ? <p role="status">{`${answered.toLocaleString('en')} answered…`}</p> : null;
	if (step === null)
		return (
			<>
				<button type="button" class="quiet small" disabled={busy} onClick={() => void run('preview', beginning(''))}>
					Undo…
				</button>
				{progressNotice}
			</>
		);
	const {
		mode,
		progress: { result, error },
	} = step;
	// A preview that did not come to its end says nothing of the rest, so there is nothing to confirm.
	const confirmable = mode === 'preview' && error === null ? result : null;
	return (
		<div class="stack">
			{result === null || (mode === 'preview' && error !== null) ? null : <BulkEditSummary result={result} isUndo />}
			{error === null ? null : mode === 'preview' ? <ErrorNotice error={error} /> : <StoppedNotice error={error} />}
			{progressNotice}
			<div class="buttons">
				{confirmable === null ? null : (
					<button
						type="button"
						class="danger small"
						disabled={busy || confirmable.changed === 0}
						onClick={() => void run('store', beginning(''))}
					>
						Undo
					</button>
				)}
				{mode === 'store' && error !== null ? (
					<button type="button" class="small" disabled={busy} onClick={() => void run('store', step.progress)}>
						Go on
					</button>
				) : null}
				<button type="button" class="quiet small" disabled={busy} onClick={() => setStep(null)}>
					{mode === 'preview' ? 'Cancel' : 'Close'}
				</button>
			</div>
		</div>
	);
}
