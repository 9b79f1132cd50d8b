/** A part of the record that can be switched on and off. */
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { Said } from './field.tsx';
import { useField } from './form.ts';

interface SectionProps {
	readonly path: string;
	readonly title: string;
	readonly help: string;
	/** What it holds when it is switched on for the first time. */
	readonly begin: object;
	readonly children: ComponentChildren;
}

export function Section({ path, title, help, begin, children }: SectionProps) {
	const field = useField(path, 'alone');
	// Switched off by mistake and on again, it is what it was.
	const last = useRef<unknown>(begin);
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
			<Said {...field} />
			{on ? <div class="stack">{children}</div> : null}
		</fieldset>
	);
}
