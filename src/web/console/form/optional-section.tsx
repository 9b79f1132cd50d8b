/** A part of the record that can be switched on and off. */
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { useField } from './form-context.ts';
import { FieldMessages } from './form-fields.tsx';

interface OptionalSectionProps {
	readonly path: string;
	readonly title: string;
	readonly help: string;
	/** What it holds when it is switched on for the first time. */
	readonly initialValue: object;
	readonly children: ComponentChildren;
}

export function OptionalSection({ path, title, help, initialValue, children }: OptionalSectionProps) {
	const field = useField(path, 'alone');
	// Switched off by mistake and on again, it is what it was.
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
