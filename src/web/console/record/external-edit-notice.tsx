/** Shown when the record in KV is not the last revision: the difference, and the two ways to resolve it. */
import type { DomainView } from '../../../contract/views.ts';
import { renderJson } from '../../../lib/json/json-path.ts';
import { parseStoredRecordJson } from '../../../model/stored-record.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
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
	const inKv = text === null ? '' : renderStoredValue(text);
	const adopt = (
		<ConfirmDialog
			key="adopt"
			titleId="adopt"
			title={text === null ? 'Accept the deletion?' : 'Save it as the next revision?'}
			label={text === null ? 'Accept the deletion' : 'Save it as the next revision'}
			confirmLabel={text === null ? 'Accept' : 'Save'}
			danger={text === null}
			disabled={busy}
			confirm={() => resolveEdit('adoptDomain')}
		>
			{() => <TextDiff before={renderJson(view.record)} after={inKv} label="What changes in the history" />}
		</ConfirmDialog>
	);
	const overwrite = (
		<ConfirmDialog
			key="overwrite"
			titleId="overwrite"
			title={view.record === null ? 'Remove it from KV?' : `Restore revision ${view.revision} in KV?`}
			label={view.record === null ? 'Remove it from KV' : `Restore revision ${view.revision} in KV`}
			confirmLabel={view.record === null ? 'Remove' : 'Restore'}
			danger={text !== null}
			disabled={busy}
			confirm={() => resolveEdit('overwriteDomain')}
		>
			{() => (
				<>
					{text === null ? null : <p>What is in KV now is in no revision, and cannot be brought back.</p>}
					<TextDiff before={inKv} after={renderJson(view.record)} label="What changes for clients" />
				</>
			)}
		</ConfirmDialog>
	);
	return (
		<section class="conflict card pad stack" aria-labelledby="outside">
			<h2 id="outside">{text === null ? 'Missing in KV' : 'Edited in KV'}</h2>
			<p>
				{text === null
					? 'The record is not in KV, so clients get nothing: somebody deleted it there, or KV was emptied.'
					: 'The value in KV was changed by hand, and clients now get that value.'}{' '}
				Resolve this before you save anything.
			</p>
			<TextDiff before={renderJson(view.record)} after={inKv} label="The last revision compared with KV" />
			{mayWrite ? <div class="buttons">{text === null ? [overwrite, adopt] : [adopt, overwrite]}</div> : null}
		</section>
	);
}

/** The record in a value of KV, without the fields that the service stores beside it. Text that is not JSON is shown unchanged. */
function renderStoredValue(text: string): string {
	const record = parseStoredRecordJson(text);
	return record.ok ? renderJson(record.value) : text;
}
