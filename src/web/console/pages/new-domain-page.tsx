/** Starts a new domain, from three fields or from what the domain publishes today. Both fill the record form; nothing is saved here. */
import { useState } from 'preact/hooks';
import { consolePath } from '../../../contract/console-routes.ts';
import { CONFIGURATION_FORMATS } from '../../../contract/imports/configuration-formats.ts';
import { parseRecordName } from '../../../model/record-name.ts';
import { SOCKET_SERVICES } from '../../../model/service-ports.ts';
import { HostNameField } from '../form/labelled-field.tsx';
import { PageLayout } from '../layout/page-layout.tsx';
import { readDraftNames } from '../record/draft-storage.ts';
import { startDraft } from '../record/start-draft.ts';
import { ConfigurationImport } from './configuration-import.tsx';
import { FileImport } from './file-import.tsx';
import { ImportForm } from './import-form.tsx';

const CONFIGURATION_TITLES = Object.values(CONFIGURATION_FORMATS)
	.map(({ title }) => title)
	.join(', ');

const START_OPTIONS = [
	['fields', 'Host names', 'A domain and two hosts; everything else uses standard settings.'],
	['document', 'An autoconfig document', 'Paste or upload the XML that Thunderbird uses today.'],
	['fetch', 'The domain’s autoconfig', 'Fetches its current autoconfig document over HTTPS.'],
	['srv', 'SRV records', 'Reads the domain’s SRV records from DNS.'],
	['automx2', 'An automx2 seed', 'The records of all domains in it.'],
	['configuration', 'Another program', `${CONFIGURATION_TITLES}: its files.`],
	['export', 'An export file', 'Many records, as this console and the command-line tool export them.'],
] as const;

type StartOption = (typeof START_OPTIONS)[number][0];

/** @param query `from`: what is chosen at first, as the button to import does */
export function NewDomainPage({ query }: { readonly query: URLSearchParams }) {
	const [option, setOption] = useState<StartOption>(() => START_OPTIONS.find(([value]) => value === query.get('from'))?.[0] ?? 'fields');
	return (
		<PageLayout title="New domain">
			<UnsavedDrafts />
			<div class="narrow stack">
				<fieldset class="kinds">
					<legend>Start from</legend>
					{START_OPTIONS.map(([value, title, help]) => (
						<label key={value} class="kind">
							<input type="radio" name="option" checked={option === value} onChange={() => setOption(value)} />
							<span>
								<strong>{title}</strong>
								<span class="hint">{help}</span>
							</span>
						</label>
					))}
				</fieldset>
				{option === 'fields' ? (
					<NewDomainForm />
				) : option === 'automx2' || option === 'export' ? (
					<FileImport key={option} format={option} />
				) : option === 'configuration' ? (
					<ConfigurationImport />
				) : (
					<ImportForm key={option} source={option} />
				)}
			</div>
		</PageLayout>
	);
}

/** Links to records with changes that are stored in this browser only. */
function UnsavedDrafts() {
	const names = readDraftNames();
	if (names.length === 0) return null;
	return (
		<p class="note">
			Unsaved drafts:{' '}
			{names.map((name) => (
				<a key={name} class="apart" href={consolePath('record', name)}>
					{name}
				</a>
			))}
		</p>
	);
}

function NewDomainForm() {
	const [domain, setDomain] = useState('');
	const [imap, setImap] = useState('');
	const [smtp, setSmtp] = useState('');
	const [fault, setFault] = useState<string | null>(null);
	const name = parseRecordName(domain.trim());
	const example = name === null || name === '*' ? 'example.org' : name.replace('*.', '');
	const submit = async (event: Event) => {
		event.preventDefault();
		if (name === null) {
			setFault('That is not a valid record name. Use example.org, *.example.org or *.');
			return;
		}
		const services = { imap: { host: imap.trim() }, submission: { host: smtp.trim() } };
		setFault(await startDraft(name, { kind: 'domain', provider: { name: example.slice(0, 60) }, services }));
	};
	const fields = [
		{ id: 'new-domain', title: 'Domain', help: 'The part after the @.', placeholder: 'example.org', value: domain, set: setDomain },
		{
			id: 'new-imap',
			title: 'IMAP host',
			help: `Implicit TLS on port ${SOCKET_SERVICES.imap.implicit}.`,
			placeholder: `imap.${example}`,
			value: imap,
			set: setImap,
		},
		{
			id: 'new-smtp',
			title: 'Submission host',
			help: `Implicit TLS on port ${SOCKET_SERVICES.submission.implicit}, with STARTTLS on ${SOCKET_SERVICES.submission.starttls} as the fallback.`,
			placeholder: `smtp.${example}`,
			value: smtp,
			set: setSmtp,
		},
	];
	return (
		<form class="card pad stack" onSubmit={submit}>
			{fields.map(({ id, title, help, placeholder, value, set }) => (
				<HostNameField key={id} id={id} title={title} help={help} placeholder={placeholder} required value={value} onValue={set} />
			))}
			<p class="fault" role="alert">
				{fault}
			</p>
			<div class="buttons">
				<button type="submit">Review</button>
			</div>
		</form>
	);
}
