/** The record as JSON, for those who want it: what is typed here fills the form, and the other way round. */
import { useState } from 'preact/hooks';
import { isDeepEqual, renderJson } from './json-path.ts';

interface JsonPaneProps {
	readonly draft: unknown;
	readonly onChange: (draft: unknown) => void;
	readonly readOnly: boolean;
}

export function JsonPane({ draft, onChange, readOnly }: JsonPaneProps) {
	const [typed, setTyped] = useState<{ readonly text: string; readonly draft: unknown } | null>(null);
	// What is typed stays as it is typed for as long as it says the same as the draft, or nothing yet and the form has not gone on.
	const read = typed === null ? null : parseJson(typed.text);
	const stays = typed !== null && read !== null && (read.ok ? isDeepEqual(read.value, draft) : typed.draft === draft);
	const text = stays ? typed.text : renderJson(draft);
	const fault = stays && !read.ok ? read.why : null;
	const write = (next: string) => {
		setTyped({ text: next, draft });
		const value = parseJson(next);
		if (value.ok) onChange(value.value);
	};
	return (
		<div class={fault === null ? 'input' : 'input wrong'}>
			<label for="json">Record as JSON</label>
			<textarea
				id="json"
				class="code"
				rows={Math.min(40, Math.max(14, text.split('\n').length + 1))}
				value={text}
				readOnly={readOnly}
				spellcheck={false}
				autocapitalize="none"
				aria-invalid={fault === null ? undefined : 'true'}
				aria-describedby="json-said"
				onInput={(event) => write(event.currentTarget.value)}
			/>
			<p id="json-said" class={fault === null ? 'hint' : 'fault'} aria-live="polite">
				{fault === null ? 'Goes together with the form.' : `Not JSON yet: ${fault}`}
			</p>
		</div>
	);
}

function parseJson(text: string): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly why: string } {
	try {
		return { ok: true, value: JSON.parse(text) };
	} catch (failure) {
		return { ok: false, why: failure instanceof Error ? failure.message : 'it cannot be read' };
	}
}
