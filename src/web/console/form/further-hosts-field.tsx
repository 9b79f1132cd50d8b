/** The further hosts of a service, one on each line. Ports of their own are kept with their host; they are edited in the JSON. */
import { useState } from 'preact/hooks';
import { isDeepEqual } from '../../../lib/json/json-path.ts';
import type { SocketService } from '../../../model/service-ports.ts';
import { fieldMetadata } from './field-metadata.ts';
import { useField } from './form-context.ts';
import { splitLines } from './form-fields.tsx';
import { LabelledField } from './labelled-field.tsx';

export function FurtherHostsField({ service }: { readonly service: SocketService }) {
	const field = useField(`services.${service}.alternatives`);
	const { title, help } = fieldMetadata(`services.${service}.alternatives`);
	const [text, setText] = useState('');
	const entries: readonly unknown[] = Array.isArray(field.value) ? field.value : [];
	const hosts = entries.map(hostOf);
	// The typed text, blank lines included, is shown while it means the same hosts as the record. Otherwise they were changed elsewhere.
	const shown = isDeepEqual(splitLines(text), hosts) ? text : hosts.join('\n');
	const write = (value: string) => {
		setText(value);
		const lines = splitLines(value);
		field.set(lines.length === 0 ? undefined : lines.map((host) => entries.find((entry) => hostOf(entry) === host) ?? { host }));
	};
	return (
		<LabelledField
			id={field.id}
			title={title}
			note="(optional)"
			help={`${help} One per line; ports of their own are set in the JSON.`}
			problems={field}
		>
			{(control) => (
				<textarea
					{...control}
					rows={Math.max(2, hosts.length + 1)}
					value={shown}
					placeholder={`${service === 'submission' ? 'smtp' : service}2.example.org`}
					readOnly={field.readOnly}
					spellcheck={false}
					onInput={(event) => write(event.currentTarget.value)}
				/>
			)}
		</LabelledField>
	);
}

function hostOf(entry: unknown): string {
	return typeof entry === 'object' && entry !== null && 'host' in entry ? String(entry.host) : '';
}
