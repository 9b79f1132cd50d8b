/** Somebody changed the copy in KV by hand: what stands there, and the two ways to settle it. */
import type { DomainView } from '../../../contract/views.ts';
import { parseStoredRecordJson } from '../../../model/stored-record.ts';
import { TextDiff } from '../components/text-diff.tsx';
import { renderJson } from './json-path.ts';

interface ExternalEditNoticeProps {
	readonly view: DomainView;
	readonly resolveEdit: (how: 'adoptDomain' | 'overwriteDomain') => void;
	readonly busy: boolean;
	readonly mayWrite: boolean;
}

export function ExternalEditNotice({ view, resolveEdit, busy, mayWrite }: ExternalEditNoticeProps) {
	if (view.outside === null) return null;
	const { text } = view.outside;
	return (
		<section class="conflict card pad stack" aria-labelledby="outside">
			<h2 id="outside">Edited outside</h2>
			<p>
				{text === null
					? 'Somebody took the copy out of KV by hand: clients get nothing.'
					: 'Somebody put another value into KV by hand, and clients get that.'}{' '}
				It must be settled before anything can be saved.
			</p>
			<TextDiff
				before={renderJson(view.record)}
				after={text === null ? '' : renderStoredValue(text)}
				label="The last revision, and what stands in KV"
			/>
			{mayWrite ? (
				<div class="buttons">
					<button type="button" disabled={busy} onClick={() => resolveEdit('adoptDomain')}>
						{text === null ? 'Adopt: delete the record' : 'Adopt it as the next revision'}
					</button>
					<button type="button" class="quiet" disabled={busy} onClick={() => resolveEdit('overwriteDomain')}>
						{view.record === null ? 'Overwrite: take it out again' : `Overwrite with revision ${view.revision}`}
					</button>
				</div>
			) : null}
		</section>
	);
}

/** A value from KV laid out as the record is, without the keeper's mark; the text itself where it is not JSON. */
function renderStoredValue(text: string): string {
	const record = parseStoredRecordJson(text);
	return record.ok ? renderJson(record.value) : text;
}
