/**
 * The list in KV of the wildcards that have a record. An isolate that has read it asks KV for no wildcard that does not exist: without it, a
 * name that nobody recorded costs up to three more keys.
 *
 * Where there is no list, or one that cannot be read or is out of date, nobody knows which wildcards exist, and KV is asked for each.
 */
import { HOUR_MS } from '../../lib/time.ts';
import { recordKey } from '../../model/record-key.ts';
import { isWildcardName, parseRecordName, type RecordName } from '../../model/record-name.ts';

/** The list's key in KV. Beside the records' keys, so that whatever empties the namespace takes it along. */
export const WILDCARD_LIST_KEY = 'store:wildcards';

/** Wildcards in the list at most. Where there are more, no list is kept: each isolate reads it again and again. */
export const MAX_LISTED_WILDCARDS = 100;

/** Milliseconds after which the directory looks again which wildcards there are: others may have put one into KV by hand. */
export const WILDCARD_LIST_RENEWAL_MS = HOUR_MS;

/** Milliseconds for which a list is believed. Where nobody renews it, every wildcard is found again after that. */
const WILDCARD_LIST_VALID_MS = 2 * WILDCARD_LIST_RENEWAL_MS;

/** What is stored where nobody knows which wildcards there are: it is read as no list. */
export const UNKNOWN_WILDCARDS = '{}';

/**
 * The value of the list's key.
 * @param now Unix time in milliseconds
 */
export function renderWildcardList(names: readonly RecordName[], now: number): string {
	return JSON.stringify({ until: now + WILDCARD_LIST_VALID_MS, wildcards: names });
}

/**
 * Reads the list.
 * @param text the value of the list's key; null where there is none
 * @param now Unix time in milliseconds
 * @returns the keys of the wildcards' records in KV (`record:*.example.org`); null where it is not known which wildcards exist
 */
export function parseWildcardList(text: string | null, now: number): ReadonlySet<string> | null {
	if (text === null) return null;
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return null;
	}
	if (typeof value !== 'object' || value === null || !('until' in value && 'wildcards' in value)) return null;
	const { until, wildcards } = value;
	// A list that is valid for longer than any is made by no release of this service.
	if (typeof until !== 'number' || until <= now || until > now + 2 * WILDCARD_LIST_VALID_MS || !Array.isArray(wildcards)) return null;
	const keys = new Set<string>();
	for (const wildcard of wildcards) {
		const name = typeof wildcard === 'string' ? parseRecordName(wildcard) : null;
		if (name === null || !isWildcardName(name)) return null;
		keys.add(recordKey(name));
	}
	return keys;
}
