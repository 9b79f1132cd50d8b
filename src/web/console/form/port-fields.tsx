/** The two port fields of a service. The standard port is offered first, and is not written into the record. */

import { isJsonObject } from '../../../lib/json/json-path.ts';
import { SOCKET_SERVICES, type SocketService } from '../../../model/service-ports.ts';
import { fieldMetadata } from './field-metadata.ts';
import { type BoundField, useField } from './form-context.ts';
import { SelectField } from './form-fields.tsx';
import { LabelledField } from './labelled-field.tsx';

/** The port for implicit TLS, where the connection is encrypted from its first byte. */
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
			none="None: no implicit TLS"
		/>
	);
}

/** The port of the STARTTLS fallback, and the day on which it is no longer offered. */
export function StarttlsPortField({ service }: { readonly service: SocketService }) {
	const path = `services.${service}.starttls`;
	const { starttls, registeredStarttls } = SOCKET_SERVICES[service];
	const field = useField(path, 'field-only');
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
				none="None: do not offer a fallback"
			/>
			{port === null ? null : <EndDateField path={`${path}.until`} value={until} write={(end) => write(port, end)} />}
		</>
	);
}

interface PortSelectProps {
	readonly path: string;
	readonly field: BoundField;
	/** A number, or null for none. While it is typed it may be any text. */
	readonly port: unknown;
	readonly standard: number | null;
	readonly write: (port: unknown) => void;
	readonly none: string;
}

function PortSelect({ path, field, port, standard, write, none }: PortSelectProps) {
	const metadata = fieldMetadata(path);
	const chosen = port === null ? 'none' : port === standard ? 'standard' : 'own';
	// A port that is not set has its standard value, which needs no explanation.
	const help = field.value === undefined ? '' : metadata.help;
	const choices = [
		...(standard === null ? [] : [['standard', `${standard} (standard)`] as const]),
		['none', none] as const,
		['own', 'Another port'] as const,
	];
	const choose = (choice: string) => write(choice === 'none' ? null : choice === 'standard' ? standard : '');
	const isOwn = chosen === 'own';
	return (
		<div class={isOwn ? 'pair' : 'single'}>
			<SelectField
				field={isOwn ? { ...field, faults: [] } : field}
				title={metadata.title}
				help={help}
				choices={choices}
				chosen={chosen}
				choose={choose}
			/>
			{isOwn ? (
				<LabelledField id={`${field.id}-own`} title="Port" problems={{ faults: field.faults, warnings: [] }}>
					{(control) => (
						<input
							{...control}
							inputMode="numeric"
							value={String(port)}
							readOnly={field.readOnly}
							autocomplete="off"
							onInput={({ currentTarget: { value } }) => write(/^\d+$/.test(value) ? Number(value) : value)}
						/>
					)}
				</LabelledField>
			) : null}
		</div>
	);
}

function EndDateField({ path, value, write }: { readonly path: string; readonly value: unknown; readonly write: (end: unknown) => void }) {
	const field = useField(path);
	const { title, help } = fieldMetadata(path);
	return (
		<LabelledField id={field.id} title={title} note="(optional)" help={help} problems={field}>
			{(control) => (
				<input
					{...control}
					type="date"
					value={typeof value === 'string' ? value : ''}
					readOnly={field.readOnly}
					onInput={(event) => write(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
				/>
			)}
		</LabelledField>
	);
}
