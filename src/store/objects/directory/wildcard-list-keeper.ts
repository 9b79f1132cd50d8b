/**
 * Keeps the list of wildcards in KV (`src/store/ports/wildcard-list.ts`), in the directory's database. A wildcard that is saved comes into the list
 * at once; one that was put into KV by hand when the list is renewed.
 */
import { SECOND_MS } from '../../../lib/time.ts';
import { isWildcardName, parseRecordName, type RecordName } from '../../../model/record-name.ts';
import type { DirectoryUpdate } from '../../ports/directory.ts';
import type { ObjectPlatform } from '../../ports/platform.ts';
import { MAX_LISTED_WILDCARDS, renderWildcardList, UNKNOWN_WILDCARDS, WILDCARD_LIST_RENEWAL_MS } from '../../ports/wildcard-list.ts';
import { createOutboxPublisher, type OutboxPublisher } from '../outbox.ts';
import { statements } from '../schema.ts';

/** One row, or none before the first list: what was written last (a JSON list; null where there were too many), and when it is to be renewed. */
export const WILDCARD_LIST_TABLE = statements('CREATE TABLE wildcard_list (names TEXT, renewAt INTEGER NOT NULL)');

/** KV takes one write of a key each second. */
const WRITE_INTERVAL_MS = SECOND_MS;
/** Milliseconds until the next attempt, where KV did not answer. */
const RETRY_MS = 30 * SECOND_MS;

export interface WildcardListDependencies {
	/** The wildcards that have a record in KV; null where there are more than a list holds. Throws where KV does not answer. */
	readonly listWildcards: () => Promise<readonly RecordName[] | null>;
	/** Replaces the list. Throws where KV does not take it. */
	readonly writeList: (value: string) => Promise<void>;
}

interface ListState {
	/** What was written last; null where there were too many. */
	readonly names: readonly string[] | null;
	/** Unix time in milliseconds. */
	readonly renewAt: number;
}

export class WildcardListKeeper {
	readonly #platform: ObjectPlatform;
	readonly #dependencies: WildcardListDependencies;
	readonly #publisher: OutboxPublisher;
	/** Whether this instance has compared the list with the entries: a release without the list may have changed them. */
	#isCompared = false;
	/** Unix time in milliseconds. */
	#writtenAt = 0;

	/** @param platform whose tables a `DirectoryKeeper` has made */
	constructor(platform: ObjectPlatform, dependencies: WildcardListDependencies) {
		this.#platform = platform;
		this.#dependencies = dependencies;
		this.#publisher = createOutboxPublisher({ next: () => (this.#isDue() ? this.#writeList() : null), drained: () => undefined });
	}

	/** Called when the directory has these updates. Writes the list where it lacks one of them. Never throws. */
	async updateList(updates: readonly Pick<DirectoryUpdate, 'name'>[]): Promise<void> {
		if (this.#isCompared && !updates.some(({ name }) => isWildcardName(name))) return;
		this.#isCompared = true;
		// Kept in the table, so that the list is due until it is written, also when the object is evicted before its alarm.
		if (this.#lacksWildcards(this.#readState()?.names ?? null)) this.#platform.sql.execute('UPDATE wildcard_list SET renewAt = 0');
		await this.#publish();
	}

	/** Renews the list where it is time to. Never throws: on failure it sets the next alarm itself. */
	alarm(): Promise<void> {
		return this.#publish();
	}

	async #publish(): Promise<void> {
		try {
			await this.#publisher.publish();
		} catch (failure) {
			this.#platform.alarm.setAt(this.#platform.clock.now() + RETRY_MS);
			this.#platform.log('wildcards-owed', { error: String(failure) });
		}
	}

	#isDue(): boolean {
		const state = this.#readState();
		return state === null || state.renewAt <= this.#platform.clock.now();
	}

	async #writeList(): Promise<void> {
		const { sql, clock, alarm } = this.#platform;
		const wait = this.#writtenAt + WRITE_INTERVAL_MS - clock.now();
		if (wait > 0) await clock.wait(wait);
		const inStore = await this.#dependencies.listWildcards();
		// KV's own list may not have what was saved a moment ago, and the directory does not have what was put into KV by hand.
		const all = inStore === null ? [] : [...new Set([...inStore, ...this.#recordedWildcards()])].sort();
		const names = inStore === null || all.length > MAX_LISTED_WILDCARDS ? null : all;
		const now = clock.now();
		this.#writtenAt = now;
		await this.#dependencies.writeList(names === null ? UNKNOWN_WILDCARDS : renderWildcardList(names, now));
		// What was saved during the write is in the next one.
		const renewAt = this.#lacksWildcards(names) ? now : now + WILDCARD_LIST_RENEWAL_MS;
		sql.transaction(() => {
			sql.execute('DELETE FROM wildcard_list');
			sql.execute('INSERT INTO wildcard_list VALUES (?, ?)', names === null ? null : JSON.stringify(names), renewAt);
			alarm.setAt(renewAt);
		});
	}

	/** @param names those in the list; null where none are listed, because there are too many */
	#lacksWildcards(names: readonly string[] | null): boolean {
		return names !== null && this.#recordedWildcards().some((name) => !names.includes(name));
	}

	#readState(): ListState | null {
		const row = this.#platform.sql.execute('SELECT names, renewAt FROM wildcard_list')[0];
		// Only `#writeList` writes this column.
		return row === undefined
			? null
			: { names: row.names === null ? null : (JSON.parse(String(row.names)) as readonly string[]), renewAt: Number(row.renewAt) };
	}

	/** Wildcards that the directory has, one more than a list holds at most: names are ASCII, and `+` follows `*`. */
	#recordedWildcards(): readonly RecordName[] {
		return this.#platform.sql
			.execute("SELECT domain FROM entries WHERE domain >= '*' AND domain < '+' AND state != 'deleted' LIMIT ?", MAX_LISTED_WILDCARDS + 1)
			.flatMap(({ domain }) => parseRecordName(String(domain)) ?? []);
	}
}
