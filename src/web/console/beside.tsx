/** What stands beside the form: what clients would get, the record as JSON, what changes. */
import { useState } from 'preact/hooks';
import type { DomainView } from '../../contract/views.ts';
import type { RecordName } from '../../model/record-name.ts';
import { Changes } from './changes.tsx';
import type { Editing } from './editing.ts';
import { JsonPane } from './json-pane.tsx';
import { Preview } from './preview.tsx';
import { sampleAddress, useSide } from './side.ts';

const PANES = [
	['preview', 'What clients get'],
	['json', 'JSON'],
	['changes', 'Changes'],
] as const;

interface BesideProps {
	readonly name: RecordName;
	readonly view: DomainView;
	readonly editing: Editing;
	readonly readOnly: boolean;
}

export function Beside({ name, view, editing, readOnly }: BesideProps) {
	const [pane, setPane] = useState<(typeof PANES)[number][0]>('preview');
	const sample = sampleAddress(name);
	const live = useSide(view.record, name, sample.domain);
	const draft = useSide(editing.lastGood, name, sample.domain);
	const { kept, change, parsed } = editing;
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
			{pane === 'preview' ? <Preview name={name} sample={sample} live={live} draft={draft} behind={!parsed.ok} /> : null}
			{pane === 'json' ? <JsonPane draft={kept.draft} change={(next) => change({ draft: next })} readOnly={readOnly} /> : null}
			{pane === 'changes' ? (
				<>
					<p class="hint">{view.record === null ? 'Everything is new.' : `Against revision ${kept.revision}.`}</p>
					<Changes before={kept.base} after={kept.draft} />
				</>
			) : null}
		</section>
	);
}
