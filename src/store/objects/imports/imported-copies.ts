/** Writes the copies of imported records, from which mail clients are answered, many at the same time. */
import { mapConcurrently } from '../../../lib/concurrency.ts';
import type { ServiceRecord } from '../../../model/record.ts';
import { renderStored } from '../../../model/stored-record.ts';
import type { ObjectPlatform } from '../../ports/platform.ts';
import type { RecordCopies } from '../../ports/record-copies.ts';
import type { Revision } from '../../ports/record-history.ts';
import type { ImportedTables } from './imported-tables.ts';

/** Milliseconds until copies are written that were not because this process has ended, and until those are tried again that KV refused. */
const FIRST_RETRY_MS = 2000;
const RETRY_MS = 30_000;
/** Copies that are written at the same time: a Worker has six connections, and the platform has the others wait. */
const CONCURRENT_WRITES = 24;

export interface ImportedCopiesDependencies {
	readonly tables: ImportedTables;
	readonly copies: Pick<RecordCopies, 'write'>;
	/** Called in the transaction that remembers which copies were written. */
	readonly written: () => void;
}

export interface ImportedCopies {
	/** Writes the copies of these records. Resolves when all were tried; those that could not be written stay missing. Never rejects. */
	readonly publish: (ids: readonly string[]) => Promise<void>;
	/** Resolves when the copy is not being written. */
	readonly settled: (id: string) => Promise<void>;
	/**
	 * Records, up to `limit`, whose copies are missing and are not being written. None before the time of the next attempt, whoever asks; it is
	 * set anew for those that are being written, and for those beyond the limit.
	 */
	readonly takeDue: (limit: number) => readonly string[];
	/** When copies that are missing are to be tried again (Unix time in milliseconds); null where none is missing. */
	readonly retryAt: () => number | null;
	/** Called before new records are published: when their copies are to be tried again, if this process ends. */
	readonly expectWrite: () => number;
}

export function createImportedCopies(
	{ sql, clock, log }: ObjectPlatform,
	{ tables, copies, written }: ImportedCopiesDependencies,
): ImportedCopies {
	/** By the identifiers of their records. */
	const underWay = new Map<string, Promise<void>>();
	/** Unix time in milliseconds; 0 after a restart: at once. */
	let retryAt = 0;

	function expectWrite(): number {
		retryAt = clock.now() + FIRST_RETRY_MS;
		return retryAt;
	}

	/** @returns what went wrong, for each copy that was not written */
	async function writeAll(ids: readonly string[]): Promise<readonly string[]> {
		const failures: string[] = [];
		const done = await mapConcurrently(ids, CONCURRENT_WRITES, async (id) => {
			const row = tables.find(id);
			if (typeof row === 'string') return [];
			try {
				await copies.write(row.name, renderCopy(row.revision));
				return [id];
			} catch (failure) {
				failures.push(String(failure));
				return [];
			}
		});
		if (failures.length > 0) retryAt = clock.now() + RETRY_MS;
		sql.transaction(() => {
			tables.markPublished(done.flat(), clock.now());
			written();
		});
		return failures;
	}

	return {
		publish(ids) {
			const published = writeAll(ids)
				.catch((failure: unknown) => {
					retryAt = clock.now() + RETRY_MS;
					return [String(failure)];
				})
				.then((failures) => {
					for (const id of ids) underWay.delete(id);
					const [error] = failures;
					if (error !== undefined) log('copy-owed', { failures: failures.length, error });
				});
			for (const id of ids) underWay.set(id, published);
			return published;
		},
		async settled(id) {
			while (underWay.has(id)) await underWay.get(id);
		},
		takeDue(limit) {
			if (clock.now() < retryAt) return [];
			expectWrite();
			const rows = tables.unpublished(limit + underWay.size);
			return rows.flatMap(({ id }) => (underWay.has(id) ? [] : [id])).slice(0, limit);
		},
		retryAt: () => (tables.unpublished(1).length === 0 ? null : Math.max(retryAt, clock.now())),
		expectWrite,
	};
}

function renderCopy({ record, revision }: Revision): string | null {
	// Revisions hold checked records only.
	return record === null ? null : renderStored(JSON.parse(record) as ServiceRecord, revision, []);
}
