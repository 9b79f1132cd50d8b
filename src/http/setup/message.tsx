/** Messages as elements: marked words and values stand out, and keep their own direction. */
import type { Child } from 'hono/jsx';
import type { MessageKey, Translator } from './languages.ts';

/** Names, addresses and ports are written from left to right in every language. */
export function LeftToRight({ children }: { children?: Child }) {
	return <bdi dir="ltr">{children}</bdi>;
}

/** A name with dots may continue on the next line after each label, but nowhere else. */
function withLineBreaks(value: string | number): Child {
	const [first, ...rest] = String(value).split('.');
	return (
		<>
			{first}
			{rest.map((label) => (
				<>
					<wbr />.{label}
				</>
			))}
		</>
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
				.map((part) => (part.startsWith('{') ? <LeftToRight>{withLineBreaks(values[part.slice(1, -1)] ?? part)}</LeftToRight> : part))}
		</>
	);
}
