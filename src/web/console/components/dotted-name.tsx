/** Names that may be longer than the line that they stand on. */
import { Fragment } from 'preact';
import { splitBreakableName } from '../../../lib/presentation/breakable-name.ts';

/** Labels longer than this are broken where they have to be. */
const MAX_WHOLE_LABEL = 24;

/**
 * A host name, or a text with host names, that is broken at its dots and slashes where it is too long for its line. A label of ordinary
 * length is never broken, not at its hyphens either; but in a heading it is, where it is longer than the line.
 */
export function DottedName({ text }: { readonly text: string }) {
	return (
		<>
			{splitBreakableName(text).map((part, at) => (
				<Fragment key={at}>
					{at === 0 ? null : <wbr />}
					<span class={part.length <= MAX_WHOLE_LABEL && !/\s/.test(part) ? 'whole' : undefined}>{part}</span>
				</Fragment>
			))}
		</>
	);
}
