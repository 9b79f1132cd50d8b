/** The services of a domain, one part of the form for each that it has. */
import { HTTP_SERVICE_ORDER, type HttpService, SOCKET_SERVICE_ORDER, type SocketService } from '../../../model/service-ports.ts';
import { fieldMetadata } from './field-metadata.ts';
import { useField } from './form-context.ts';
import { SelectField, TextField } from './form-fields.tsx';
import { FurtherHostsField } from './further-hosts-field.tsx';
import { type OptionalPart, OptionalParts } from './optional-section.tsx';
import { ImplicitTlsPortField, StarttlsPortField } from './port-fields.tsx';

const SOCKET_HELP = {
	imap: 'Reads mail on the server.',
	pop3: 'Downloads mail from the server; rarely needed.',
	submission: 'Sends mail.',
	sieve: 'Manages mail filters on the server.',
} as const satisfies Record<SocketService, string>;

export function ServiceSections() {
	const parts = [...SOCKET_SERVICE_ORDER.map(socketPart), ...HTTP_SERVICE_ORDER.map(httpPart), ACTIVESYNC_PART];
	return <OptionalParts label="Add a service" parts={parts} />;
}

function socketPart(service: SocketService): OptionalPart {
	const path = `services.${service}`;
	return {
		path,
		title: fieldMetadata(path).title,
		help: SOCKET_HELP[service],
		initialValue: { host: '' },
		fields: (
			<>
				<TextField path={`${path}.host`} required placeholder={service === 'submission' ? 'smtp.example.org' : `${service}.example.org`} />
				<ImplicitTlsPortField service={service} />
				<StarttlsPortField service={service} />
				<FurtherHosts service={service} />
				<LoginOverride path={path} />
			</>
		),
	};
}

/** Few operators have more than one host of a service, so the field is folded away until it is used. */
function FurtherHosts({ service }: { readonly service: SocketService }) {
	const hosts = useField(`services.${service}.alternatives`);
	return (
		<details open={hosts.value !== undefined}>
			<summary>Further hosts</summary>
			<div class="stack">
				<FurtherHostsField service={service} />
			</div>
		</details>
	);
}

function httpPart(service: HttpService): OptionalPart {
	const path = `services.${service}`;
	return {
		path,
		...fieldMetadata(path),
		initialValue: { url: '' },
		fields: (
			<>
				<TextField path={`${path}.url`} required kind="url" placeholder="https://dav.example.org/" />
				<LoginOverride path={path} />
			</>
		),
	};
}

const ACTIVESYNC_PART: OptionalPart = {
	path: 'services.activesync',
	...fieldMetadata('services.activesync'),
	initialValue: { url: '' },
	fields: (
		<TextField path="services.activesync.url" required kind="url" placeholder="https://eas.example.org/Microsoft-Server-ActiveSync" />
	),
};

/** The user name and authentication of one service, where they differ from the record's. */
function LoginOverride({ path }: { readonly path: string }) {
	const login = useField(`${path}.login`);
	const auth = useField(`${path}.auth`);
	return (
		<details open={login.value !== undefined || auth.value !== undefined}>
			<summary>Different login</summary>
			<div class="stack">
				<TextField path={`${path}.login`} placeholder="Same as the record" />
				<AuthMethodsField path={`${path}.auth`} />
			</div>
		</details>
	);
}

const AUTH_METHODS = [
	['', 'Same as the record'],
	['oauth2,password', 'OAuth 2.0, then password'],
	['password,oauth2', 'Password, then OAuth 2.0'],
	['password', 'Password only'],
	['oauth2', 'OAuth 2.0 only'],
] as const;

function AuthMethodsField({ path }: { readonly path: string }) {
	const field = useField(path);
	const { title, help } = fieldMetadata(path);
	return (
		<SelectField
			field={field}
			title={title}
			help={help}
			choices={AUTH_METHODS}
			chosen={Array.isArray(field.value) ? field.value.join(',') : ''}
			choose={(chosen) => field.set(chosen === '' ? undefined : chosen.split(','))}
		/>
	);
}
