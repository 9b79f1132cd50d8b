/** The two ports of a service: chosen from what is usual, written down only where the record differs from it. */
import { SOCKET_SERVICES, type SocketService } from '../../../model/service-ports.ts';
import { isJsonObject } from '../record/json-path.ts';
import { fieldMetadata } from './field-metadata.ts';
import { type BoundField, useField } from './form-context.ts';
import { inputAttributes, LabelledField, SelectField } from './form-fields.tsx';

/** Port of TLS from the first byte. */
export function ImplicitTlsPortField({ service }: { readonly service: SocketService }) {
	const path = `services.${service}.implicit`;
	const { implicit } = SOCKET_SERVICES[service];
	const field = useField(path);
	const port = field.value === undefined ? implicit : field.value;
	return (
		<PortSelect
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
export function StarttlsPortField({ service }: { readonly service: SocketService }) {
	const path = `services.${service}.starttls`;
	const { starttls, registeredStarttls } = SOCKET_SERVICES[service];
	const field = useField(path, 'alone');
	const port = field.value === undefined ? starttls : isJsonObject(field.value) ? field.value.port : field.value;
	const until = isJsonObject(field.value) ? field.value.until : undefined;
	const write = (next: unknown, end: unknown) => {
		if (next !== null && end !== undefined) field.set({ port: next, until: end });
		else field.set(next === starttls ? undefined : next);
	};
	return (
		<>
			<PortSelect
				path={path}
				field={field}
				port={port}
				standard={registeredStarttls}
				write={(next) => write(next, until)}
				none="None: no fallback is offered"
			/>
			{port === null ? null : <EndDateField path={`${path}.until`} value={until} write={(end) => write(port, end)} />}
		</>
	);
}

interface PortSelectProps {
	readonly path: string;
	readonly field: BoundField;
	/** A number, null for none; anything while it is typed. */
	readonly port: unknown;
	readonly standard: number | null;
	readonly write: (port: unknown) => void;
	readonly none: string;
}

function PortSelect({ path, field, port, standard, write, none }: PortSelectProps) {
	const about = fieldMetadata(path);
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
			<SelectField
				field={chosen === 'own' ? { ...field, faults: [] } : field}
				title={about.title}
				help={help}
				choices={choices}
				chosen={chosen}
				choose={choose}
			/>
			{chosen === 'own' ? (
				<LabelledField field={own} title="Port" help="" required>
					<input
						{...inputAttributes(own, '')}
						inputMode="numeric"
						value={String(port)}
						readOnly={field.readOnly}
						autocomplete="off"
						onInput={({ currentTarget: { value } }) => write(/^\d+$/.test(value) ? Number(value) : value)}
					/>
				</LabelledField>
			) : null}
		</div>
	);
}

function EndDateField({ path, value, write }: { readonly path: string; readonly value: unknown; readonly write: (end: unknown) => void }) {
	const field = useField(path);
	const { title, help } = fieldMetadata(path);
	return (
		<LabelledField field={field} title={title} help={help}>
			<input
				{...inputAttributes(field, help)}
				type="date"
				value={typeof value === 'string' ? value : ''}
				readOnly={field.readOnly}
				onInput={(event) => write(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
			/>
		</LabelledField>
	);
}
