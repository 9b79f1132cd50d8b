/** The audit trail: every write, newest first. */
import { useState } from 'preact/hooks';
import { consolePath } from '../../../contract/console-routes.ts';
import { callApi, type OperationOutput } from '../api-client.ts';
import { navigate } from '../console-router.ts';
import { ErrorNotice, LoadingNotice, LocalTime, PageLayout } from '../layout/page-layout.tsx';
import { useApiQuery } from '../use-api-query.ts';

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
		<PageLayout title="Audit">
			<form
				class="filters"
				aria-label="Filter"
				onSubmit={(event) => {
					event.preventDefault();
					show({ domain: typed.trim() });
				}}
			>
				<div class="input">
					<label for="audit-domain">Domain</label>
					<input
						id="audit-domain"
						type="search"
						autocapitalize="none"
						placeholder="all"
						value={typed}
						onInput={(event) => setTyped(event.currentTarget.value)}
					/>
				</div>
				<button type="submit" class="quiet">
					Show
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
	if (lines.length === 0) return <p class="note">Nothing has been written.</p>;
	return (
		<div class="card list">
			<table>
				<caption class="hidden">Writes, newest first</caption>
				<thead>
					<tr>
						<th scope="col">When</th>
						<th scope="col">Who</th>
						<th scope="col">What</th>
						<th scope="col">Domain</th>
						<th scope="col">Detail</th>
					</tr>
				</thead>
				<tbody>
					{lines.map(({ id, at, who, act, domain, detail }) => (
						<tr key={id}>
							<td>
								<LocalTime at={at} />
							</td>
							<td data-of="Who">{who}</td>
							<td data-of="What">{act}</td>
							<td data-of="Domain">{domain === null ? null : <a href={consolePath('history', domain)}>{domain}</a>}</td>
							<td data-of="Detail">{detail}</td>
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}
