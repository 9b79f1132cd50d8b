/** What every client would get, made here by the functions that serve it, beside what clients get now. */
import { useMemo, useState } from 'preact/hooks';
import type { LookupResult } from '../../../model/lookup.ts';
import type { EmailAddress } from '../../../model/names.ts';
import { PROBLEM_DESCRIPTIONS } from '../../../model/problem.ts';
import type { RecordName } from '../../../model/record-name.ts';
import { renderPreviews, renderWireResponse } from '../../../protocols/preview.ts';
import { TextDiff } from '../components/text-diff.tsx';
import { parseServedAddress } from './use-resolved-record.ts';

interface ClientPreviewProps {
	readonly name: RecordName;
	readonly sample: EmailAddress;
	/** What is live, and what is being written. */
	readonly live: LookupResult;
	readonly draft: LookupResult;
	/** The draft is no record at the moment: what is shown is its last good state. */
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
			// Where nothing is live, all of it is new: as it is, it is easier to read.
			const was = !live.ok || before[at] === undefined ? is : renderWireResponse(before[at].response);
			return { ...format, was, is, changed: was !== is };
		});
	}, [live, draft, shownFor.text]);
	const shown = formats.find(({ endpoint }) => endpoint === chosen) ?? formats[0];
	const changed = formats.filter((format) => format.changed).length;
	if (shown === undefined) return null;
	return (
		<div class="stack">
			<div class="input">
				<label for="preview-for">Shown for</label>
				<input
					id="preview-for"
					value={typed}
					placeholder={sample.text}
					autocomplete="off"
					autocapitalize="none"
					spellcheck={false}
					aria-describedby="preview-said"
					aria-invalid={address === null ? 'true' : undefined}
					onInput={(event) => setTyped(event.currentTarget.value)}
				/>
				<p class={address === null ? 'fault' : 'hint'} id="preview-said">
					{address === null
						? 'No address that this record serves.'
						: isOutdated
							? 'As of before the mistakes in the form.'
							: !live.ok
								? 'Clients get nothing yet.'
								: changed === 0
									? 'As clients get it now.'
									: `${changed} of ${formats.length} answers would change.`}
				</p>
			</div>
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
					Refused ({shown.refused}): {PROBLEM_DESCRIPTIONS[shown.refused]}
				</p>
			)}
			<TextDiff before={shown.was} after={shown.is} label={`${shown.title}: ${shown.endpoint}`} />
		</div>
	);
}
