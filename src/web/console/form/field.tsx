/** A labelled input: title and help from the schema, what is wrong below it. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { aboutField } from '../about.ts';
import { same } from '../json.ts';
import { type Bound, useField } from './form.ts';

interface LabelledProps {
	readonly field: Pick<Bound, 'id' | 'faults' | 'warnings'>;
	readonly title: string;
	readonly help: string;
	readonly required?: boolean;
	readonly children: ComponentChildren;
}

export function Labelled({ field: { id, faults, warnings }, title, help, required = false, children }: LabelledProps) {
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
			<Said id={id} faults={faults} warnings={warnings} />
		</div>
	);
}

export function Said({ id, faults, warnings }: Pick<Bound, 'id' | 'faults' | 'warnings'>) {
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
export function described({ id, faults }: Pick<Bound, 'id' | 'faults'>, help: string) {
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
	const { title, help } = aboutField(path);
	const write = (text: string) => {
		if (text === '') field.set(undefined);
		else field.set(kind === 'number' && /^\d+$/.test(text) ? Number(text) : text);
	};
	return (
		<Labelled field={field} title={title} help={help} required={required}>
			<input
				{...described(field, help)}
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
		</Labelled>
	);
}

/** A list, one entry a line. */
export function LinesField({ path, placeholder }: { readonly path: string; readonly placeholder: string }) {
	const field = useField(path);
	const { title, help } = aboutField(path);
	const [text, setText] = useState('');
	const list = Array.isArray(field.value) ? field.value.map(String) : [];
	// What is typed stays as it is, empty lines and all, for as long as it says what the draft says.
	const shown = same(linesOf(text), list) ? text : list.join('\n');
	return (
		<Labelled field={field} title={title} help={`${help} One a line.`} required>
			<textarea
				{...described(field, help)}
				rows={Math.max(2, list.length + 1)}
				value={shown}
				placeholder={placeholder}
				readOnly={field.readOnly}
				spellcheck={false}
				onInput={({ currentTarget: { value } }) => {
					setText(value);
					field.set(linesOf(value));
				}}
			/>
		</Labelled>
	);
}

function linesOf(text: string): readonly string[] {
	return text
		.split('\n')
		.map((line) => line.trim())
		.filter((line) => line !== '');
}

interface ChoiceProps {
	readonly field: Bound;
	readonly title: string;
	readonly help: string;
	readonly choices: readonly (readonly [value: string, text: string])[];
	readonly chosen: string;
	readonly choose: (value: string) => void;
}

export function Choice({ field, title, help, choices, chosen, choose }: ChoiceProps) {
	return (
		<Labelled field={field} title={title} help={help} required>
			<select {...described(field, help)} value={chosen} disabled={field.readOnly} onChange={(event) => choose(event.currentTarget.value)}>
				{choices.map(([value, text]) => (
					<option key={value} value={value}>
						{text}
					</option>
				))}
			</select>
		</Labelled>
	);
}
