/** How a record stands, as a label with a mark: never by colour alone. */
import type { Standing } from './standing.ts';

const MARKS = { good: '✓', plain: '•', warn: '!', bad: '✕' } as const satisfies Record<Standing['tone'], string>;

export function Badge({ standing: { tone, text, why } }: { readonly standing: Pick<Standing, 'tone' | 'text' | 'why'> }) {
	return (
		<span class={`badge tone-${tone}`} title={why}>
			<span aria-hidden="true">{MARKS[tone]}</span> {text}
		</span>
	);
}
