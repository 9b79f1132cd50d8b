/** The differences between two versions of a record, field by field, with the titles that the form uses. */

import { diffJson, type FieldChange } from '../../../lib/json/json-diff.ts';
import type { JsonPath } from '../../../lib/json/json-path.ts';
import { fieldLabel } from '../form/field-metadata.ts';

/** Longer JSON than this takes several lines. */
const MAX_JSON_LINE = 80;

export function FieldChanges({ before, after }: { readonly before: unknown; readonly after: unknown }) {
	const changes = diffJson(before ?? undefined, after ?? undefined);
	if (changes.length === 0) return <p class="hint">No changes.</p>;
	return (
		<ul class="changes">
			{changes.map((change) => (
				<li key={change.path.join('.')}>
					<FieldName path={change.path} />
					<BeforeAndAfter {...change} />
				</li>
			))}
		</ul>
	);
}

/** A field's title; its path in the JSON is shown on hovering. */
export function FieldName({ path }: { readonly path: JsonPath }) {
	if (path.length === 0) return <strong>Whole record</strong>;
	const name = path.join('.');
	return <strong title={name}>{fieldLabel(name)}</strong>;
}

function BeforeAndAfter({ before, after }: Pick<FieldChange, 'before' | 'after'>) {
	return (
		<span class="from-to">
			{before === undefined ? null : (
				<del>
					<JsonValue value={before} />
				</del>
			)}
			{before === undefined || after === undefined ? null : <span aria-hidden="true"> → </span>}
			{after === undefined ? null : (
				<ins>
					<JsonValue value={after} />
				</ins>
			)}
		</span>
	);
}

export function JsonValue({ value }: { readonly value: unknown }) {
	if (value === undefined) return <span class="soft">not set</span>;
	if (value === null) return <span class="soft">none</span>;
	if (typeof value === 'string') return <code>{value}</code>;
	const text = JSON.stringify(value);
	return text.length <= MAX_JSON_LINE ? <code>{text}</code> : <code class="block indented">{JSON.stringify(value, null, 2)}</code>;
}
