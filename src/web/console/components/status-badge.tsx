/** A state as a label. A mark tells it apart too: colour alone would not reach everybody (WCAG 1.4.1). */

export interface Status {
	readonly text: string;
	/** What the state means, and what to do about it. */
	readonly explanation: string;
	readonly tone: 'good' | 'plain' | 'warn' | 'bad';
}

const TONE_MARKS = { good: '✓', plain: '•', warn: '!', bad: '✕' } as const satisfies Record<Status['tone'], string>;

export function StatusBadge({ status: { tone, text, explanation } }: { readonly status: Status }) {
	return (
		<span class={`badge tone-${tone}`} title={explanation}>
			<span aria-hidden="true">{TONE_MARKS[tone]}</span> {text}
		</span>
	);
}

/** The mark alone, beside a sentence that says the same. */
export function StatusMark({ tone }: Pick<Status, 'tone'>) {
	return (
		<span class={`mark tone-${tone}`} aria-hidden="true">
			{TONE_MARKS[tone]}
		</span>
	);
}
