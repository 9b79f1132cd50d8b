/** A page of the list of domains. Rows can be selected, and moved through with j and k. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { consolePath } from '../../../contract/console-routes.ts';
import { utcDay } from '../../../lib/time.ts';
import { DottedName } from '../components/dotted-name.tsx';
import { LocalTime } from '../components/local-time.tsx';
import { onShortcut } from '../components/shortcuts.ts';
import { StatusBadge } from '../components/status-badge.tsx';
import { readDraftNames } from '../record/draft-storage.ts';
import { type ListedDomain, listBadges } from './list-badges.ts';

interface DomainTableProps {
	readonly entries: readonly ListedDomain[];
	readonly isFiltered: boolean;
	readonly selected: ReadonlySet<string>;
	/** Every record that the search finds is selected, on other pages too. */
	readonly isAllSelected: boolean;
	/** Null where the session may not write: then nothing can be selected. */
	readonly setSelected: ((selected: ReadonlySet<string>) => void) | null;
}

export function DomainTable({ entries, isFiltered, selected, isAllSelected, setSelected }: DomainTableProps) {
	const body = useRef<HTMLTableSectionElement>(null);
	// Before the next paint: a key that is pressed as soon as the list is shown is not lost.
	useLayoutEffect(
		() =>
			onShortcut((key) => {
				const links = [...(body.current?.querySelectorAll<HTMLAnchorElement>('th a') ?? [])];
				const at = links.findIndex((link) => link.closest('tr')?.contains(document.activeElement));
				if (key === 'j') links[Math.min(at + 1, links.length - 1)]?.focus();
				else if (key === 'k') links[Math.max(at - 1, 0)]?.focus();
				else if (key === 'x' && at >= 0) links[at]?.closest('tr')?.querySelector<HTMLInputElement>('input')?.click();
				else if (key === '/') document.getElementById('search')?.focus();
				else return false;
				return true;
			}),
		[],
	);
	if (entries.length === 0)
		return <p class="note">{isFiltered ? 'No matching domains.' : 'There are no domains yet. Create the first one.'}</p>;
	const today = utcDay(Date.now());
	const draftNames = readDraftNames();
	const names = entries.map(({ domain }) => domain);
	const isSelected = (name: string) => isAllSelected || selected.has(name);
	const isPageSelected = names.every(isSelected);
	const toggle = (changed: readonly string[], on: boolean) => {
		const next = new Set(selected);
		for (const name of changed) on ? next.add(name) : next.delete(name);
		setSelected?.(next);
	};
	return (
		<div class="card list">
			<table>
				<thead>
					<tr>
						{setSelected === null ? null : (
							<th scope="col" class="select">
								<input
									type="checkbox"
									aria-label="Select all on this page"
									checked={isPageSelected}
									onChange={(event) => toggle(names, event.currentTarget.checked)}
								/>
							</th>
						)}
						<th scope="col">Domain</th>
						<th scope="col">State</th>
						<th scope="col">Revision</th>
						<th scope="col">Saved</th>
					</tr>
				</thead>
				<tbody ref={body}>
					{entries.map((entry) => (
						<tr key={entry.domain} class={isSelected(entry.domain) ? 'chosen' : undefined}>
							{setSelected === null ? null : (
								<td class="select">
									<input
										type="checkbox"
										aria-label={`Select ${entry.domain}`}
										checked={isSelected(entry.domain)}
										onChange={(event) => toggle([entry.domain], event.currentTarget.checked)}
									/>
								</td>
							)}
							<th scope="row">
								<a href={consolePath('domain', entry.domain)}>
									<DottedName text={entry.domain} />
								</a>
								{entry.tags.map((tag) => (
									<span key={tag} class="tag">
										{tag}
									</span>
								))}
							</th>
							<td>
								<span class="badges">
									{listBadges(entry, draftNames.includes(entry.domain), today).map((status) => (
										<StatusBadge key={status.text} status={status} />
									))}
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
