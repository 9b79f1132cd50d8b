/** A part of the record that can be switched on and off, for example one service. */
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { useField } from './form-context.ts';
import { FieldMessages } from './labelled-field.tsx';

interface OptionalSectionProps {
	readonly path: string;
	readonly title: string;
	readonly help: string;
	/** The value of the part when it is first switched on. */
	readonly initialValue: object;
	readonly children: ComponentChildren;
}

export function OptionalSection({ path, title, help, initialValue, children }: OptionalSectionProps) {
	const field = useField(path, 'field-only');
	// The last value is kept, so that switching a part off and on again loses nothing.
	const last = useRef<unknown>(initialValue);
	const on = field.value !== undefined;
	const toggle = (checked: boolean) => {
		if (!checked) last.current = field.value;
		field.set(checked ? last.current : undefined);
	};
	return (
		<fieldset class={on ? 'part on' : 'part'}>
			<legend>
				<label class="switch">
					<input
						type="checkbox"
						id={field.id}
						checked={on}
						disabled={field.readOnly}
						aria-describedby={`${field.id}-help`}
						onChange={(event) => toggle(event.currentTarget.checked)}
					/>
					{title}
				</label>
			</legend>
			<p class="hint" id={`${field.id}-help`}>
				{help}
			</p>
			<FieldMessages {...field} />
			{on ? <div class="stack">{children}</div> : null}
		</fieldset>
	);
}
