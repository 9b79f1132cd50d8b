/** What the operator runs: one part of the form each. */
import { HTTP_SERVICE_ORDER, type HttpService, SOCKET_SERVICE_ORDER, type SocketService } from '../../../model/service.ts';
import { aboutField } from '../about.ts';
import { Choice, TextField } from './field.tsx';
import { useField } from './form.ts';
import { FallbackPort, ImplicitPort } from './ports.tsx';
import { Section } from './section.tsx';

const SOCKET_HELP = {
	imap: 'Mail is read where it lies on the server.',
	pop3: 'Mail is fetched from the server; for the few who ask.',
	submission: 'Mail is sent.',
	sieve: 'Filters are managed on the server.',
} as const satisfies Record<SocketService, string>;

export function Services() {
	return (
		<>
			{SOCKET_SERVICE_ORDER.map((service) => (
				<SocketPart key={service} service={service} />
			))}
			{HTTP_SERVICE_ORDER.map((service) => (
				<HttpPart key={service} service={service} />
			))}
		</>
	);
}

function SocketPart({ service }: { readonly service: SocketService }) {
	const path = `services.${service}`;
	return (
		<Section path={path} title={aboutField(path).title} help={SOCKET_HELP[service]} begin={{ host: '' }}>
			<TextField path={`${path}.host`} required placeholder={service === 'submission' ? 'smtp.example.org' : `${service}.example.org`} />
			<ImplicitPort service={service} />
			<FallbackPort service={service} />
			<More path={path} />
		</Section>
	);
}

function HttpPart({ service }: { readonly service: HttpService }) {
	const path = `services.${service}`;
	return (
		<Section path={path} {...aboutField(path)} begin={{ url: '' }}>
			<TextField path={`${path}.url`} required kind="url" placeholder="https://dav.example.org/" />
			<More path={path} />
		</Section>
	);
}

/** What most services have from the record. */
function More({ path }: { readonly path: string }) {
	const login = useField(`${path}.login`);
	const auth = useField(`${path}.auth`);
	return (
		<details open={login.value !== undefined || auth.value !== undefined}>
			<summary>Login of its own</summary>
			<div class="stack">
				<TextField path={`${path}.login`} placeholder="as the record has it" />
				<Auth path={`${path}.auth`} />
			</div>
		</details>
	);
}

const WAYS = [
	['', 'As the record has it'],
	['oauth2,password', 'OAuth 2.0, then password'],
	['password,oauth2', 'Password, then OAuth 2.0'],
	['password', 'Password only'],
	['oauth2', 'OAuth 2.0 only'],
] as const;

function Auth({ path }: { readonly path: string }) {
	const field = useField(path);
	const { title, help } = aboutField(path);
	return (
		<Choice
			field={field}
			title={title}
			help={help}
			choices={WAYS}
			chosen={Array.isArray(field.value) ? field.value.join(',') : ''}
			choose={(chosen) => field.set(chosen === '' ? undefined : chosen.split(','))}
		/>
	);
}
