/** What a save changed: the answers that clients get, and the DNS records that somebody has to change now. */
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
							? `Deleted (revision ${revision}).`
							: `Saved as revision ${revision}.`
						: 'No changes: no new revision was saved.'}
				</strong>{' '}
				{titles.length === 0 ? 'Clients get the same answers as before.' : `Clients get different answers from ${joinWithAnd(titles)}.`}
			</p>
			{add.length + remove.length + removeLater.length === 0 ? null : (
				<p>
					Update DNS:{' '}
					{joinWithAnd([
						...countLabels(add.length, 'to add'),
						...countLabels(remove.length, 'to remove'),
						...countLabels(removeLater.length, 'to remove later'),
					])}
					. <a href={consolePath('dns', domain)}>Show DNS records</a>
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
