import { describe, expect, it } from 'vitest';
import { splitBreakableName } from '../../../src/lib/presentation/breakable-name.ts';

describe('a name that may be longer than its line', () => {
	it.each([
		['mail.example.com', ['mail', '.example', '.com']],
		['mail.example.com.', ['mail', '.example', '.com.']],
		['Follow mail.example.com. Then wait.', ['Follow mail', '.example', '.com. Then wait.']],
		['https://dav.example.com/calendars/you', ['https://dav', '.example', '.com/', 'calendars/', 'you']],
		['https://example.com//twice/', ['https://example', '.com//twice/']],
		['name', ['name']],
		['', ['']],
	])('%s is broken before dots and after slashes, never within ://', (text, parts) => {
		expect(splitBreakableName(text)).toEqual(parts);
		expect(splitBreakableName(text).join('')).toBe(text);
	});
});
