/** Imports a record from what a domain publishes today. The result, and what could not be imported, are shown before the form is filled. */
import { useState } from 'preact/hooks';
import { renderJson } from '../../../lib/json/json-path.ts';
import { type ApiError, callApi, type OperationOutput } from '../api-client.ts';
import { ScrollBox } from '../components/scroll-box.tsx';
import { ErrorNotice } from '../components/status-notices.tsx';
import { LabelledField } from '../form/labelled-field.tsx';
import { startDraft } from '../record/start-draft.ts';
import { RecordsImport } from './records-import.tsx';

export function ImportForm({ source }: { readonly source: 'document' | 'fetch' | 'srv' }) {
	const [domain, setDomain] = useState('');
	const [document, setDocument] = useState('');
	const [busy, setBusy] = useState(false);
	const [result, setResult] = useState<OperationOutput<'importSrv'> | null>(null);
	const [error, setError] = useState<ApiError | null>(null);
	const submit = async (event: Event) => {
		event.preventDefault();
		setBusy(true);
		const name = domain.trim();
		const response =
			source === 'srv'
				? await callApi('importSrv', { body: { domain: name } })
				: await callApi('importAutoconfig', { query: { domain: name }, ...(source === 'document' ? { body: document } : {}) });
		setBusy(false);
		setResult(response.ok ? response.value : null);
		setError(response.ok ? null : response.error);
	};
	return (
		<>
			<form class="card pad stack" onSubmit={submit}>
				<LabelledField id="import-domain" title="Domain">
					{(control) => (
						<input
							{...control}
							required
							autocomplete="off"
							autocapitalize="none"
							spellcheck={false}
							placeholder="example.org"
							value={domain}
							onInput={(event) => setDomain(event.currentTarget.value)}
						/>
					)}
				</LabelledField>
				{source === 'document' ? <DocumentInput text={document} setText={setDocument} /> : null}
				<div class="buttons">
					<button type="submit" disabled={busy}>
						{busy ? 'Importing…' : 'Import'}
					</button>
				</div>
			</form>
			{error === null ? null : <ErrorNotice error={error} />}
			{result === null ? null : <ImportResult result={result} />}
			{result === null || result.records.length < 2 ? null : <OtherDomains records={result.records} />}
		</>
	);
}

function DocumentInput({ text, setText }: { readonly text: string; readonly setText: (text: string) => void }) {
	const upload = async (files: FileList | null) => {
		const file = files?.[0];
		if (file !== undefined) setText(await file.text());
	};
	return (
		<>
			<LabelledField id="import-file" title="File">
				{(control) => (
					<input
						{...control}
						type="file"
						accept=".xml,application/xml,text/xml"
						onChange={(event) => void upload(event.currentTarget.files)}
					/>
				)}
			</LabelledField>
			<LabelledField id="import-text" title="Or paste its text">
				{(control) => (
					<textarea
						{...control}
						class="code"
						rows={10}
						required
						spellcheck={false}
						placeholder="<clientConfig version=&quot;1.1&quot;>…"
						value={text}
						onInput={(event) => setText(event.currentTarget.value)}
					/>
				)}
			</LabelledField>
		</>
	);
}

/** The source is for several domains: the record of the first, and an alias for each of the others, can be saved together. */
function OtherDomains({ records }: { readonly records: OperationOutput<'importSrv'>['records'] }) {
	const others = records.length - 1;
	return (
		<>
			<p class="note">
				The source is for {others.toLocaleString('en')} {others === 1 ? 'other domain' : 'other domains'} too, which can share the record as{' '}
				{others === 1 ? 'an alias' : 'aliases'}. Save all of them together here, or review and publish the record alone.
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
			<h2 id="result">Imported record</h2>
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
