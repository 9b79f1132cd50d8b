/** The audit log: every change that was written, newest first. */
import { useState } from 'preact/hooks';
import { consolePath } from '../../../contract/console-routes.ts';
import { callApi, type OperationOutput } from '../api-client.ts';
import { LocalTime } from '../components/local-time.tsx';
import { ErrorNotice, LoadingNotice } from '../components/status-notices.tsx';
import { navigate } from '../console-router.ts';
import { LabelledField } from '../form/labelled-field.tsx';
import { PageLayout } from '../layout/page-layout.tsx';
import { useApiQuery } from '../use-api-query.ts';
import { ACT_LABELS } from './act-labels.ts';

export function AuditPage({ query }: { readonly query: URLSearchParams }) {
	const domain = query.get('domain') ?? '';
	const before = query.get('before') ?? '';
	const [typed, setTyped] = useState(domain);
	const { result, refetch } = useApiQuery(query.toString(), () => callApi('readAudit', { query: { domain, before, limit: 50 } }));
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
			{result === null ? <LoadingNotice /> : !result.ok ? <ErrorNotice error={result.error} retry={refetch} /> : null}
			{result?.ok ? (
				<>
					<AuditTable lines={result.value.lines} />
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

function AuditTable({ lines }: { readonly lines: OperationOutput<'readAudit'>['lines'] }) {
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
					{lines.map(({ id, at, who, act, domain, detail }) => (
						<tr key={id}>
							<td>
								<LocalTime at={at} />
							</td>
							<td data-of="User">{who}</td>
							<td data-of="Action">{ACT_LABELS[act]}</td>
							<td data-of="Domain">{domain === null ? null : <a href={consolePath('history', domain)}>{domain}</a>}</td>
							<td data-of="Details">{detail}</td>
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}
