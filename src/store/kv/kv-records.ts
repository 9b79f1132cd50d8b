/** Finds records in Workers KV. */

import { createBoundedMap } from '../../lib/bounded-map.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { aliasTargetKey, type FoundRecord, type LookupResult, resolveAlias } from '../../model/lookup.ts';
import type { Domain } from '../../model/names.ts';
import type { Problem } from '../../model/problem.ts';
import type { RecordFault } from '../../model/record.ts';
import {
	candidateKeys,
	DELETED_KEY_PREFIX,
	isWildcardKey,
	parseRecordKey,
	RECORD_KEY_PREFIX,
	WILDCARD_KEY_PREFIX,
} from '../../model/record-key.ts';
import { parseRecordName, type RecordName } from '../../model/record-name.ts';
import { parseStored, type StoredRecord } from '../../model/stored-record.ts';
import type { Records } from '../ports/records.ts';
import { MAX_LISTED_WILDCARDS, parseWildcardList, WILDCARD_LIST_KEY } from '../ports/wildcard-list.ts';

/** The part of a KV namespace that is used. One operation reads up to a hundred keys. */
export interface KvReader {
	get(keys: string[], options: { type: 'text'; cacheTtl: number }): Promise<Map<string, string | null>>;
}

/**
 * Seconds for which a Cloudflare location may answer from its cached copy of a value. This is KV's default. Its minimum of 30 would read
 * the central stores twice as often and gain little: KV documents that a change may take 60 seconds to be visible everywhere.
 */
export const CACHE_TTL_SECONDS = 60;

/** Parsed values that an isolate keeps. Each has 32 KB at most, so they take 16 MB at most. */
const PARSED_VALUES = 512;

type ParsedValue = Result<StoredRecord, RecordFault>;

/** Wildcards that an isolate knows not to exist. A stranger who asks for more parents than this makes the isolate ask again, no more. */
const ABSENT_WILDCARDS = 2048;

export interface KvRecordsOptions {
	/** Seconds for which it is remembered which wildcards exist. */
	readonly absenceSeconds: number;
	/** The clock, Unix time in milliseconds. */
	readonly now: () => number;
}

/**
 * Finds records with one KV operation, with a second one where the domain has no record of its own, and with one more where the record is
 * an alias, or the list of wildcards has to be read first. A value is parsed once: as long as its text is the same, the same record object
 * is returned.
 *
 * KV bills each key of an operation. The first domain's own key is therefore read by itself, because most requests are for a domain that has
 * a record; and wildcards that do not exist are not asked for, by the list of those that do, or where KV has no list as soon as they
 * turned out not to exist. test/http/kv-reads.test.ts counts the keys of every endpoint.
 */
