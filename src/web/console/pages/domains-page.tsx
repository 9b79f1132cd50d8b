/** The list of all domains, with filters, pages and the state of each. */
import { useEffect, useState } from 'preact/hooks';
import { consolePath } from '../../../contract/console-routes.ts';
import { roleAllows } from '../../../contract/roles.ts';
import { utcDay } from '../../../lib/time.ts';
import { callApi, type OperationOutput } from '../api-client.ts';
import { LocalTime } from '../components/local-time.tsx';
import { StatusBadge } from '../components/status-badge.tsx';
import { ErrorNotice, LoadingNotice } from '../components/status-notices.tsx';
import { navigate } from '../console-router.ts';
import type { Session } from '../current-session.ts';
import { LabelledField } from '../form/labelled-field.tsx';
import { PageLayout } from '../layout/page-layout.tsx';
import { readDraftNames } from '../record/draft-storage.ts';
import { type RecordStatus, recordStatuses } from '../record/record-status.ts';
import { useApiQuery } from '../use-api-query.ts';

const PAGE_SIZE = 25;
/** How many records are loaded at once to show their state. */
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
	const draftNames = readDraftNames();
	const create = roleAllows(session.role, 'write') ? (
		<a class="button" href={consolePath('new')}>
			New domain
		</a>
	) : null;
	return (
		<PageLayout title="Domains" aside={create}>
			<search class="filters">
				<LabelledField id="prefix" title="Name starts with">
					{(control) => (
						<input
							{...control}
							type="search"
							value={prefix}
							placeholder="example"
							onInput={(event) => search({ prefix: event.currentTarget.value })}
						/>
					)}
				</LabelledField>
				<LabelledField id="tag" title="Tag">
					{(control) => (
						<input
							{...control}
							type="search"
							value={tag}
							placeholder="Any"
							onInput={(event) => search({ tag: event.currentTarget.value })}
						/>
					)}
				</LabelledField>
				<LabelledField id="state" title="State">
					{(control) => (
						<select {...control} value={state} onChange={(event) => search({ state: event.currentTarget.value })}>
							{STATE_FILTERS.map(([value, text]) => (
								<option key={value} value={value}>
									{text}
								</option>
							))}
						</select>
					)}
				</LabelledField>
			</search>
			{result === null ? <LoadingNotice /> : !result.ok ? <ErrorNotice error={result.error} retry={refetch} /> : null}
			{result?.ok ? (
				<>
					<DomainTable
						entries={result.value.domains}
						draftNames={draftNames}
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
	readonly draftNames: readonly string[];
	readonly isFiltered: boolean;
}

function DomainTable({ entries, draftNames, isFiltered }: DomainTableProps) {
	const statuses = useRecordStatuses(entries);
	if (entries.length === 0)
		return <p class="note">{isFiltered ? 'No matching domains.' : 'There are no domains yet. Create the first one.'}</p>;
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
									{(statuses.get(entry.domain) ?? []).map((status) => (
										<StatusBadge key={status.code} status={status} />
									))}
									{draftNames.includes(entry.domain) ? (
										<StatusBadge status={{ tone: 'warn', text: 'Unsaved changes', explanation: 'Saved in this browser only.' }} />
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

/** The state of each record shown. The list of domains does not have it, so each record is loaded, a few at a time. */
function useRecordStatuses(entries: readonly ListedDomain[]): ReadonlyMap<string, readonly RecordStatus[]> {
	const [statuses, setStatuses] = useState<ReadonlyMap<string, readonly RecordStatus[]>>(new Map());
	const key = entries.map(({ domain, revision }) => `${domain} ${revision}`).join('\n');
	useEffect(() => {
		let cancelled = false;
		const queue = [...entries];
		const loadNext = async () => {
			for (let entry = queue.shift(); entry !== undefined && !cancelled; entry = queue.shift()) {
				const { domain } = entry;
				const response = await callApi('readDomain', { path: { domain } });
				const today = utcDay(Date.now());
				if (response.ok && !cancelled) setStatuses((known) => new Map(known).set(domain, recordStatuses(response.value, today)));
			}
		};
		for (let at = 0; at < CONCURRENT_REQUESTS; at++) void loadNext();
		return () => {
			cancelled = true;
		};
	}, [key]);
	return statuses;
}
