/** A labelled input: title and help from the schema, what is wrong below it. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { isDeepEqual } from '../record/json-path.ts';
import { fieldMetadata } from './field-metadata.ts';
import { type BoundField, useField } from './form-context.ts';

interface LabelledFieldProps {
	readonly field: Pick<BoundField, 'id' | 'faults' | 'warnings'>;
	readonly title: string;
	readonly help: string;
	readonly required?: boolean;
	readonly children: ComponentChildren;
}

export function LabelledField({ field: { id, faults, warnings }, title, help, required = false, children }: LabelledFieldProps) {
	return (
		<div class={faults.length > 0 ? 'input wrong' : 'input'}>
			<label for={id}>
				{title}
				{required ? null : <span class="optional"> optional</span>}
			</label>
			{children}
			{help === '' ? null : (
				<p class="hint" id={`${id}-help`}>
					{help}
				</p>
			)}
			<FieldMessages id={id} faults={faults} warnings={warnings} />
		</div>
	);
}

export function FieldMessages({ id, faults, warnings }: Pick<BoundField, 'id' | 'faults' | 'warnings'>) {
	const about = [
		...faults.map((text) => ({ tone: 'fault', text: `This ${text}.` })),
		...warnings.map((text) => ({ tone: 'caution', text })),
	];
	return (
		<div id={`${id}-said`} aria-live="polite">
			{about.map(({ tone, text }) => (
				<p key={text} class={tone}>
					{text}
				</p>
			))}
		</div>
	);
}

/** What ties an input to its help and its faults. */
export function inputAttributes({ id, faults }: Pick<BoundField, 'id' | 'faults'>, help: string) {
	return {
		id,
		'aria-describedby': help === '' ? `${id}-said` : `${id}-help ${id}-said`,
		'aria-invalid': faults.length > 0 ? ('true' as const) : undefined,
	};
}

interface FieldProps {
	readonly path: string;
	readonly required?: boolean;
	readonly placeholder?: string;
	/** What the browser is told of it; the schema decides. */
	readonly kind?: 'text' | 'url' | 'number';
}

export function TextField({ path, required = false, placeholder = '', kind = 'text' }: FieldProps) {
	const field = useField(path);
	const { title, help } = fieldMetadata(path);
	const write = (text: string) => {
		if (text === '') field.set(undefined);
		else field.set(kind === 'number' && /^\d+$/.test(text) ? Number(text) : text);
	};
	return (
		<LabelledField field={field} title={title} help={help} required={required}>
			<input
				{...inputAttributes(field, help)}
				// A browser's own number and URL fields swallow what they do not like: the schema says what is wrong instead.
				type="text"
				inputMode={kind === 'number' ? 'numeric' : kind === 'url' ? 'url' : 'text'}
				value={field.value === undefined ? '' : String(field.value)}
				placeholder={placeholder}
				readOnly={field.readOnly}
				autocomplete="off"
				autocapitalize="none"
				spellcheck={false}
				onInput={(event) => write(event.currentTarget.value)}
			/>
		</LabelledField>
	);
}

/** A list, one entry a line. */
export function ListField({ path, placeholder }: { readonly path: string; readonly placeholder: string }) {
	const field = useField(path);
	const { title, help } = fieldMetadata(path);
	const [text, setText] = useState('');
	const list = Array.isArray(field.value) ? field.value.map(String) : [];
	// What is typed stays as it is, empty lines and all, for as long as it says what the draft says.
	const shown = isDeepEqual(splitLines(text), list) ? text : list.join('\n');
	return (
		<LabelledField field={field} title={title} help={`${help} One a line.`} required>
			<textarea
				{...inputAttributes(field, help)}
				rows={Math.max(2, list.length + 1)}
				value={shown}
				placeholder={placeholder}
				readOnly={field.readOnly}
				spellcheck={false}
				onInput={({ currentTarget: { value } }) => {
					setText(value);
					field.set(splitLines(value));
				}}
			/>
		</LabelledField>
	);
}

function splitLines(text: string): readonly string[] {
	return text
		.split('\n')
		.map((line) => line.trim())
		.filter((line) => line !== '');
}

interface SelectFieldProps {
	readonly field: BoundField;
	readonly title: string;
	readonly help: string;
	readonly choices: readonly (readonly [value: string, text: string])[];
	readonly chosen: string;
	readonly choose: (value: string) => void;
}

export function SelectField({ field, title, help, choices, chosen, choose }: SelectFieldProps) {
	return (
		<LabelledField field={field} title={title} help={help} required>
			<select
				{...inputAttributes(field, help)}
				value={chosen}
				disabled={field.readOnly}
				onChange={(event) => choose(event.currentTarget.value)}
			>
				{choices.map(([value, text]) => (
					<option key={value} value={value}>
						{text}
					</option>
				))}
			</select>
		</LabelledField>
	);
}
