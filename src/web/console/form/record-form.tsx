/** The form of a record. Standard values are chosen already, and fields that are rarely needed are collapsed. */
import { useRef } from 'preact/hooks';
import { getAtPath, isJsonObject } from '../../../lib/json/json-path.ts';
import { ALIAS_WITHOUT_CHOICES, DEFAULT_MTA_STS_MAX_AGE } from '../../../model/record.ts';
import { fieldMetadata } from './field-metadata.ts';
import { useField, useRecordForm } from './form-context.ts';
import { ListField, SelectField, TextField } from './form-fields.tsx';
import { FieldMessages } from './labelled-field.tsx';
import { type OptionalPart, OptionalParts } from './optional-section.tsx';
import { ServiceSections } from './service-sections.tsx';

export function RecordForm() {
	const { draft, set, readOnly, faults } = useRecordForm();
	const kind = useField('kind');
	const lastDrafts = useRef<Record<string, unknown>>({
		domain: { kind: 'domain', provider: { name: '' }, services: {} },
		alias: { kind: 'alias', of: '' },
	});
	const switchKind = (next: string) => {
		if (typeof kind.value === 'string') lastDrafts.current[kind.value] = draft;
		set([], lastDrafts.current[next]);
	};
	const recordFaults = faults.filter(({ path }) => path === '').map(({ reason }) => `The record ${reason}.`);
	return (
		<form class="stack record" aria-label="Record" onSubmit={(event) => event.preventDefault()}>
			<fieldset class="kinds">
				<legend class="hidden">Kind of record</legend>
				{RECORD_KINDS.map(([value, title, help]) => (
					<label key={value} class="kind">
						<input
							type="radio"
							name="kind"
							value={value}
							checked={kind.value === value}
							disabled={readOnly}
							onChange={() => switchKind(value)}
						/>
						<span>
							<strong>{title}</strong>
							<span class="hint">{help}</span>
						</span>
					</label>
				))}
			</fieldset>
			<FieldMessages id="field-record" faults={[...recordFaults, ...kind.faults]} warnings={[]} />
			{kind.value === 'alias' ? <AliasRecordFields /> : <DomainRecordFields />}
		</form>
	);
}

const RECORD_KINDS = [
	['domain', 'Own settings', 'Hosts, ports and logins of this domain.'],
	['alias', 'Same as another domain', 'Uses that domain’s servers; name, login and policies may be its own.'],
] as const;

function AliasRecordFields() {
	return (
		<>
			<TextField path="of" required placeholder="example.org" />
			<section class="stack" aria-labelledby="form-own">
				<h2 id="form-own">Of its own</h2>
				<p class="hint">Each takes the place of what the other domain has.</p>
				<OptionalParts label="Add" parts={ALIAS_PARTS} />
				<TextField path="login" placeholder="As the other domain" />
				<LoginDomainField unset="As the other domain" />
				<AutodiscoverField unset="As the other domain" />
				<PublishedNamesField unset="As the other domain" />
				<WithoutField />
			</section>
		</>
	);
}

/** What an alias does not take from the other domain. What it has of its own is no choice here. */
function WithoutField() {
	const form = useRecordForm();
	const field = useField('without');
	const { title, help } = fieldMetadata('without');
	const listed: readonly unknown[] = Array.isArray(field.value) ? field.value : [];
	const choose = (name: string, isChosen: boolean) => {
		const next = ALIAS_WITHOUT_CHOICES.filter((each) => (each === name ? isChosen : listed.includes(each)));
		field.set(next.length === 0 ? undefined : next);
	};
	return (
		<fieldset class="part" id={field.id} tabIndex={-1} aria-describedby={`${field.id}-help`}>
			<legend>
				<span class="part-title">{title}</span>
			</legend>
			<p class="hint" id={`${field.id}-help`}>
				{help}
			</p>
			<FieldMessages {...field} />
			{ALIAS_WITHOUT_CHOICES.map((name) => {
				const isOwn = getAtPath(form.draft, [name]) !== undefined;
				return (
					<label class="switch" key={name}>
						<input
							type="checkbox"
							checked={listed.includes(name)}
							disabled={field.readOnly || (isOwn && !listed.includes(name))}
							onChange={(event) => choose(name, event.currentTarget.checked)}
						/>
						{fieldMetadata(name).title}
					</label>
				);
			})}
		</fieldset>
	);
}

function ProviderFields() {
	return (
		<>
			<TextField path="provider.name" required />
			<details>
				<summary>Short name, links, logo and colour</summary>
				<div class="stack">
					<TextField path="provider.shortName" />
					<TextField path="provider.website" kind="url" placeholder="https://example.org/" />
					<TextField path="provider.help" kind="url" placeholder="https://example.org/mail" />
					<TextField path="provider.logo" />
					<TextField path="provider.colour" placeholder="#1f6feb" />
				</div>
			</details>
		</>
	);
}

