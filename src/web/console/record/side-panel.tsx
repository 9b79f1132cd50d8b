/** What stands beside the form: what clients would get, the record as JSON, what changes. */
import { useState } from 'preact/hooks';
import type { DomainView } from '../../../contract/views.ts';
import type { RecordName } from '../../../model/record-name.ts';
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
	readonly editing: RecordEditor;
	readonly readOnly: boolean;
}

export function SidePanel({ name, view, editing, readOnly }: SidePanelProps) {
	const [pane, setPane] = useState<(typeof PANES)[number][0]>('preview');
	const sample = sampleAddress(name);
	const live = useResolvedRecord(view.record, name, sample.domain);
	const draft = useResolvedRecord(editing.lastValid, name, sample.domain);
	const { draft: kept, update, parsed } = editing;
	return (
		<section class="beside card pad stack" aria-label="Beside the form">
			<fieldset class="panes">
				<legend class="hidden">Show</legend>
				{PANES.map(([value, title]) => (
					<label key={value}>
						<input type="radio" name="pane" checked={pane === value} onChange={() => setPane(value)} />
						{title}
					</label>
				))}
			</fieldset>
			{pane === 'preview' ? <ClientPreview name={name} sample={sample} live={live} draft={draft} isOutdated={!parsed.ok} /> : null}
			{pane === 'json' ? <JsonPane draft={kept.draft} onChange={(next) => update({ draft: next })} readOnly={readOnly} /> : null}
			{pane === 'changes' ? (
				<>
					<p class="hint">{view.record === null ? 'Everything is new.' : `Against revision ${kept.revision}.`}</p>
					<FieldChanges before={kept.base} after={kept.draft} />
				</>
			) : null}
		</section>
	);
}
