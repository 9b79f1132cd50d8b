/** The forms of settings that several variables have in common. */
import * as v from 'valibot';
import { isLoopbackHost } from '../lib/loopback-host.ts';
import { type Domain, parseDomain } from '../model/names.ts';
import { parseRecordName, type RecordName } from '../model/record-name.ts';

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
	const names = text.split(',').map((name) => (name.trim().startsWith('*') ? parseRecordName(name.trim().toLowerCase()) : null));
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
