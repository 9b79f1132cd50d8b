/** Shown when the record in KV was changed by hand: the difference, and the two ways to resolve it. */
import type { DomainView } from '../../../contract/views.ts';
import { renderJson } from '../../../lib/json/json-path.ts';
import { parseStoredRecordJson } from '../../../model/stored-record.ts';
import { TextDiff } from '../components/text-diff.tsx';

interface ExternalEditNoticeProps {
	readonly view: DomainView;
	readonly resolveEdit: (operation: 'adoptDomain' | 'overwriteDomain') => void;
	readonly busy: boolean;
	readonly mayWrite: boolean;
}

export function ExternalEditNotice({ view, resolveEdit, busy, mayWrite }: ExternalEditNoticeProps) {
	if (view.outside === null) return null;
	const { text } = view.outside;
	return (
		<section class="conflict card pad stack" aria-labelledby="outside">
			<h2 id="outside">Edited in KV</h2>
			<p>
				{text === null
					? 'The record was deleted from KV by hand, so clients get nothing.'
					: 'The value in KV was changed by hand, and clients now get that value.'}{' '}
				Resolve this before you save anything.
			</p>
			<TextDiff
				before={renderJson(view.record)}
				after={text === null ? '' : renderStoredValue(text)}
				label="The last revision compared with KV"
			/>
			{mayWrite ? (
				<div class="buttons">
					<button type="button" disabled={busy} onClick={() => resolveEdit('adoptDomain')}>
						{text === null ? 'Accept the deletion' : 'Save it as the next revision'}
					</button>
					<button type="button" class="quiet" disabled={busy} onClick={() => resolveEdit('overwriteDomain')}>
						{view.record === null ? 'Remove it from KV' : `Restore revision ${view.revision} in KV`}
					</button>
				</div>
			) : null}
		</section>
	);
}

/** The record in a value of KV, without the fields that the service stores beside it. Text that is not JSON is shown unchanged. */
function renderStoredValue(text: string): string {
	const record = parseStoredRecordJson(text);
	return record.ok ? renderJson(record.value) : text;
}
