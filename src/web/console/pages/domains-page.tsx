/** All domains: searched, paged, each with how it stands. */
import { useEffect, useState } from 'preact/hooks';
import { consolePath } from '../../../contract/console-routes.ts';
import { roleAllows } from '../../../contract/roles.ts';
import { utcDay } from '../../../lib/time.ts';
import { callApi, type OperationOutput } from '../api-client.ts';
import { StatusBadge } from '../components/status-badge.tsx';
import { navigate } from '../console-router.ts';
import type { Session } from '../current-session.ts';
import { ErrorNotice, LoadingNotice, LocalTime, PageLayout } from '../layout/page-layout.tsx';
import { readDraftNames } from '../record/draft-storage.ts';
import { type RecordStatus, recordStatuses } from '../record/record-status.ts';
import { useApiQuery } from '../use-api-query.ts';

const PAGE_SIZE = 25;
/** Records asked for at a time, for how they stand. */
const CONCURRENT_REQUESTS = 4;

const STATE_FILTERS = [
	['live', 'Live'],
	['deleted', 'Deleted'],
	['outside', 'Only in KV'],
	['any', 'All'],
] as const;

type ListedDomain = OperationOutput<'listDomains'>['domains'][number];

export function DomainsPage({ query, session }: { readonly query: URLSearchParams; readonly session: Session }) {
	const prefix = query.get('prefix') ?? '';
	const tag = query.get('tag') ?? '';
	const state = query.get('state') ?? 'live';
	const after = query.get('after') ?? '';
	const { result, refetch } = useApiQuery(query.toString(), () =>
		callApi('listDomains', { query: { prefix, tag, state, after, limit: PAGE_SIZE } }),
	);
	const search = (changed: Readonly<Record<string, string>>) => {
		const next = new URLSearchParams({ prefix, tag, state, ...changed });
		for (const [name, value] of [...next]) if (value === '' || (name === 'state' && value === 'live')) next.delete(name);
		navigate(
			next.size === 0 ? consolePath('domains') : `${consolePath('domains')}?${next}`,
			changed.after === undefined ? 'replace' : 'push',
		);
	};
	const unsaved = readDraftNames();
	const create = roleAllows(session.role, 'write') ? (
		<a class="button" href={consolePath('new')}>
			New domain
		</a>
	) : null;
	return (
		<PageLayout title="Domains" aside={create}>
			<search class="filters">
				<div class="input">
					<label for="prefix">Name begins with</label>
					<input
						id="prefix"
						type="search"
						value={prefix}
						placeholder="example"
						onInput={(event) => search({ prefix: event.currentTarget.value })}
					/>
				</div>
				<div class="input">
					<label for="tag">Tag</label>
					<input id="tag" type="search" value={tag} placeholder="any" onInput={(event) => search({ tag: event.currentTarget.value })} />
				</div>
				<div class="input">
					<label for="state">State</label>
					<select id="state" value={state} onChange={(event) => search({ state: event.currentTarget.value })}>
						{STATE_FILTERS.map(([value, text]) => (
							<option key={value} value={value}>
								{text}
							</option>
						))}
					</select>
				</div>
			</search>
			{result === null ? <LoadingNotice /> : !result.ok ? <ErrorNotice error={result.error} retry={refetch} /> : null}
			{result?.ok ? (
				<>
					<DomainTable
						entries={result.value.domains}
						unsaved={unsaved}
						isFiltered={prefix !== '' || tag !== '' || state !== 'live' || after !== ''}
					/>
					<div class="pages">
						{after === '' ? null : (
							<button type="button" class="quiet" onClick={() => search({ after: '' })}>
								First page
							</button>
						)}
						{result.value.next === null ? null : (
							<button type="button" class="quiet" onClick={() => search({ after: result.value.next ?? '' })}>
								Next page
							</button>
						)}
					</div>
				</>
			) : null}
		</PageLayout>
	);
}

interface DomainTableProps {
	readonly entries: readonly ListedDomain[];
	readonly unsaved: readonly string[];
	readonly isFiltered: boolean;
}

function DomainTable({ entries, unsaved, isFiltered }: DomainTableProps) {
	const stands = useRecordStatuses(entries);
	if (entries.length === 0)
		return <p class="note">{isFiltered ? 'No domain is like that.' : 'There is no domain yet. Begin with a new one.'}</p>;
	return (
		<div class="card list">
			<table>
				<thead>
					<tr>
						<th scope="col">Domain</th>
						<th scope="col">State</th>
						<th scope="col">Revision</th>
						<th scope="col">Saved</th>
					</tr>
				</thead>
				<tbody>
					{entries.map((entry) => (
						<tr key={entry.domain}>
							<th scope="row">
								<a href={consolePath('domain', entry.domain)}>{entry.domain}</a>
								{entry.tags.map((tag) => (
									<span key={tag} class="tag">
										{tag}
									</span>
								))}
							</th>
							<td>
								<span class="badges">
									{(stands.get(entry.domain) ?? []).map((standing) => (
										<StatusBadge key={standing.code} status={standing} />
									))}
									{unsaved.includes(entry.domain) ? (
										<StatusBadge status={{ tone: 'warn', text: 'Unsaved changes', explanation: 'In this browser, from before.' }} />
									) : null}
								</span>
							</td>
							<td data-of="Revision">{entry.revision}</td>
							<td data-of="Saved">
								<LocalTime at={entry.at} />
							</td>
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}

/** The list knows who is there; how each stands, only its keeper knows. Asked for the page that shows, a few at a time. */
function useRecordStatuses(entries: readonly ListedDomain[]): ReadonlyMap<string, readonly RecordStatus[]> {
	const [stands, setStands] = useState<ReadonlyMap<string, readonly RecordStatus[]>>(new Map());
	const key = entries.map(({ domain, revision }) => `${domain} ${revision}`).join('\n');
	useEffect(() => {
		let over = false;
		const waiting = [...entries];
		const work = async () => {
			for (let entry = waiting.shift(); entry !== undefined && !over; entry = waiting.shift()) {
				const { domain } = entry;
				const answered = await callApi('readDomain', { path: { domain } });
				const today = utcDay(Date.now());
				if (answered.ok && !over) setStands((known) => new Map(known).set(domain, recordStatuses(answered.value, today)));
			}
		};
		for (let at = 0; at < CONCURRENT_REQUESTS; at++) void work();
		return () => {
			over = true;
		};
	}, [key]);
	return stands;
}