function DomainRecordFields() {
	const services = useField('services', 'field-only');
	return (
		<>
			<section class="stack" aria-labelledby="form-provider">
				<h2 id="form-provider">Provider</h2>
				<ProviderFields />
				<TextField path="login" placeholder="%EMAILADDRESS%" />
				<LoginDomainField unset="Not specified" />
			</section>
			<section class="stack" aria-labelledby="field-services">
				<h2 id="field-services">{fieldMetadata('services').title}</h2>
				<p class="hint">{fieldMetadata('services').help}</p>
				<FieldMessages {...services} />
				<ServiceSections />
			</section>
			<section class="stack" aria-labelledby="form-more">
				<h2 id="form-more">Authentication and transport security</h2>
				<OptionalParts label="Add" parts={[OAUTH_PART, ...POLICY_PARTS]} />
				<AutodiscoverField unset="Here" />
				<PublishedNamesField unset="As the service is set" />
			</section>
		</>
	);
}

const OAUTH_PART: OptionalPart = {
	path: 'oauth',
	title: 'OAuth 2.0',
	help: 'Where clients get OAuth 2.0 tokens.',
	initialValue: { issuer: '', authUrl: '', tokenUrl: '', scope: '' },
	fields: (
		<>
			<TextField path="oauth.issuer" required kind="url" />
			<TextField path="oauth.authUrl" required kind="url" />
			<TextField path="oauth.tokenUrl" required kind="url" />
			<TextField path="oauth.scope" required />
		</>
	),
};

const POLICY_PARTS: readonly OptionalPart[] = [
	{
		path: 'mtaSts',
		...fieldMetadata('mtaSts'),
		initialValue: { mode: 'testing', mx: [] },
		fields: (
			<>
				<MtaStsModeField />
				<ListField path="mtaSts.mx" placeholder="mx.example.org" />
				<TextField path="mtaSts.maxAge" kind="number" placeholder={String(DEFAULT_MTA_STS_MAX_AGE)} />
			</>
		),
	},
	{
		path: 'tlsRpt',
		...fieldMetadata('tlsRpt'),
		initialValue: { rua: [] },
		fields: <ListField path="tlsRpt.rua" placeholder="mailto:tls@example.org" />,
	},
];

const ALIAS_PARTS: readonly OptionalPart[] = [
	{
		path: 'provider',
		title: 'Provider',
		help: 'The name, links, logo and colour that users see.',
		initialValue: { name: '' },
		fields: <ProviderFields />,
	},
	...POLICY_PARTS,
];

const PUBLISHED_NAMES_TEXTS = [
	['all', 'All: autoconfig, autodiscover, ua-auto-config, mta-sts'],
	['autoconfig-autodiscover', 'autoconfig and autodiscover'],
	['none', 'None'],
] as const;

/** @param unset what holds where nothing is chosen */
function PublishedNamesField({ unset }: { readonly unset: string }) {
	const field = useField('names');
	const { title, help } = fieldMetadata('names');
	return (
		<SelectField
			field={field}
			title={title}
			help={help}
			choices={[['', unset], ...PUBLISHED_NAMES_TEXTS]}
			chosen={String(field.value ?? '')}
			choose={(chosen) => field.set(chosen === '' ? undefined : chosen)}
		/>
	);
}

const LOGIN_DOMAIN_TEXTS = [
	['a-label', 'A-labels: xn--bcher-kva.example'],
	['u-label', 'U-labels: bücher.example'],
] as const;

/** @param unset what holds where nothing is chosen */
function LoginDomainField({ unset }: { readonly unset: string }) {
	const field = useField('loginDomain');
	const { title, help } = fieldMetadata('loginDomain');
	return (
		<SelectField
			field={field}
			title={title}
			help={help}
			choices={[['', unset], ...LOGIN_DOMAIN_TEXTS]}
			chosen={String(field.value ?? '')}
			choose={(chosen) => field.set(chosen === '' ? undefined : chosen)}
		/>
	);
}

const AUTODISCOVER_TEXTS = [
	['none', 'At another service: no answer here, no names in DNS'],
	['redirectUrl', 'Send clients to another URL'],
	['redirectAddr', 'Send clients on with another address'],
] as const;

/** @param unset what holds where nothing is chosen */
function AutodiscoverField({ unset }: { readonly unset: string }) {
	const field = useField('autodiscover', 'field-only');
	const { title, help } = fieldMetadata('autodiscover');
	const redirect = isJsonObject(field.value) ? (Object.keys(field.value)[0] ?? '') : '';
	const chosen = redirect === '' ? String(field.value ?? '') : redirect;
	const choose = (choice: string) => field.set(choice === '' ? undefined : choice === 'none' ? choice : { [choice]: '' });
	return (
		<>
			<SelectField field={field} title={title} help={help} choices={[['', unset], ...AUTODISCOVER_TEXTS]} chosen={chosen} choose={choose} />
			{redirect === 'redirectUrl' ? (
				<TextField
					path="autodiscover.redirectUrl"
					required
					kind="url"
					placeholder="https://autodiscover.example.net/autodiscover/autodiscover.xml"
				/>
			) : null}
			{redirect === 'redirectAddr' ? (
				<TextField path="autodiscover.redirectAddr" required placeholder="%EMAILLOCALPART%@example.onmicrosoft.com" />
			) : null}
		</>
	);
}

const MTA_STS_MODES = [
	['testing', 'Testing: report failures but deliver mail'],
	['enforce', 'Enforce: no delivery without TLS'],
	['none', 'None: withdraw the policy'],
] as const;

function MtaStsModeField() {
	const field = useField('mtaSts.mode');
	const { title, help } = fieldMetadata('mtaSts.mode');
	return <SelectField field={field} title={title} help={help} choices={MTA_STS_MODES} chosen={String(field.value)} choose={field.set} />;
}
