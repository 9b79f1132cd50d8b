/// <reference path="./punycode.d.ts" />
/** Words of one language, as text and as elements. */
import type { Child } from 'hono/jsx';
import { toUnicode } from 'punycode/punycode.es6.js';
import { filled, LANGUAGES, type Language, type MessageKey } from './languages.ts';

export interface Texts {
	readonly language: Language;
	readonly text: (key: MessageKey, values?: Readonly<Record<string, string | number>>) => string;
}

export function textsIn(language: Language): Texts {
	return { language, text: (key, values) => filled(LANGUAGES[language][key], values) };
}

/** Names, addresses and ports are written from left to right, whatever the language around them. */
export function Ltr({ children }: { children?: Child }) {
	return <bdi dir="ltr">{children}</bdi>;
}

/** A domain as its people write it: they see no A-labels anywhere else. */
export function readable(domain: string): string {
	return toUnicode(domain);
}

/** A name with dots may go on in the next line at each of them, rather than somewhere. */
function breakable(value: string | number): Child {
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

interface RichProps {
	readonly texts: Texts;
	readonly of: MessageKey;
	readonly values?: Readonly<Record<string, string | number>>;
}

/** A message with what a translator marked: `*words on the screen*` stand out, `{values}` keep their own direction. */
export function Rich({ texts, of, values = {} }: RichProps) {
	const parts = texts.text(of).split(/(\*[^*]+\*|\{\w+\})/);
	return (
		<>
			{parts.map((part) => {
				if (part.startsWith('*')) return <strong>{part.slice(1, -1)}</strong>;
				return part.startsWith('{') ? <Ltr>{breakable(values[part.slice(1, -1)] ?? part)}</Ltr> : part;
			})}
		</>
	);
}
