/** Messages as elements: marked words and values stand out, and keep their own direction. */
import type { Child } from 'hono/jsx';
import { splitBreakableName } from '../../lib/presentation/breakable-name.ts';
import type { MessageKey, Translator } from './languages.ts';

/** Names, addresses and ports are written from left to right in every language. */
export function LeftToRight({ children }: { children?: Child }) {
	return <bdi dir="ltr">{children}</bdi>;
}

/** A name or a URL that may continue on the next line at its dots and slashes, for example where it is longer than a line. */
export function BreakableName({ text }: { readonly text: string }) {
	return (
		<>
			{splitBreakableName(text).map((part, at) => (
				<>
					{at === 0 ? null : <wbr />}
					{part}
				</>
			))}
		</>
	);
}

/** A word of at most so many characters fits a line of the smallest phone. */
const MAX_UNBROKEN_LENGTH = 16;

/** A value in a message. A short word, such as a name or a date, goes to the next line whole. */
function FilledValue({ value }: { readonly value: string }) {
	if (/\s/.test(value)) return <LeftToRight>{value}</LeftToRight>;
	if (value.length <= MAX_UNBROKEN_LENGTH)
		return (
			<bdi dir="ltr" class="unbroken">
				{value}
			</bdi>
		);
	return (
		<LeftToRight>
			<BreakableName text={value} />
		</LeftToRight>
	);
}

interface MessageProps {
	readonly translator: Translator;
	readonly id: MessageKey;
	readonly values?: Readonly<Record<string, string | number>>;
}

/** A message. `*words on the screen*` are emphasised, and `{values}` are filled in, inside emphasised words too. */
export function Message({ translator, id, values = {} }: MessageProps) {
	const parts = translator.text(id).split(/(\*[^*]+\*)/);
	return (
		<>{parts.map((part) => (part.startsWith('*') ? <strong>{withValues(part.slice(1, -1), values)}</strong> : withValues(part, values)))}</>
	);
}

function withValues(text: string, values: Readonly<Record<string, string | number>>): Child {
	return (
		<>
			{text
				.split(/(\{\w+\})/)
				.map((part) => (part.startsWith('{') ? <FilledValue value={String(values[part.slice(1, -1)] ?? part)} /> : part))}
		</>
	);
}
