/** A label, one control, its help and its messages, tied together for assistive technology. */
import type { ComponentChildren } from 'preact';

/** The attributes that tie a control to its label, help and messages. Every control inside a `LabelledField` takes them. */
export interface ControlAttributes {
	readonly id: string;
	readonly 'aria-describedby': string | undefined;
	readonly 'aria-invalid': 'true' | undefined;
}

/** What is wrong with the value of a field, in sentences. `faults` keep a record from being saved; `warnings` do not. */
export interface FieldProblems {
	readonly faults: readonly string[];
	readonly warnings: readonly string[];
}

interface LabelledFieldProps {
	readonly id: string;
	readonly title: string;
	/** Shown after the title in a lighter colour, for example `(optional)`. */
	readonly note?: string;
	readonly help?: string;
	/** Left out where nothing checks the field while it is edited. */
	readonly problems?: FieldProblems;
	readonly children: (control: ControlAttributes) => ComponentChildren;
}

export function LabelledField({ id, title, note = '', help = '', problems, children }: LabelledFieldProps) {
	const isWrong = problems !== undefined && problems.faults.length > 0;
	const describedBy = [...(help === '' ? [] : [`${id}-help`]), ...(problems === undefined ? [] : [`${id}-messages`])];
	return (
		<div class={isWrong ? 'input wrong' : 'input'}>
			<label for={id}>
				{title}
				{note === '' ? null : <span class="optional"> {note}</span>}
			</label>
			{children({
				id,
				'aria-describedby': describedBy.length === 0 ? undefined : describedBy.join(' '),
				'aria-invalid': isWrong ? 'true' : undefined,
			})}
			{help === '' ? null : (
				<p class="hint" id={`${id}-help`}>
					{help}
				</p>
			)}
			{problems === undefined ? null : <FieldMessages id={id} {...problems} />}
		</div>
	);
}

interface NameInputProps extends Omit<LabelledFieldProps, 'children' | 'problems'> {
	readonly placeholder: string;
	readonly required: boolean;
	readonly value: string;
	readonly onValue: (value: string) => void;
}

/** A field for the name of a domain or a host, which no keyboard corrects, capitalizes or completes. */
export function HostNameField({ placeholder, required, value, onValue, ...field }: NameInputProps) {
	return (
		<LabelledField {...field}>
			{(control) => (
				<input
					{...control}
					required={required}
					autocomplete="off"
					autocapitalize="none"
					spellcheck={false}
					placeholder={placeholder}
					value={value}
					onInput={(event) => onValue(event.currentTarget.value)}
				/>
			)}
		</LabelledField>
	);
}

/** The faults and warnings of a field, announced to screen readers when they change. */
export function FieldMessages({ id, faults, warnings }: FieldProblems & { readonly id: string }) {
	const messages = [...faults.map((text) => ({ tone: 'fault', text })), ...warnings.map((text) => ({ tone: 'caution', text }))];
	return (
		<div id={`${id}-messages`} aria-live="polite">
			{messages.map(({ tone, text }) => (
				<p key={text} class={tone}>
					{text}
				</p>
			))}
		</div>
	);
}
