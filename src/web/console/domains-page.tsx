/** All domains: searched, paged, each with how it stands. */
import { useEffect, useState } from 'preact/hooks';
import { pathOf } from '../../contract/console-pages.ts';
import { allows } from '../../model/role.ts';
import { type Answer, ask } from './api.ts';
import { Badge } from './badge.tsx';
import { keptNames } from './kept.ts';
import { useLoad } from './load.ts';
import { Page, Refused, Time, Waiting } from './page.tsx';
import { go } from './place.ts';
import type { Session } from './session.ts';
import { type Standing, standings } from './standing.ts';

const PAGE = 25;
/** Records asked for at a time, for how they stand. */
const AT_ONCE = 4;

const STATES = [
	['live', 'Live'],
	['deleted', 'Deleted'],
	['outside', 'Only in KV'],
	['any', 'All'],
] as const;

type Entry = Answer<'listDomains'>['domains'][number];

export function DomainsPage({ query, session }: { readonly query: URLSearchParams; readonly session: Session }) {
	const prefix = query.get('prefix') ?? '';
	const tag = query.get('tag') ?? '';
	const state = query.get('state') ?? 'live';
	const after = query.get('after') ?? '';
	const { result, again } = useLoad(query.toString(), () => ask('listDomains', { query: { prefix, tag, state, after, limit: PAGE } }));
	const search = (changed: Readonly<Record<string, string>>) => {
		const next = new URLSearchParams({ prefix, tag, state, ...changed });
		for (const [name, value] of [...next]) if (value === '' || (name === 'state' && value === 'live')) next.delete(name);
		go(next.size === 0 ? pathOf('domains') : `${pathOf('domains')}?${next}`, changed.after === undefined ? 'replace' : 'push');
	};
	const unsaved = keptNames();
	const create = allows(session.role, 'write') ? (
		<a class="button" href={pathOf('new')}>
			New domain
		</a>
	) : null;
	return (
		<Page title="Domains" aside={create}>
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
						{STATES.map(([value, text]) => (
							<option key={value} value={value}>
								{text}
							</option>
						))}
					</select>
				</div>
			</search>
			{result === null ? <Waiting /> : !result.ok ? <Refused refusal={result.error} again={again} /> : null}
			{result?.ok ? (
				<>
					<Entries
						entries={result.value.domains}
						unsaved={unsaved}
						searched={prefix !== '' || tag !== '' || state !== 'live' || after !== ''}
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
		</Page>
	);
}

interface EntriesProps {
	readonly entries: readonly Entry[];
	readonly unsaved: readonly string[];
	readonly searched: boolean;
}

function Entries({ entries, unsaved, searched }: EntriesProps) {
	const stands = useStandings(entries);
	if (entries.length === 0)
		return <p class="note">{searched ? 'No domain is like that.' : 'There is no domain yet. Begin with a new one.'}</p>;
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
								<a href={pathOf('domain', entry.domain)}>{entry.domain}</a>
								{entry.tags.map((tag) => (
									<span key={tag} class="tag">
										{tag}
									</span>
								))}
							</th>
							<td>
								<span class="badges">
									{(stands.get(entry.domain) ?? []).map((standing) => (
										<Badge key={standing.code} standing={standing} />
									))}
									{unsaved.includes(entry.domain) ? (
										<Badge standing={{ tone: 'warn', text: 'Unsaved changes', why: 'In this browser, from before.' }} />
									) : null}
								</span>
							</td>
							<td data-of="Revision">{entry.revision}</td>
							<td data-of="Saved">
								<Time at={entry.at} />
							</td>
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}

/** The list knows who is there; how each stands, only its keeper knows. Asked for the page that shows, a few at a time. */
function useStandings(entries: readonly Entry[]): ReadonlyMap<string, readonly Standing[]> {
	const [stands, setStands] = useState<ReadonlyMap<string, readonly Standing[]>>(new Map());
	const key = entries.map(({ domain, revision }) => `${domain} ${revision}`).join('\n');
	useEffect(() => {
		let over = false;
		const waiting = [...entries];
		const work = async () => {
			for (let entry = waiting.shift(); entry !== undefined && !over; entry = waiting.shift()) {
				const { domain } = entry;
				const answered = await ask('readDomain', { path: { domain } });
				const today = new Date().toISOString().slice(0, 10);
				if (answered.ok && !over) setStands((known) => new Map(known).set(domain, standings(answered.value, today)));
			}
		};
		for (let at = 0; at < AT_ONCE; at++) void work();
		return () => {
			over = true;
		};
	}, [key]);
	return stands;
}
