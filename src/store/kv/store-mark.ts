/**
 * Tells a store that never had a record from one that has lost them. A mark in KV says that records were published; the directory, which
 * lives elsewhere, remembers that it was written. The mark also says in which jurisdiction the records' objects are: the same names are
 * other objects in another, where all data would seem to be lost. Where only the directory has it, KV was emptied, and nobody may hear a definite "no".
 */
import { err, ok, type Result } from '../../lib/result.ts';
import { SECOND_MS } from '../../lib/time.ts';
import type { Directory } from '../ports/directory.ts';
import type { Records } from '../ports/records.ts';

/** The mark's key in KV. Beside the records' keys, so that whatever empties the namespace takes it along. */
export const STORE_MARK_KEY = 'store:published';

/** The mark's value where the objects are in no jurisdiction. */
const NO_JURISDICTION = '1';

/** Milliseconds for which KV may go on saying that the mark is not there, after it was written. */
const STALENESS_MS = 120 * SECOND_MS;
/** Milliseconds for which an isolate believes what it read where the mark is there, and where it is not there or cannot be read. */
const PRESENT_MS = 60 * SECOND_MS;
const ABSENT_MS = 5 * SECOND_MS;

/** The part of a KV namespace that is used. */
export interface KvMarkNamespace {
	get(key: string, type: 'text'): Promise<string | null>;
	put(key: string, value: string): Promise<void>;
}

/**
 * Says whether the store has lost its records. Reads one key a minute in each isolate, and asks the directory only while it is not there.
 * @returns throws when KV or the directory does not answer
 */
export function createStoreLossDetector(
	kv: KvMarkNamespace,
	directory: Pick<Directory, 'storeMarkedAt'>,
	now: () => number,
): () => Promise<boolean> {
	let known = { isLost: false, until: 0 };
	return async () => {
		if (now() < known.until) return known.isLost;
		const isPresent = (await kv.get(STORE_MARK_KEY, 'text')) !== null;
		const markedAt = isPresent ? null : await directory.storeMarkedAt();
		const isLost = markedAt !== null && now() - markedAt > STALENESS_MS;
		known = { isLost, until: now() + (isPresent ? PRESENT_MS : ABSENT_MS) };
		return isLost;
	};
}

/** @throws instead of saying that a domain is unknown while the store has lost its records: clients are then answered 503, and come again */
export function refuseWhileLost(records: Records, isLost: () => Promise<boolean>): Records {
	return {
		async find(domains) {
			const found = await records.find(domains);
			if (!found.ok && found.error.code === 'unknown-domain' && (await isLost()))
				throw new Error('the store has lost its records: signpost rebuild kv publishes them again');
			return found;
		},
	};
}

/**
 * When the store was marked (Unix time in milliseconds); null where nothing was ever published; 0 where KV has the mark and this directory does
 * not remember it: another one did, which was lost.
 */
export async function readMarkTime(kv: Pick<KvMarkNamespace, 'get'>, directory: Pick<Directory, 'storeMarkedAt'>): Promise<number | null> {
	const markedAt = await directory.storeMarkedAt();
	if (markedAt !== null) return markedAt;
	return (await kv.get(STORE_MARK_KEY, 'text')) === null ? null : 0;
}

/** In which jurisdiction the records' objects are, null for none; `nobody-knows` while there is no mark. */
export async function readDataJurisdiction(kv: Pick<KvMarkNamespace, 'get'>): Promise<string | null> {
	const mark = await kv.get(STORE_MARK_KEY, 'text');
	if (mark === null) return 'nobody-knows';
	return mark === NO_JURISDICTION ? null : mark;
}

/**
 * Says whether the data are in another jurisdiction than the settings say. Reads one key a minute in each isolate, once there is a mark.
 * A place that was proven is still the place while KV does not answer, since neither the settings of an isolate nor the mark change then:
 * people can go on saving.
 * @returns throws when KV does not answer, and this isolate has never seen that the place is right
 */
export function createPlaceCheck(kv: Pick<KvMarkNamespace, 'get'>, jurisdiction: string | null, now: () => number): () => Promise<boolean> {
	let goodUntil = 0;
	let isProven = false;
	return async () => {
		if (jurisdiction === 'unusable') return true;
		if (now() < goodUntil) return false;
		let known: string | null;
		try {
			known = await readDataJurisdiction(kv);
		} catch (error) {
			if (!isProven) throw error;
			goodUntil = now() + ABSENT_MS;
			return false;
		}
		isProven = known === jurisdiction;
		if (!isProven && known !== 'nobody-knows') return true;
		goodUntil = now() + (isProven ? PRESENT_MS : ABSENT_MS);
		return false;
	};
}

/**
 * Marks the store with the first publication that a directory is told of. Where KV is marked already, it was another directory that was told
 * of the records before: this one remembers that it does not know everything. `failed` where KV does not answer: the next one tries again.
 */
export async function markFirstPublication(
	kv: KvMarkNamespace,
	directory: Pick<Directory, 'storeMarkedAt' | 'setStoreMarked'>,
	jurisdiction: string | null,
): Promise<Result<null, 'failed'>> {
	if ((await directory.storeMarkedAt()) !== null) return ok(null);
	try {
		if ((await kv.get(STORE_MARK_KEY, 'text')) === null) return await writeStoreMark(kv, directory, jurisdiction, true);
	} catch {
		return err('failed');
	}
	await directory.setStoreMarked(false);
	return ok(null);
}

/**
 * Has the directory remember that everything in KV has told it. Without KV's mark that is no proof, and a directory that remembered one would
 * make KV seem to have lost its records.
 */
export async function markDirectoryComplete(kv: Pick<KvMarkNamespace, 'get'>, directory: Pick<Directory, 'setComplete'>): Promise<void> {
	if ((await kv.get(STORE_MARK_KEY, 'text')) !== null) await directory.setComplete();
}

/**
 * Writes the mark, and has the directory remember it. `failed` where KV does not take it: the next publication tries again.
 * @param isDirectoryComplete as for `Directory.setStoreMarked`
 */
export async function writeStoreMark(
	kv: Pick<KvMarkNamespace, 'put'>,
	directory: Pick<Directory, 'setStoreMarked'>,
	jurisdiction: string | null,
	isDirectoryComplete: boolean,
): Promise<Result<null, 'failed'>> {
	try {
		// First KV: a mark that only the directory has means that the store is lost.
		await kv.put(STORE_MARK_KEY, jurisdiction ?? NO_JURISDICTION);
	} catch {
		return err('failed');
	}
	await directory.setStoreMarked(isDirectoryComplete);
	return ok(null);
}
