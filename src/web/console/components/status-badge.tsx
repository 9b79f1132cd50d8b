/** How a record stands, as a label with a mark: never by colour alone. */
import type { RecordStatus } from '../record/record-status.ts';

const TONE_MARKS = { good: '✓', plain: '•', warn: '!', bad: '✕' } as const satisfies Record<RecordStatus['tone'], string>;

export function StatusBadge({
	status: { tone, text, explanation },
}: {
	readonly status: Pick<RecordStatus, 'tone' | 'text' | 'explanation'>;
}) {
	return (
		<span class={`badge tone-${tone}`} title={explanation}>
			<span aria-hidden="true">{TONE_MARKS[tone]}</span> {text}
		</span>
	);
}
