/**
 * Batches of saves that are under way, in the directory's database: what a batch has saved comes into the directory in one transaction, and
 * a batch whose sender has crashed is finished by the alarm.
 */

import { mapConcurrently } from '../../../lib/concurrency.ts';
import { MINUTE_MS } from '../../../lib/time.ts';
import type { RecordName } from '../../../model/record-name.ts';
import type { SaveBatches } from '../../ports/batched-saves.ts';
import type { DirectoryUpdate } from '../../ports/directory.ts';
import type { ObjectPlatform } from '../../ports/platform.ts';
import { statements } from '../schema.ts';

export const SAVE_BATCHES_TABLE = statements('CREATE TABLE save_batches (id TEXT PRIMARY KEY, names TEXT NOT NULL, at INTEGER NOT NULL)');

/**
 * SQL: whether the record of an entry is in a batch that is under way, or whose sender has crashed. The record may be newer than its entry
 * then, for some minutes.
 */
export const IS_BEING_SAVED = 'entries.domain IN (SELECT value FROM save_batches, json_each(save_batches.names))';

/** A batch that is as old as this is not under way any more: a request that takes longer has lost its client. */
const ABANDONED_MS = 5 * MINUTE_MS;
/** Milliseconds until the next attempt, where a keeper did not answer. */
const RETRY_MS = 30_000;
/** Keepers that are called at the same time: a Worker has six connections. */
const CONCURRENT_CALLS = 6;

export interface SaveBatchesDependencies {
	readonly directory: { updateEntryInTransaction(update: DirectoryUpdate): void };
	/** Tells the keeper of custom hostnames of records that were saved; null where the service creates none. */
	readonly recordsChanged: ((names: readonly string[]) => Promise<void>) | null;
	/** Asks a record's keeper to tell the directory and the copy what they do not know yet. */
	readonly announce: (name: RecordName) => Promise<unknown>;
}

export class SaveBatchesKeeper implements SaveBatches {
	readonly #platform: ObjectPlatform;
	readonly #dependencies: SaveBatchesDependencies;

	/** @param platform whose tables a `DirectoryKeeper` has made */
	constructor(platform: ObjectPlatform, dependencies: SaveBatchesDependencies) {
		this.#platform = platform;
		this.#dependencies = dependencies;
	}

	async beginBatch(id: string, names: readonly RecordName[]): Promise<void> {
		const { sql, clock } = this.#platform;
		sql.transaction(() => {
			sql.execute('INSERT INTO save_batches VALUES (?, ?, ?)', id, JSON.stringify(names), clock.now());
			this.#setAlarm();
		});
	}

	async endBatch(id: string, updates: readonly DirectoryUpdate[]): Promise<void> {
		const { sql } = this.#platform;
		// Before the batch is ended: where this fails, the batch is finished by the alarm, which has every record tell it.
		if (updates.length > 0) await this.#dependencies.recordsChanged?.(updates.map(({ name }) => name));
		sql.transaction(() => {
			for (const update of updates) this.#dependencies.directory.updateEntryInTransaction(update);
			sql.execute('DELETE FROM save_batches WHERE id = ?', id);
		});
	}

	/** Finishes one abandoned batch. Never throws: on failure it sets the next alarm itself. */
	async alarm(): Promise<void> {
		const { sql, clock, alarm, log } = this.#platform;
		const now = clock.now();
		const batch = sql.execute('SELECT id, names FROM save_batches WHERE at <= ? ORDER BY at LIMIT 1', now - ABANDONED_MS)[0];
		try {
			if (batch !== undefined) {
				// Only `beginBatch` writes this column.
				const names = JSON.parse(String(batch.names)) as readonly RecordName[];
				await mapConcurrently(names, CONCURRENT_CALLS, this.#dependencies.announce);
				sql.execute('DELETE FROM save_batches WHERE id = ?', String(batch.id));
			}
			this.#setAlarm();
		} catch (failure) {
			alarm.setAt(clock.now() + RETRY_MS);
			log('copy-owed', { failures: 1, error: String(failure) });
		}
	}

	/** For the time when the oldest batch counts as abandoned; none where there is no batch. */
	#setAlarm(): void {
		const { sql, alarm } = this.#platform;
		const oldest = sql.execute('SELECT MIN(at) AS at FROM save_batches')[0]?.at ?? null;
		if (oldest !== null) alarm.setAt(Number(oldest) + ABANDONED_MS);
	}
}
