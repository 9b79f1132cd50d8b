/** What each mail client would get from the draft, rendered here by the functions that serve it, compared with what it gets now. */
import { useMemo, useState } from 'preact/hooks';
import type { LookupResult } from '../../../model/lookup.ts';
import type { EmailAddress } from '../../../model/names.ts';
import { PROBLEM_DESCRIPTIONS } from '../../../model/problem.ts';
import type { RecordName } from '../../../model/record-name.ts';
import { renderPreviews, renderWireResponse } from '../../../protocols/preview.ts';
import { TextDiff } from '../components/text-diff.tsx';
import { LabelledField } from '../form/labelled-field.tsx';
import { parseServedAddress } from './use-resolved-record.ts';

interface ClientPreviewProps {
	readonly name: RecordName;
	readonly sample: EmailAddress;
	/** The published record, and the record being edited. */
	readonly live: LookupResult;
	readonly draft: LookupResult;
	/** The draft has errors, and the last version without errors is shown. */
	readonly isOutdated: boolean;
}

export function ClientPreview({ name, sample, live, draft, isOutdated }: ClientPreviewProps) {
	const [typed, setTyped] = useState('');
	const [chosen, setChosen] = useState('autoconfig');
	const address = typed === '' ? sample : parseServedAddress(name, typed);
	const shownFor = address ?? sample;
	const formats = useMemo(() => {
		const now = Date.now();
		const before = renderPreviews(live, shownFor, now);
		return renderPreviews(draft, shownFor, now).map((format, at) => {
			const is = renderWireResponse(format.response);
			// Where nothing is published every line would be marked as new, which is harder to read than the plain document.
			const was = !live.ok || before[at] === undefined ? is : renderWireResponse(before[at].response);
			return { ...format, was, is, changed: was !== is };
		});
	}, [live, draft, shownFor.text]);
	const shown = formats.find(({ endpoint }) => endpoint === chosen) ?? formats[0];
	const changed = formats.filter((format) => format.changed).length;
	if (shown === undefined) return null;
	return (
		<div class="stack">
			<LabelledField
				id="preview-for"
				title="Preview for"
				help={address === null ? '' : describePreview(isOutdated, live.ok, changed, formats.length)}
				problems={{ faults: address === null ? ['This record does not serve that address.'] : [], warnings: [] }}
			>
				{(control) => (
					<input
						{...control}
						value={typed}
						placeholder={sample.text}
						autocomplete="off"
						autocapitalize="none"
						spellcheck={false}
						onInput={(event) => setTyped(event.currentTarget.value)}
					/>
				)}
			</LabelledField>
			<fieldset class="formats">
				<legend class="hidden">Format</legend>
				{formats.map((format) => (
					<label key={format.endpoint} class={format.changed ? 'format changed' : 'format'} title={format.title}>
						<input type="radio" name="format" checked={format.endpoint === shown.endpoint} onChange={() => setChosen(format.endpoint)} />
						{format.endpoint}
						{format.changed ? <span class="hidden"> (changed)</span> : null}
					</label>
				))}
			</fieldset>
			<p class="asked">
				<code>{shown.asked}</code>
			</p>
			{shown.refused === null ? null : (
				<p class="hint">
					Not offered ({shown.refused}): {PROBLEM_DESCRIPTIONS[shown.refused]}
				</p>
			)}
			<TextDiff before={shown.was} after={shown.is} label={`${shown.title}: ${shown.endpoint}`} />
		</div>
	);
}

function describePreview(isOutdated: boolean, isPublished: boolean, changed: number, total: number): string {
	if (isOutdated) return 'Showing the last valid version: the form has errors.';
	if (!isPublished) return 'Not published yet: clients get nothing.';
	return changed === 0 ? 'Same as what clients get now.' : `${changed} of ${total} answers would change.`;
}
