/** The record as JSON. Changes here update the form, and changes in the form update the JSON. */
import { useState } from 'preact/hooks';
import { errorMessage } from '../../../lib/error-message.ts';
import { isDeepEqual, renderJson } from '../../../lib/json/json-path.ts';
import { LabelledField } from '../form/labelled-field.tsx';

interface JsonPaneProps {
	readonly draft: unknown;
	readonly onChange: (draft: unknown) => void;
	readonly readOnly: boolean;
}

export function JsonPane({ draft, onChange, readOnly }: JsonPaneProps) {
	const [typed, setTyped] = useState<{ readonly text: string; readonly draft: unknown } | null>(null);
	// The typed text is shown as long as it means the same as the draft, or is invalid and the form has not changed since. Its layout is kept.
	const parsed = typed === null ? null : parseJson(typed.text);
	const isShown = typed !== null && parsed !== null && (parsed.ok ? isDeepEqual(parsed.value, draft) : typed.draft === draft);
	const text = isShown ? typed.text : renderJson(draft);
	const fault = isShown && !parsed.ok ? parsed.reason : null;
	const write = (next: string) => {
		setTyped({ text: next, draft });
		const value = parseJson(next);
		if (value.ok) onChange(value.value);
	};
	return (
		<LabelledField
			id="json"
			title="Record as JSON"
			help={fault === null ? 'Changes here update the form, and the other way round.' : ''}
			problems={{ faults: fault === null ? [] : [`Invalid JSON: ${fault}`], warnings: [] }}
		>
			{(control) => (
				<textarea
					{...control}
					class="code"
					rows={Math.min(40, Math.max(14, text.split('\n').length + 1))}
					value={text}
					readOnly={readOnly}
					spellcheck={false}
					autocapitalize="none"
					onInput={(event) => write(event.currentTarget.value)}
				/>
			)}
		</LabelledField>
	);
}

function parseJson(text: string): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string } {
	try {
		return { ok: true, value: JSON.parse(text) };
	} catch (failure) {
		return { ok: false, reason: errorMessage(failure) };
	}
}
