/** A record from what a domain has already: shown with what it could not carry, then taken into the form. */
import { useState } from 'preact/hooks';
import { type ApiError, callApi, type OperationOutput } from '../api-client.ts';
import { ScrollBox } from '../components/scroll-box.tsx';
import { ErrorNotice } from '../layout/page-layout.tsx';
import { renderJson } from '../record/json-path.ts';
import { startDraft } from '../record/start-draft.ts';

export function ImportForm({ way }: { readonly way: 'document' | 'fetch' | 'srv' }) {
	const [domain, setDomain] = useState('');
	const [document, setDocument] = useState('');
	const [busy, setBusy] = useState(false);
	const [found, setFound] = useState<OperationOutput<'importSrv'> | null>(null);
	const [refusal, setRefusal] = useState<ApiError | null>(null);
	const submit = async (event: Event) => {
		event.preventDefault();
		setBusy(true);
		const name = domain.trim();
		const answered =
			way === 'srv'
				? await callApi('importSrv', { body: { domain: name } })
				: await callApi('importAutoconfig', { query: { domain: name }, ...(way === 'document' ? { body: document } : {}) });
		setBusy(false);
		setFound(answered.ok ? answered.value : null);
		setRefusal(answered.ok ? null : answered.error);
	};
	return (
		<>
			<form class="card pad stack" onSubmit={submit}>
				<div class="input">
					<label for="import-domain">Domain</label>
					<input
						id="import-domain"
						required
						autocomplete="off"
						autocapitalize="none"
						spellcheck={false}
						placeholder="example.org"
						value={domain}
						onInput={(event) => setDomain(event.currentTarget.value)}
					/>
				</div>
				{way === 'document' ? <DocumentInput text={document} setText={setDocument} /> : null}
				<div class="buttons">
					<button type="submit" disabled={busy}>
						{busy ? 'Reading…' : 'Read it'}
					</button>
				</div>
			</form>
			{refusal === null ? null : <ErrorNotice error={refusal} />}
			{found === null ? null : <ImportResult found={found} />}
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
			<div class="input">
				<label for="import-file">File</label>
				<input
					id="import-file"
					type="file"
					accept=".xml,application/xml,text/xml"
					onChange={(event) => void upload(event.currentTarget.files)}
				/>
			</div>
			<div class="input">
				<label for="import-text">Or its text</label>
				<textarea
					id="import-text"
					class="code"
					rows={10}
					required
					spellcheck={false}
					placeholder="<clientConfig version=&quot;1.1&quot;>…"
					value={text}
					onInput={(event) => setText(event.currentTarget.value)}
				/>
			</div>
		</>
	);
}

function ImportResult({ found: { records, lost } }: { readonly found: OperationOutput<'importSrv'> }) {
	const [fault, setFault] = useState<string | null>(null);
	const [first] = records;
	if (first === undefined) return <p class="note">There is nothing in it that a record could hold.</p>;
	return (
		<section class="card pad stack" aria-labelledby="found">
			<h2 id="found">What it comes to</h2>
			<ScrollBox code label="The record">
				<span class="line">{renderJson(first.record)}</span>
			</ScrollBox>
			{first.warnings.map(({ code, path, text }) => (
				<p key={code + path} class="warn">
					{text}
				</p>
			))}
			{lost.length === 0 ? (
				<p class="hint">Nothing is lost.</p>
			) : (
				<>
					<h3>What a record cannot carry</h3>
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
					Take it into the form
				</button>
			</div>
		</section>
	);
}
