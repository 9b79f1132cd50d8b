/** What a save changed: for clients, and in DNS, where somebody now has to do something. */
import { useRef } from 'preact/hooks';
import { pathOf } from '../../contract/console-pages.ts';
import type { WriteView } from '../../contract/views.ts';
import { useArrival } from './arrival.ts';

export function Saved({ written }: { readonly written: WriteView }) {
	const { changed, changes, revision, domain, state } = written;
	const titles = changes.clients.filter((client) => client.changed).map(({ title }) => title);
	const { add, remove, removeLater } = changes.dns;
	const message = useRef<HTMLDivElement>(null);
	useArrival(message, revision);
	return (
		<div class="saved" role="status" tabIndex={-1} ref={message}>
			<p>
				<strong>
					{changed
						? state === 'deleted'
							? `Deleted, as revision ${revision}.`
							: `Saved as revision ${revision}.`
						: 'It was so already: no new revision.'}
				</strong>{' '}
				{titles.length === 0 ? 'No client is told anything else.' : `Clients are told something else by ${listed(titles)}.`}
			</p>
			{add.length + remove.length + removeLater.length === 0 ? null : (
				<p>
					DNS must follow:{' '}
					{listed([
						...counted(add.length, 'to add'),
						...counted(remove.length, 'to take out'),
						...counted(removeLater.length, 'to take out later'),
					])}
					. <a href={pathOf('dns', domain)}>DNS records</a>
				</p>
			)}
		</div>
	);
}

function counted(count: number, what: string): readonly string[] {
	return count === 0 ? [] : [`${count} ${what}`];
}

function listed(words: readonly string[]): string {
	return new Intl.ListFormat('en', { type: 'conjunction' }).format(words);
}
