/** Fields of the record form. Title and help come from the record's schema; what is wrong with the value is shown below the control. */
import { useState } from 'preact/hooks';
import { isDeepEqual } from '../../../lib/json/json-path.ts';
import { fieldMetadata } from './field-metadata.ts';
import { type BoundField, useField } from './form-context.ts';
import { LabelledField } from './labelled-field.tsx';

const OPTIONAL = '(optional)';

interface FieldProps {
	readonly path: string;
	readonly required?: boolean;
	readonly placeholder?: string;
	/** Which keyboard a phone offers. What the field may hold is decided by the schema alone. */
	readonly kind?: 'text' | 'url' | 'number';
}

/** A one-line field. Emptied, it is removed from the record. */
export function TextField({ path, required = false, placeholder = '', kind = 'text' }: FieldProps) {
	const field = useField(path);
	const { title, help } = fieldMetadata(path);
	const write = (text: string) => {
		if (text === '') field.set(undefined);
		else field.set(kind === 'number' && /^\d+$/.test(text) ? Number(text) : text);
	};
	return (
		<LabelledField id={field.id} title={title} note={required ? '' : OPTIONAL} help={help} problems={field}>
			{(control) => (
				<input
					{...control}
					// The browser's own number and URL fields discard text that they do not accept, so the schema could not say what is wrong with it.
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
			)}
		</LabelledField>
	);
}

/** A list of texts, one per line. */
export function ListField({ path, placeholder }: { readonly path: string; readonly placeholder: string }) {
	const field = useField(path);
	const { title, help } = fieldMetadata(path);
	const [text, setText] = useState('');
	const list = Array.isArray(field.value) ? field.value.map(String) : [];
	// The typed text, blank lines included, is shown while it means the same list as the record. Otherwise the list was changed elsewhere.
	const shown = isDeepEqual(splitLines(text), list) ? text : list.join('\n');
	return (
		<LabelledField id={field.id} title={title} help={`${help} One per line.`} problems={field}>
			{(control) => (
				<textarea
					{...control}
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
			)}
		</LabelledField>
	);
}

/** The lines of a text, without blank ones and blanks around them. */
export function splitLines(text: string): readonly string[] {
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

/** A choice from a list. The caller translates between the choices and the value in the record. */
export function SelectField({ field, title, help, choices, chosen, choose }: SelectFieldProps) {
	return (
		<LabelledField id={field.id} title={title} help={help} problems={field}>
			{(control) => (
				<select {...control} value={chosen} disabled={field.readOnly} onChange={(event) => choose(event.currentTarget.value)}>
					{choices.map(([value, text]) => (
						<option key={value} value={value}>
							{text}
						</option>
					))}
				</select>
			)}
		</LabelledField>
	);
}
