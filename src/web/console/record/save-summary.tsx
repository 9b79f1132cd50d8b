/** What a save changed: for clients, and in DNS, where somebody now has to do something. */
import { useRef } from 'preact/hooks';
import { consolePath } from '../../../contract/console-routes.ts';
import type { WriteView } from '../../../contract/views.ts';
import { useFocusOnChange } from '../components/focus.ts';

export function SaveSummary({ written }: { readonly written: WriteView }) {
	const { changed, changes, revision, domain, state } = written;
	const titles = changes.clients.filter((client) => client.changed).map(({ title }) => title);
	const { add, remove, removeLater } = changes.dns;
	const message = useRef<HTMLDivElement>(null);
	useFocusOnChange(message, revision);
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
				{titles.length === 0 ? 'No client is told anything else.' : `Clients are told something else by ${joinWithAnd(titles)}.`}
			</p>
			{add.length + remove.length + removeLater.length === 0 ? null : (
				<p>
					DNS must follow:{' '}
					{joinWithAnd([
						...countLabels(add.length, 'to add'),
						...countLabels(remove.length, 'to take out'),
						...countLabels(removeLater.length, 'to take out later'),
					])}
					. <a href={consolePath('dns', domain)}>DNS records</a>
				</p>
			)}
		</div>
	);
}

function countLabels(count: number, what: string): readonly string[] {
	return count === 0 ? [] : [`${count} ${what}`];
}

function joinWithAnd(words: readonly string[]): string {
	return new Intl.ListFormat('en', { type: 'conjunction' }).format(words);
}
