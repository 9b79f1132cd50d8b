/// <reference path="./punycode.d.ts" />
/** Words of one language, as text and as elements. */
import type { Child } from 'hono/jsx';
import { toUnicode } from 'punycode/punycode.es6.js';
import { interpolate, LANGUAGES, type Language, type MessageKey } from './languages.ts';

export interface Translator {
	readonly language: Language;
	readonly text: (key: MessageKey, values?: Readonly<Record<string, string | number>>) => string;
}

export function createTranslator(language: Language): Translator {
	return { language, text: (key, values) => interpolate(LANGUAGES[language][key], values) };
}

/** Names, addresses and ports are written from left to right, whatever the language around them. */
export function LeftToRight({ children }: { children?: Child }) {
	return <bdi dir="ltr">{children}</bdi>;
}

/** A domain as its people write it: they see no A-labels anywhere else. */
export function toUnicodeDomain(domain: string): string {
	return toUnicode(domain);
}

/** A name with dots may go on in the next line at each of them, rather than somewhere. */
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

/** A message with what a translator marked: `*words on the screen*` stand out, `{values}` keep their own direction. */
export function Message({ translator, id, values = {} }: MessageProps) {
	const parts = translator.text(id).split(/(\*[^*]+\*|\{\w+\})/);
	return (
		<>
			{parts.map((part) => {
				if (part.startsWith('*')) return <strong>{part.slice(1, -1)}</strong>;
				return part.startsWith('{') ? <LeftToRight>{withLineBreaks(values[part.slice(1, -1)] ?? part)}</LeftToRight> : part;
			})}
		</>
	);
}
