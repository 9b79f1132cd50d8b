/** A new domain: three fields, or what there is already. Either fills the form; nothing is saved here. */
import { useState } from 'preact/hooks';
import { consolePath } from '../../../contract/console-routes.ts';
import { parseRecordName } from '../../../model/record-name.ts';
import { PageLayout } from '../layout/page-layout.tsx';
import { readDraftNames } from '../record/draft-storage.ts';
import { startDraft } from '../record/start-draft.ts';
import { ImportForm } from './import-form.tsx';

const START_OPTIONS = [
	['fields', 'Three fields', 'A name and two hosts; the rest is standard.'],
	['document', 'An autoconfig document', 'Paste or upload the XML that Thunderbird reads today.'],
	['fetch', 'What the domain serves', 'Its autoconfig document is fetched, over https.'],
	['srv', 'Its SRV records', 'Read from DNS.'],
] as const;

type StartOption = (typeof START_OPTIONS)[number][0];

export function NewDomainPage() {
	const [way, setWay] = useState<StartOption>('fields');
	return (
		<PageLayout title="New domain">
			<UnsavedDrafts />
			<div class="narrow stack">
				<fieldset class="kinds">
					<legend>Begin with</legend>
					{START_OPTIONS.map(([value, title, help]) => (
						<label key={value} class="kind">
							<input type="radio" name="way" checked={way === value} onChange={() => setWay(value)} />
							<span>
								<strong>{title}</strong>
								<span class="hint">{help}</span>
							</span>
						</label>
					))}
				</fieldset>
				{way === 'fields' ? <NewDomainForm /> : <ImportForm key={way} way={way} />}
			</div>
		</PageLayout>
	);
}

/** What was begun in this browser and is nowhere else. */
function UnsavedDrafts() {
	const names = readDraftNames();
	if (names.length === 0) return null;
	return (
		<p class="note">
			Not finished yet:{' '}
			{names.map((name) => (
				<a key={name} class="apart" href={consolePath('domain', name)}>
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
			setFault('That is no domain name: example.org, *.example.org or * is one.');
			return;
		}
		const services = { imap: { host: imap.trim() }, submission: { host: smtp.trim() } };
		setFault(await startDraft(name, { kind: 'domain', provider: { name: example.slice(0, 60) }, services }));
	};
	const fields = [
		{ id: 'new-domain', title: 'Domain', help: 'What stands after the @.', placeholder: 'example.org', value: domain, set: setDomain },
		{ id: 'new-imap', title: 'IMAP host', help: 'Implicit TLS on port 993.', placeholder: `imap.${example}`, value: imap, set: setImap },
		{
			id: 'new-smtp',
			title: 'Submission host',
			help: 'Implicit TLS on port 465, with STARTTLS on 587 as the fallback.',
			placeholder: `smtp.${example}`,
			value: smtp,
			set: setSmtp,
		},
	];
	return (
		<form class="card pad stack" onSubmit={submit}>
			{fields.map(({ id, title, help, placeholder, value, set }) => (
				<div key={id} class="input">
					<label for={id}>{title}</label>
					<input
						id={id}
						required
						autocomplete="off"
						autocapitalize="none"
						spellcheck={false}
						aria-describedby={`${id}-help`}
						placeholder={placeholder}
						value={value}
						onInput={(event) => set(event.currentTarget.value)}
					/>
					<p class="hint" id={`${id}-help`}>
						{help}
					</p>
				</div>
			))}
			<p class="fault" role="alert">
				{fault}
			</p>
			<div class="buttons">
				<button type="submit">Go on: look at it before it is published</button>
			</div>
		</form>
	);
}
