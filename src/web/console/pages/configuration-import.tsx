/** Imports the configuration of another program. The proposed records, and what could not be imported, are shown before anything is saved. */
import { useState } from 'preact/hooks';
import { CONFIGURATION_FORMAT_NAMES, CONFIGURATION_FORMATS } from '../../../contract/imports/configuration-formats.ts';
import { type ApiError, callApi, type OperationOutput } from '../api-client.ts';
import { ErrorNotice } from '../components/status-notices.tsx';
import { HostNameField, LabelledField } from '../form/labelled-field.tsx';
import { useNewestCall } from '../newest-call.ts';
import { ImportOutcome } from './import-result.tsx';
import { readChosenFiles } from './read-chosen-file.ts';

export function ConfigurationImport() {
	const [format, setFormat] = useState(CONFIGURATION_FORMAT_NAMES[0] ?? 'automx3');
	const [files, setFiles] = useState<readonly File[]>([]);
	const [domain, setDomain] = useState('');
	const [address, setAddress] = useState('');
	const [busy, setBusy] = useState(false);
	const [result, setResult] = useState<OperationOutput<'importConfiguration'> | null>(null);
	const [error, setError] = useState<ApiError | null>(null);
	const [fault, setFault] = useState<string | null>(null);
	const [unread, setUnread] = useState<readonly string[]>([]);
	const begin = useNewestCall();
	/** What an earlier import has answered is no longer what the form asks for. */
	const clear = () => {
		setResult(null);
		setError(null);
		setFault(null);
		setUnread([]);
		return begin();
	};
	const needsFile = format !== 'autodiscover';
	const submit = async (event: Event) => {
		event.preventDefault();
		const isNewest = clear();
		setBusy(true);
		const read = await readChosenFiles(files);
		if (!read.ok) {
			setBusy(false);
			if (isNewest()) setFault(read.error);
			return;
		}
		const name = domain.trim();
		const mailbox = needsFile ? '' : address.trim();
		const response = await callApi('importConfiguration', {
			body: { format, files: read.value.texts, ...(name === '' ? {} : { domain: name }), ...(mailbox === '' ? {} : { address: mailbox }) },
		});
		setBusy(false);
		if (!isNewest()) return;
		setUnread(read.value.faults);
		if (response.ok) setResult(response.value);
		else setError(response.error);
	};
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
								clear();
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
					problems={{ faults: fault === null ? [] : [fault], warnings: unread }}
				>
					{(control) => (
						<input
							{...control}
							type="file"
							multiple
							required={needsFile}
							onChange={(event) => {
								setFiles([...(event.currentTarget.files ?? [])]);
								clear();
							}}
						/>
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
