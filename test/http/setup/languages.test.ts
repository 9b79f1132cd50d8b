import { describe, expect, it } from 'vitest';
import { LANGUAGE_CODES, LANGUAGES } from '../../../src/http/setup/languages.ts';

const english = LANGUAGES.en as Readonly<Record<string, string>>;

function placeholders(text: string): readonly string[] {
	return (text.match(/\{\w+\}/g) ?? []).sort();
}

/** The number of screen labels that a message marks with asterisks. */
function markedWords(text: string): number {
	return text.match(/\*[^*]+\*/g)?.length ?? 0;
}

describe.each(LANGUAGE_CODES)('the messages in %s', (language) => {
	const messages = LANGUAGES[language] as Readonly<Record<string, string>>;

	it('are the same ones, in the same order', () => {
		expect(Object.keys(messages)).toEqual(Object.keys(english));
	});

	it.each(Object.keys(english))('%s has the same placeholders and marks, and is plain text', (key) => {
		const text = messages[key] ?? '';
		expect(placeholders(text)).toEqual(placeholders(english[key] ?? ''));
		expect(markedWords(text)).toBe(markedWords(english[key] ?? ''));
		expect(text).toBe(text.trim());
		expect(text).not.toMatch(/[<>]/);
		expect(text).not.toBe('');
	});
});
