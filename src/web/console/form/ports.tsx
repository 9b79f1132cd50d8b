/** The two ports of a service: chosen from what is usual, written down only where the record differs from it. */
import { SOCKET_SERVICES, type SocketService } from '../../../model/service.ts';
import { aboutField } from '../about.ts';
import { isObject } from '../json.ts';
import { Choice, described, Labelled } from './field.tsx';
import { type Bound, useField } from './form.ts';

/** Port of TLS from the first byte. */
export function ImplicitPort({ service }: { readonly service: SocketService }) {
	const path = `services.${service}.implicit`;
	const { implicit } = SOCKET_SERVICES[service];
	const field = useField(path);
	const port = field.value === undefined ? implicit : field.value;
	return (
		<PortChoice
			path={path}
			field={field}
			port={port}
			standard={implicit}
			write={(next) => field.set(next === implicit ? undefined : next)}
			none="None: the server has no implicit TLS"
		/>
	);
}

/** Port of the fallback, and the day on which it ends. */
export function FallbackPort({ service }: { readonly service: SocketService }) {
	const path = `services.${service}.starttls`;
	const { starttls, registered } = SOCKET_SERVICES[service];
	const field = useField(path, 'alone');
	const port = field.value === undefined ? starttls : isObject(field.value) ? field.value.port : field.value;
	const until = isObject(field.value) ? field.value.until : undefined;
	const write = (next: unknown, end: unknown) => {
		if (next !== null && end !== undefined) field.set({ port: next, until: end });
		else field.set(next === starttls ? undefined : next);
	};
	return (
		<>
			<PortChoice
				path={path}
				field={field}
				port={port}
				standard={registered}
				write={(next) => write(next, until)}
				none="None: no fallback is offered"
			/>
			{port === null ? null : <Until path={`${path}.until`} value={until} write={(end) => write(port, end)} />}
		</>
	);
}

interface PortChoiceProps {
	readonly path: string;
	readonly field: Bound;
	/** A number, null for none; anything while it is typed. */
	readonly port: unknown;
	readonly standard: number | null;
	readonly write: (port: unknown) => void;
	readonly none: string;
}

function PortChoice({ path, field, port, standard, write, none }: PortChoiceProps) {
	const about = aboutField(path);
	const chosen = port === null ? 'none' : port === standard ? 'standard' : 'own';
	// What is usual explains itself.
	const help = field.value === undefined ? '' : about.help;
	const choices = [
		...(standard === null ? [] : [['standard', `${standard}, the standard port`] as const]),
		['none', none] as const,
		['own', 'Another port'] as const,
	];
	const choose = (choice: string) => write(choice === 'none' ? null : choice === 'standard' ? standard : '');
	const own = { id: `${field.id}-own`, faults: chosen === 'own' ? field.faults : [], warnings: [] };
	return (
		<div class={chosen === 'own' ? 'pair' : 'single'}>
			<Choice
				field={chosen === 'own' ? { ...field, faults: [] } : field}
				title={about.title}
				help={help}
				choices={choices}
				chosen={chosen}
				choose={choose}
			/>
			{chosen === 'own' ? (
				<Labelled field={own} title="Port" help="" required>
					<input
						{...described(own, '')}
						inputMode="numeric"
						value={String(port)}
						readOnly={field.readOnly}
						autocomplete="off"
						onInput={({ currentTarget: { value } }) => write(/^\d+$/.test(value) ? Number(value) : value)}
					/>
				</Labelled>
			) : null}
		</div>
	);
}

function Until({ path, value, write }: { readonly path: string; readonly value: unknown; readonly write: (end: unknown) => void }) {
	const field = useField(path);
	const { title, help } = aboutField(path);
	return (
		<Labelled field={field} title={title} help={help}>
			<input
				{...described(field, help)}
				type="date"
				value={typeof value === 'string' ? value : ''}
				readOnly={field.readOnly}
				onInput={(event) => write(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
			/>
		</Labelled>
	);
}
