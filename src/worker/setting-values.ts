/** The forms of settings that several variables have in common. */
import * as v from 'valibot';
import { isLoopbackHost } from '../lib/http/loopback-host.ts';
import { type Domain, parseDomain } from '../model/names.ts';
import { isWildcardName, parseRecordName, type RecordName } from '../model/record-name.ts';

/** How one variable is read. */
export interface Variable<T> {
	readonly schema: v.GenericSchema<string, T>;
	/** As it stands in wrangler.toml. */
	readonly defaultText: string;
	/** What it has to be, as the end of "X is not …". */
	readonly expected: string;
	/** What becomes of a value that cannot be used; left out: the default counts. */
	readonly remedy?: string;
}

const onOrOff = v.pipe(v.string(), v.trim(), v.picklist(['on', 'off']));
const isOn = v.pipe(
	onOrOff,
	v.transform((text) => text === 'on'),
);
export const switchVariable = (defaultText: 'on' | 'off'): Variable<boolean> => ({ schema: isOn, defaultText, expected: '"on" or "off"' });

export function numberVariable(defaultText: string, min: number, max: number): Variable<number> {
	const digits = v.pipe(v.string(), v.trim(), v.maxLength(9), v.regex(/^\d+$/));
	const schema = v.pipe(digits, v.transform(Number), v.minValue(min), v.maxValue(max));
	return { schema, defaultText, expected: `a whole number from ${min} to ${max}` };
}

/** A variable whose default is blank, and means that something is off. */
export function optionalVariable<T>(parse: (text: string) => T | null, expected: string): Variable<T | null> {
	const valid = v.check((text: string) => text === '' || parse(text) !== null);
	const schema = v.pipe(
		v.string(),
		v.trim(),
		valid,
		v.transform((text) => (text === '' ? null : parse(text))),
	);
	return { schema, defaultText: '', expected };
}

/** One of a few words, or blank. */
export function wordVariable<Word extends string>(words: readonly Word[]): Variable<Word | null> {
	return optionalVariable((text) => words.find((word) => word === text) ?? null, `one of ${words.join(', ')}`);
}

/** The URL of a provider's API. A secret goes there: only a double on this machine may be without encryption. */
export const apiUrl = v.pipe(v.string(), v.trim(), v.url(), v.check(isApiUrl));

export function isApiUrl(text: string): boolean {
	return URL.canParse(text) && /^(https:\/\/|http:\/\/127\.0\.0\.1[:/])/.test(text);
}

/** A list of domains, separated by commas. Null where one of them is none. */
export function parseDomains(text: string): readonly Domain[] | null {
	const domains = text.split(',').map((domain) => parseDomain(domain.trim()));
	return domains.every((domain) => domain !== null) ? domains : null;
}

/** Host names as a browser's URL has them: lower case, A-labels. Null where one of them is not a host name. */
export function parseHostNames(text: string): readonly string[] | null {
	const names = text.split(',').map((name) => parseHostName(name.trim()));
	return names.every((name) => name !== null) ? names : null;
}

/** Names of wildcard records. Null where one of them is none. */
export function parseWildcards(text: string): readonly RecordName[] | null {
	const names = text.split(',').map((name) => (isWildcardName(name.trim()) ? parseRecordName(name.trim().toLowerCase()) : null));
	return names.every((name) => name !== null) ? names : null;
}

function parseHostName(text: string): string | null {
	const lower = text.toLowerCase();
	return isLoopbackHost(lower) ? lower : parseDomain(text);
}

export function parseHttpsOrigin(text: string): string | null {
	if (!URL.canParse(text)) return null;
	const { protocol, origin } = new URL(text);
	return protocol === 'https:' ? origin : null;
}
