/** What one side changed, place by place, in the form's own words. */
import { aboutField } from './about.ts';
import type { Path } from './json.ts';
import { type Change, changesBetween } from './merge.ts';

export function Changes({ before, after }: { readonly before: unknown; readonly after: unknown }) {
	const changes = changesBetween(before ?? undefined, after ?? undefined);
	if (changes.length === 0) return <p class="hint">Nothing.</p>;
	return (
		<ul class="changes">
			{changes.map((change) => (
				<li key={change.path.join('.')}>
					<PlaceName path={change.path} />
					<FromTo {...change} />
				</li>
			))}
		</ul>
	);
}

/** A field's title and its path. */
export function PlaceName({ path }: { readonly path: Path }) {
	if (path.length === 0) return <strong>The whole record</strong>;
	const name = path.join('.');
	return (
		<span>
			<strong>{aboutField(name).title}</strong> <code class="soft">{name}</code>
		</span>
	);
}

function FromTo({ before, after }: Pick<Change, 'before' | 'after'>) {
	return (
		<span class="from-to">
			{before === undefined ? null : (
				<del>
					<Value value={before} />
				</del>
			)}
			{before === undefined || after === undefined ? null : <span aria-hidden="true"> → </span>}
			{after === undefined ? null : (
				<ins>
					<Value value={after} />
				</ins>
			)}
		</span>
	);
}

export function Value({ value }: { readonly value: unknown }) {
	if (value === undefined) return <span class="soft">nothing</span>;
	return <code>{typeof value === 'string' ? value : JSON.stringify(value)}</code>;
}
