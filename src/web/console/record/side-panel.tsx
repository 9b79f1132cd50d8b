/** The panel beside the form: what clients would get, the record as JSON, and the unsaved changes. */
import { useState } from 'preact/hooks';
import type { DomainView } from '../../../contract/views.ts';
import type { RecordName } from '../../../model/record-name.ts';
import { QueryNotice } from '../components/status-notices.tsx';
import { ClientPreview } from './client-preview.tsx';
import { FieldChanges } from './field-changes.tsx';
import { JsonPane } from './json-pane.tsx';
import type { RecordEditor } from './record-editor.ts';
import { sampleAddress, useResolvedRecord } from './use-resolved-record.ts';

const PANES = [
	['preview', 'What clients get'],
	['json', 'JSON'],
	['changes', 'Changes'],
] as const;

interface SidePanelProps {
	readonly name: RecordName;
	readonly view: DomainView;
	readonly editor: RecordEditor;
	readonly readOnly: boolean;
}

export function SidePanel({ name, view, editor, readOnly }: SidePanelProps) {
	const [pane, setPane] = useState<(typeof PANES)[number][0]>('preview');
	const sample = sampleAddress(name);
	const live = useResolvedRecord(view.record, name, sample.domain);
	const preview = useResolvedRecord(editor.lastValid, name, sample.domain);
	const { draft, update, parsed } = editor;
	return (
		<section class="beside card pad stack" aria-label="Preview, JSON and changes">
			<fieldset class="panes">
				<legend class="hidden">View</legend>
				{PANES.map(([value, title]) => (
					<label key={value}>
						<input type="radio" name="pane" checked={pane === value} onChange={() => setPane(value)} />
						{title}
					</label>
				))}
			</fieldset>
			{pane === 'preview' ? (
				preview.result?.ok && live.result?.ok ? (
					<ClientPreview name={name} sample={sample} live={live.result.value} draft={preview.result.value} isOutdated={!parsed.ok} />
				) : (
					<QueryNotice {...(preview.result?.ok ? live : preview)} />
				)
			) : null}
			{pane === 'json' ? <JsonPane draft={draft.draft} onChange={(next) => update({ draft: next })} readOnly={readOnly} /> : null}
			{pane === 'changes' ? (
				<>
					<p class="hint">
						{view.record === null ? 'This is a new record; everything is new.' : `Compared with revision ${draft.revision}.`}
					</p>
					<FieldChanges before={draft.base} after={draft.draft} />
				</>
			) : null}
		</section>
	);
}
