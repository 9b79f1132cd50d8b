/** Imports a record from what a domain publishes today. The result, and what could not be imported, are shown before the form is filled. */
import { useState } from 'preact/hooks';
import { type ApiError, callApi, type OperationOutput } from '../api-client.ts';
import { ErrorNotice } from '../components/status-notices.tsx';
import { HostNameField, LabelledField } from '../form/labelled-field.tsx';
import { useNewestCall } from '../newest-call.ts';
import { ImportOutcome } from './import-result.tsx';
import { readChosenFile } from './read-chosen-file.ts';

export function ImportForm({ source }: { readonly source: 'document' | 'fetch' | 'srv' }) {
	const [domain, setDomain] = useState('');
	const [document, setDocument] = useState('');
	const [busy, setBusy] = useState(false);
	const [result, setResult] = useState<OperationOutput<'importSrv'> | null>(null);
	const [error, setError] = useState<ApiError | null>(null);
	const submit = async (event: Event) => {
		event.preventDefault();
		setBusy(true);
		setResult(null);
		setError(null);
		const name = domain.trim();
		const response =
			source === 'srv'
				? await callApi('importSrv', { body: { domain: name } })
				: await callApi('importAutoconfig', { query: { domain: name }, ...(source === 'document' ? { body: document } : {}) });
		setBusy(false);
		if (response.ok) setResult(response.value);
		else setError(response.error);
	};
	return (
		<>
			<form class="card pad stack" onSubmit={submit}>
				<HostNameField id="import-domain" title="Domain" placeholder="example.org" required value={domain} onValue={setDomain} />
				{source === 'document' ? <DocumentInput text={document} setText={setDocument} /> : null}
				<div class="buttons">
					<button type="submit" disabled={busy}>
						{busy ? 'Importing…' : 'Import'}
					</button>
				</div>
			</form>
			{error === null ? null : <ErrorNotice error={error} />}
			{result === null ? null : <ImportOutcome result={result} />}
		</>
	);
}

function DocumentInput({ text, setText }: { readonly text: string; readonly setText: (text: string) => void }) {
	const [fault, setFault] = useState<string | null>(null);
	const begin = useNewestCall();
	const upload = async (file: File | undefined) => {
		if (file === undefined) return;
		const isNewest = begin();
		const read = await readChosenFile(file);
		if (!isNewest()) return;
		setFault(read.ok ? read.value.fault : read.error);
		if (read.ok) setText(read.value.text);
	};
	return (
		<>
			<LabelledField id="import-file" title="File" {...(fault === null ? {} : { problems: { faults: [], warnings: [fault] } })}>
				{(control) => (
					<input
						{...control}
						type="file"
						accept=".xml,application/xml,text/xml"
						onChange={(event) => void upload(event.currentTarget.files?.[0])}
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
