/** The list of all domains: search, order, selection, and changes of many at once. */
import { useEffect, useState } from 'preact/hooks';
import { consolePath } from '../../../contract/console-routes.ts';
import { roleAllows } from '../../../contract/roles.ts';
import { callApi } from '../api-client.ts';
import { useAddressText } from '../components/address-text.ts';
import { QueryNotice } from '../components/status-notices.tsx';
import { navigate } from '../console-router.ts';
import { ownTagOf, type Session } from '../current-session.ts';
import { LabelledField } from '../form/labelled-field.tsx';
import { PageLayout } from '../layout/page-layout.tsx';
import { DownloadExport } from '../pages/download-export.tsx';
import { useApiQuery } from '../use-api-query.ts';
import { type BulkSelection, countSelected } from './apply-bulk-edit.ts';
import { BulkEditPanel } from './bulk-edit-panel.tsx';
import { DomainTable } from './domain-table.tsx';

const PAGE_SIZE = 50;
/** Milliseconds without a key before a search is sent. */
const TYPING_PAUSE_MS = 150;

const STATE_FILTERS = [
	['live', 'Live'],
	['deleted', 'Deleted'],
	['outside', 'Only in KV'],
	['any', 'All'],
] as const;
const ORDERS = [
	['problems', 'Problems first'],
	['name', 'Name'],
	['saved', 'Last saved'],
] as const;

const DEFAULTS: Readonly<Record<string, string>> = { state: 'any', sort: 'problems' };

export function DomainsPage({ query, session }: { readonly query: URLSearchParams; readonly session: Session }) {
	const q = query.get('q') ?? '';
	const state = query.get('state') ?? 'any';
	const sort = query.get('sort') ?? 'problems';
	const after = query.get('after') ?? '';
	const { result, refetch } = useApiQuery(query.toString(), () =>
		callApi('listDomains', { query: { q, state, sort, after, count: true, limit: PAGE_SIZE } }),
	);
	const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
	// Everything that one search finds. Another search, as with the browser's Back button, selects nothing by itself.
	const [allOf, setAllOf] = useState<string | null>(null);
	const search = new URLSearchParams({ q, state }).toString();
	const isAllSelected = allOf === search;
	const [isEditing, setEditing] = useState(false);
	const show = (changed: Readonly<Record<string, string>>) => {
		// The address, and not what was rendered last: a search that is sent when the typing pauses must not undo a filter chosen since.
		const next = new URLSearchParams(location.search);
		next.delete('after');
		for (const [name, value] of Object.entries(changed)) next.set(name, value);
		for (const [name, value] of [...next]) if (value === '' || DEFAULTS[name] === value) next.delete(name);
		const href = next.size === 0 ? consolePath('domains') : `${consolePath('domains')}?${next}`;
		navigate(href, changed.after === undefined ? 'replace' : 'push');
		setAllOf(null);
	};
	const mayWrite = roleAllows(session.role, 'write');
	const total = result?.ok ? (result.value.total ?? null) : null;
	const selection: BulkSelection = isAllSelected
		? { kind: 'search', query: { q, state }, total: total ?? 0 }
		: { kind: 'names', names: [...selected] };
	const clear = () => {
		setSelected(new Set());
		setAllOf(null);
		setEditing(false);
	};
	return (
		<PageLayout
			title="Domains"
			aside={
				// A new domain carries no tag.
				mayWrite && ownTagOf(session) === null ? (
					<div class="buttons">
						<a class="button quiet" href={`${consolePath('new')}?from=document`}>
							Import
						</a>
						<a class="button" href={consolePath('new')}>
							New domain
						</a>
					</div>
				) : null
			}
		>
			<search class="filters">
				<SearchField q={q} search={(text) => show({ q: text })} />
				<FilterSelect id="state" title="State" value={state} choices={STATE_FILTERS} choose={(value) => show({ state: value })} />
				<FilterSelect id="sort" title="Order" value={sort} choices={ORDERS} choose={(value) => show({ sort: value })} />
			</search>
			{!mayWrite ? null : isEditing ? (
				<BulkEditPanel selection={selection} onChanged={refetch} close={clear} />
			) : countSelected(selection) === 0 ? null : (
				<div class="selection card" role="status">
					<strong>{countSelected(selection).toLocaleString('en')} selected</strong>
					{!isAllSelected && total !== null && total > selected.size ? (
						<button type="button" class="quiet small" onClick={() => setAllOf(search)}>
							Select all {total.toLocaleString('en')}
						</button>
					) : null}
					<button type="button" class="small" onClick={() => setEditing(true)}>
						Edit a field…
					</button>
					<button type="button" class="quiet small" onClick={clear}>
						Clear
					</button>
				</div>
			)}
			<QueryNotice result={result} refetch={refetch} />
			{result?.ok ? (
				<>
					{total === null ? null : (
						<p class="hint" role="status">{`${total.toLocaleString('en')} ${total === 1 ? 'domain' : 'domains'}`}</p>
					)}
					<DomainTable
						entries={result.value.domains}
						isFiltered={q !== '' || state !== 'any' || after !== ''}
						selected={selected}
						isAllSelected={isAllSelected}
						setSelected={
							mayWrite
								? (next) => {
										setAllOf(null);
										setSelected(next);
									}
								: null
						}
					/>
					<div class="pages">
						{after === '' ? null : (
							<button type="button" class="quiet" onClick={() => show({ after: '' })}>
								First page
							</button>
						)}
						{result.value.next === null ? null : (
							<button type="button" class="quiet" onClick={() => show({ after: result.value.next ?? '' })}>
								Next page
							</button>
						)}
					</div>
				</>
			) : null}
			<p class="hint keys">
				<kbd>/</kbd> search, <kbd>j</kbd> and <kbd>k</kbd> move, <kbd>x</kbd> selects, <kbd>Ctrl K</kbd> or <kbd>⌘ K</kbd> goes to a domain
				from any page.
			</p>
			<DownloadExport session={session} />
		</PageLayout>
	);
}

/** Sends the search when the typing pauses, so that a word costs one request and not one for each letter. */
function SearchField({ q, search }: { readonly q: string; readonly search: (text: string) => void }) {
	const [typed, setTyped] = useAddressText(q);
	useEffect(() => {
		if (typed === q) return;
		const pause = setTimeout(() => search(typed), TYPING_PAUSE_MS);
		return () => clearTimeout(pause);
	}, [typed, q]);
	return (
		<LabelledField id="search" title="Search names and tags">
			{(control) => (
				<input
					{...control}
					type="search"
					autocapitalize="none"
					autocomplete="off"
					spellcheck={false}
					value={typed}
					placeholder="example"
					onInput={(event) => setTyped(event.currentTarget.value)}
				/>
			)}
		</LabelledField>
	);
}

interface FilterSelectProps {
	readonly id: string;
	readonly title: string;
	readonly value: string;
	readonly choices: readonly (readonly [value: string, text: string])[];
	readonly choose: (value: string) => void;
}

function FilterSelect({ id, title, value, choices, choose }: FilterSelectProps) {
	return (
		<LabelledField id={id} title={title}>
			{(control) => (
				<select {...control} value={value} onChange={(event) => choose(event.currentTarget.value)}>
					{choices.map(([each, text]) => (
						<option key={each} value={each}>
							{text}
						</option>
					))}
				</select>
			)}
		</LabelledField>
	);
}