export function createKvRecords(kv: KvReader, { absenceSeconds, now }: KvRecordsOptions): Records {
	/** The list of wildcards as it was read, and until when (Unix time in milliseconds) it is not read again. */
	let wildcardList: { readonly keys: ReadonlySet<string> | null; readonly until: number } = { keys: null, until: 0 };
	/** Until when (Unix time in milliseconds) the keys of wildcards are taken not to exist. */
	const absentUntil = createBoundedMap<string, number>(ABSENT_WILDCARDS);
	const parsedValues = createBoundedMap<string, { readonly text: string; readonly parsed: ParsedValue }>(PARSED_VALUES);

	function parseCached(key: string, text: string): ParsedValue {
		const known = parsedValues.get(key);
		if (known?.text === text) return known.parsed;
		const parsed = parseStored(text);
		parsedValues.set(key, { text, parsed });
		return parsed;
	}

	async function resolveFound(domain: Domain, key: string, text: string): Promise<LookupResult> {
		const own = parseFound(key, text);
		if (!own.ok) return own;
		const targetKey = aliasTargetKey(own.value.record);
		const targetText = targetKey === null ? null : ((await readValues(kv, [targetKey])).get(targetKey) ?? null);
		if (targetKey === null || targetText === null) return resolveAlias(domain, own.value, null);
		const target = parseFound(targetKey, targetText);
		return target.ok ? resolveAlias(domain, own.value, target.value) : target;
	}

	function parseFound(key: string, text: string): Result<FoundRecord, Problem> {
		const parsed = parseCached(key, text);
		return parsed.ok ? ok({ key, ...parsed.value }) : err({ code: 'bad-record', key, ...parsed.error });
	}

	/** Whether a wildcard may exist, by what was read last. */
	function mayExist(key: string, time: number): boolean {
		return (wildcardList.keys?.has(key) ?? true) && time >= (absentUntil.get(key) ?? 0);
	}

	return {
		async find(domains) {
			const time = now();
			const candidates = domains.flatMap((domain) => candidateKeys(domain).map((key) => ({ domain, key })));
			const keys = candidates.map(({ key }) => key);
			/** What KV has under the keys that were read. */
			const values = new Map<string, string | null>();
			const read = async (wanted: readonly string[]) => {
				const unread = [...new Set(wanted)].filter((key) => !values.has(key));
				if (unread.length === 0) return;
				for (const [key, text] of await readValues(kv, unread)) {
					values.set(key, text);
					if (text === null && isWildcardKey(key)) absentUntil.set(key, time + absenceSeconds * 1000);
				}
			};
			const firstFound = () => keys.findIndex((key) => typeof values.get(key) === 'string');
			/** The wildcards that may exist and come before the first record that is found. */
			const wildcards = () => {
				const at = firstFound();
				return keys.slice(0, at === -1 ? keys.length : at).filter((key) => isWildcardKey(key) && mayExist(key, time));
			};
			await read(keys.slice(0, 1));
			if (firstFound() === -1) {
				const names = keys.filter((key) => !isWildcardKey(key));
				if (time < wildcardList.until || names.length === keys.length) await read([...names, ...wildcards()]);
				else {
					await read([...names, WILDCARD_LIST_KEY]);
					wildcardList = { keys: parseWildcardList(values.get(WILDCARD_LIST_KEY) ?? null, time), until: time + absenceSeconds * 1000 };
					await read(wildcards());
				}
			}
			const found = candidates[firstFound()];
			if (found === undefined) return err({ code: 'unknown-domain' });
			return resolveFound(found.domain, found.key, values.get(found.key) ?? '');
		},
	};
}

function readValues(kv: KvReader, keys: string[]): Promise<Map<string, string | null>> {
	return kv.get(keys, { type: 'text', cacheTtl: CACHE_TTL_SECONDS });
}

/** The wildcards that have a record in KV; null where there are more than a list holds. Not prompt: KV's list is some seconds old. */
export async function listKvWildcards(kv: Pick<KVNamespace, 'list'>): Promise<readonly RecordName[] | null> {
	const { keys, list_complete } = await kv.list({ prefix: WILDCARD_KEY_PREFIX, limit: MAX_LISTED_WILDCARDS + 1 });
	if (!list_complete || keys.length > MAX_LISTED_WILDCARDS) return null;
	return keys.flatMap(({ name }) => parseRecordKey(name) ?? []);
}

/** Names of a page at most. A caller that goes on to call the keeper of each record needs a subrequest for each name. */
const NAMES_PER_PAGE = 1000;

/** Continues with the names of deleted records, once all others are listed; KV's own cursors have no blank. */
const DELETED_CURSOR = 'deleted ';

/** The names of the records in KV and then of deleted ones, a page at a time; not prompt: KV's list is some seconds old. */
export async function listKvRecordNames(
	kv: KVNamespace,
	after: string | null,
): Promise<{ readonly names: readonly RecordName[]; readonly cursor: string | null }> {
	const isDeleted = after?.startsWith(DELETED_CURSOR) === true;
	const prefix = isDeleted ? DELETED_KEY_PREFIX : RECORD_KEY_PREFIX;
	const cursor = isDeleted ? after.slice(DELETED_CURSOR.length) : (after ?? '');
	const listed = await kv.list({ prefix, limit: NAMES_PER_PAGE, ...(cursor === '' ? {} : { cursor }) });
	const names = listed.keys.flatMap(({ name }) => parseRecordName(name.slice(prefix.length)) ?? []);
	const end = isDeleted ? null : DELETED_CURSOR;
	return { names, cursor: listed.list_complete ? end : (isDeleted ? DELETED_CURSOR : '') + listed.cursor };
}
