/** What an import proposes: the record, what could not be imported, and the other domains of the source. */
import { useState } from 'preact/hooks';
import { renderJson } from '../../../lib/json/json-path.ts';
import type { OperationOutput } from '../api-client.ts';
import { DottedName } from '../components/dotted-name.tsx';
import { ScrollBox } from '../components/scroll-box.tsx';
import { startDraft } from '../record/start-draft.ts';
import { RecordsImport } from './records-import.tsx';

/** All that an import proposes. */
export function ImportOutcome({ result }: { readonly result: OperationOutput<'importSrv'> }) {
	return (
		<>
			<ImportResult result={result} />
			{result.records.length < 2 ? null : <OtherDomains records={result.records} />}
		</>
	);
}

/** The source is for several domains: the record of the first, and an alias or a record for each of the others, can be saved together. */
function OtherDomains({ records }: { readonly records: OperationOutput<'importSrv'>['records'] }) {
	const others = records.length - 1;
	return (
		<>
			<p class="note">
				The source is for {others.toLocaleString('en')} {others === 1 ? 'other domain' : 'other domains'} too, as{' '}
				{others === 1 ? 'an alias' : 'aliases'} where the settings are the same. Save all of them together here, or review and publish the
				first record alone.
			</p>
			<RecordsImport lines={records.map(({ domain, record }) => JSON.stringify({ domain, record }))} />
		</>
	);
}

function ImportResult({ result: { records, lost } }: { readonly result: OperationOutput<'importSrv'> }) {
	const [fault, setFault] = useState<string | null>(null);
	const [first] = records;
	if (first === undefined) return <p class="note">No usable settings were found.</p>;
	return (
		<section class="card pad stack" aria-labelledby="result">
			<h2 id="result">
				Imported record for <DottedName text={first.domain} />
			</h2>
			<ScrollBox code label="Imported record as JSON">
				<span class="line">{renderJson(first.record)}</span>
			</ScrollBox>
			{first.warnings.map(({ code, path, text }) => (
				<p key={code + path} class="warn">
					{text}
				</p>
			))}
			{lost.length === 0 ? (
				<p class="hint">Everything that was recognised was imported.</p>
			) : (
				<>
					<h3>Not imported</h3>
					<ul class="plain">
						{lost.map((sentence) => (
							<li key={sentence}>{sentence}</li>
						))}
					</ul>
				</>
			)}
			<p class="fault" role="alert">
				{fault}
			</p>
			<div class="buttons">
				<button type="button" onClick={async () => setFault(await startDraft(first.domain, first.record))}>
					Review
				</button>
			</div>
		</section>
	);
}
