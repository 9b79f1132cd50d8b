/** Imports the configuration of another program. The proposed records, and what could not be imported, are shown before anything is saved. */
import { useState } from 'preact/hooks';
import { CONFIGURATION_FORMAT_NAMES, CONFIGURATION_FORMATS } from '../../../contract/imports/configuration-formats.ts';
import { decodeXmlFile } from '../../../lib/decode-xml.ts';
import { type ApiError, callApi, type OperationOutput } from '../api-client.ts';
import { ErrorNotice } from '../components/status-notices.tsx';
import { HostNameField, LabelledField } from '../form/labelled-field.tsx';
import { ImportOutcome } from './import-result.tsx';

export function ConfigurationImport() {
	const [format, setFormat] = useState(CONFIGURATION_FORMAT_NAMES[0] ?? 'automx3');
	const [files, setFiles] = useState<readonly string[]>([]);
	const [domain, setDomain] = useState('');
	const [address, setAddress] = useState('');
	const [busy, setBusy] = useState(false);
	const [result, setResult] = useState<OperationOutput<'importConfiguration'> | null>(null);
	const [error, setError] = useState<ApiError | null>(null);
	const needsFile = format !== 'autodiscover';
	const submit = async (event: Event) => {
		event.preventDefault();
		setBusy(true);
		const name = domain.trim();
		const mailbox = needsFile ? '' : address.trim();
		const response = await callApi('importConfiguration', {
			body: { format, files, ...(name === '' ? {} : { domain: name }), ...(mailbox === '' ? {} : { address: mailbox }) },
		});
		setBusy(false);
		setResult(response.ok ? response.value : null);
		setError(response.ok ? null : response.error);
	};
	// Most of them are UTF-8; an answer of Autodiscover says itself what it is, and Windows saves texts in UTF-16.
	const readFiles = async (list: FileList | null) =>
		setFiles(await Promise.all([...(list ?? [])].map(async (file) => decodeXmlFile(new Uint8Array(await file.arrayBuffer())).text)));
	return (
		<>
			<form class="card pad stack" onSubmit={submit}>
				<LabelledField id="configuration-format" title="Program">
					{(control) => (
						<select
							{...control}
							value={format}
							onChange={(event) => {
								const chosen = CONFIGURATION_FORMAT_NAMES.find((name) => name === event.currentTarget.value);
								if (chosen !== undefined) setFormat(chosen);
								setResult(null);
							}}
						>
							{CONFIGURATION_FORMAT_NAMES.map((name) => (
								<option key={name} value={name}>
									{CONFIGURATION_FORMATS[name].title}
								</option>
							))}
						</select>
					)}
				</LabelledField>
				<LabelledField
					id="configuration-files"
					title="Files"
					help={`${CONFIGURATION_FORMATS[format].files}. Passwords in them are not kept.`}
				>
					{(control) => (
						<input {...control} type="file" multiple required={needsFile} onChange={(event) => void readFiles(event.currentTarget.files)} />
					)}
				</LabelledField>
				<HostNameField
					id="configuration-domain"
					title="Domain"
					help="The domain that comes first; needed where the files name none."
					placeholder="example.org"
					required={!needsFile}
					value={domain}
					onValue={setDomain}
				/>
				{needsFile ? null : (
					<LabelledField id="configuration-address" title="Mailbox" help="Some services answer for a mailbox that exists only.">
						{(control) => (
							<input
								{...control}
								type="email"
								autocomplete="off"
								value={address}
								onInput={(event) => setAddress(event.currentTarget.value)}
							/>
						)}
					</LabelledField>
				)}
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
