/** Parts of the record that it need not have, for example one service: those that it has, and buttons that add the others. */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { getAtPath } from '../../../lib/json/json-path.ts';
import { fieldId, useField, useRecordForm } from './form-context.ts';
import { FieldMessages } from './labelled-field.tsx';

export interface OptionalPart {
	/** Where it is in the record, for example `services.pop3`. */
	readonly path: string;
	readonly title: string;
	readonly help: string;
	/** The value of the part when it is first added. */
	readonly initialValue: object;
	readonly fields: ComponentChildren;
}

/** @param label what the buttons add, for example `Add a service` */
export function OptionalParts({ label, parts }: { readonly label: string; readonly parts: readonly OptionalPart[] }) {
	const form = useRecordForm();
	// The last value of a part is kept, so that removing and adding it again loses nothing.
	const removed = useRef<Record<string, unknown>>({});
	const added = useRef<string | null>(null);
	const set = ({ path }: OptionalPart, value: unknown) => form.set(path.split('.'), value);
	const isUsed = ({ path }: OptionalPart) => getAtPath(form.draft, path.split('.')) !== undefined;
	useLayoutEffect(() => {
		if (added.current === null) return;
		document.getElementById(added.current)?.querySelector<HTMLElement>('input, select, textarea')?.focus();
		added.current = null;
	});
	const unused = form.readOnly ? [] : parts.filter((part) => !isUsed(part));
	return (
		<>
			{parts.filter(isUsed).map((part) => (
				<OptionalSection
					key={part.path}
					part={part}
					remove={() => {
						removed.current[part.path] = getAtPath(form.draft, part.path.split('.'));
						set(part, undefined);
					}}
				/>
			))}
			{unused.length === 0 ? null : (
				<fieldset class="adders">
					<legend class="soft">{label}</legend>
					{unused.map((part) => (
						<button
							key={part.path}
							type="button"
							class="quiet small"
							id={fieldId(part.path)}
							title={part.help}
							onClick={() => {
								added.current = fieldId(part.path);
								set(part, removed.current[part.path] ?? part.initialValue);
							}}
						>
							<span aria-hidden="true">+</span> {part.title}
						</button>
					))}
				</fieldset>
			)}
		</>
	);
}

function OptionalSection({ part: { path, title, help, fields }, remove }: { readonly part: OptionalPart; readonly remove: () => void }) {
	const field = useField(path, 'field-only');
	return (
		<fieldset class="part" id={field.id} tabIndex={-1} aria-describedby={`${field.id}-help`}>
			<legend>
				<span class="part-title">{title}</span>
				{field.readOnly ? null : (
					<button type="button" class="quiet small" onClick={remove}>
						Remove <span class="hidden">{title}</span>
					</button>
				)}
			</legend>
			<p class="hint" id={`${field.id}-help`}>
				{help}
			</p>
			<FieldMessages {...field} />
			<div class="stack">{fields}</div>
		</fieldset>
	);
}
