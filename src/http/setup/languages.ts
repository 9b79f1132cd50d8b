/** The languages of the set-up page: one message file for each. The English file decides which messages there are. */
import { parseAccept } from 'hono/utils/accept';
import ar from './messages/ar.json' with { type: 'json' };
import de from './messages/de.json' with { type: 'json' };
import en from './messages/en.json' with { type: 'json' };
import es from './messages/es.json' with { type: 'json' };
import fr from './messages/fr.json' with { type: 'json' };
import ja from './messages/ja.json' with { type: 'json' };
import pl from './messages/pl.json' with { type: 'json' };

export type MessageKey = keyof typeof en;
type Messages = Readonly<Record<MessageKey, string>>;

/** In the order of the language menu. */
export const LANGUAGES = { en, de, fr, es, pl, ja, ar } as const satisfies Readonly<Record<string, Messages>>;

export type Language = keyof typeof LANGUAGES;

export const LANGUAGE_CODES = Object.keys(LANGUAGES) as readonly Language[];

const RIGHT_TO_LEFT_LANGUAGES: readonly Language[] = ['ar'];

export function textDirection(language: Language): 'ltr' | 'rtl' {
	return RIGHT_TO_LEFT_LANGUAGES.includes(language) ? 'rtl' : 'ltr';
}

/** A language by its code, `de` or `de-AT`; null where there is none. */
export function parseLanguage(code: string): Language | null {
	const primary = code.trim().toLowerCase().split('-')[0] ?? '';
	return LANGUAGE_CODES.find((language) => language === primary) ?? null;
}

/** The language that an Accept-Language header prefers among those of the page (RFC 9110 §12.5.4); English where there is none. */
export function negotiateLanguage(header: string): Language {
	// Browsers send less than this. The header is cut before it is parsed and sorted, because strangers may send any length.
	for (const { type, q } of parseAccept(header.slice(0, 500)).sort((a, b) => b.q - a.q)) {
		const language = q > 0 ? parseLanguage(type) : null;
		if (language !== null) return language;
	}
	return 'en';
}

/** Fills in `{names}`. A name without a value stays, so that the caller can put an element there. */
export function interpolate(text: string, values: Readonly<Record<string, string | number>> = {}): string {
	return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The messages of one language. */
export interface Translator {
	readonly language: Language;
	readonly text: (key: MessageKey, values?: Readonly<Record<string, string | number>>) => string;
}

export function createTranslator(language: Language): Translator {
	return { language, text: (key, values) => interpolate(LANGUAGES[language][key], values) };
}
