/**
 * What the keepers in `store/objects/` need from wherever they run: a synchronous SQLite database, a clock and one alarm. A Durable Object
 * gives all three; so does a single process over a file.
 */
import type { writeLog } from '../../lib/log.ts';

/** What a column holds. Nothing that is kept here needs a BLOB. */
export type SqlValue = string | number | null;

/** One row of a result, by column name. */
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** A SQLite database. Synchronous, so that no other request is served between a read and the write that depends on it. */
export interface SqlDatabase {
	/**
	 * Runs one statement and returns its rows.
	 * @param values bound to the parameters `?`, or `?1`, `?2` where one is used twice
	 * @throws Error for a statement that SQLite refuses
	 */
	execute(statement: string, ...values: readonly SqlValue[]): readonly SqlRow[];
	/**
	 * Runs `work` and commits what it wrote; rolls all of it back when `work` throws, and throws the same again. `work` must not start
	 * another transaction and must not be asynchronous.
	 */
	transaction<T>(work: () => T): T;
}

/** The time, and waiting. */
export interface Clock {
	/** Unix time in milliseconds. */
	now(): number;
	/** Resolves after so many milliseconds. */
	wait(milliseconds: number): Promise<void>;
}

/**
 * The one alarm of an object. When its time has come, the platform calls the object's `alarm()`, after a restart too. Set or cancelled
 * inside a transaction, it is committed or rolled back with it.
 */
export interface Alarm {
	/** @param time Unix time in milliseconds; replaces the time that was set before */
	setAt(time: number): void;
	cancel(): void;
}

/** Everything that a keeper runs on. Each instance of a keeper has one of its own, and for each name there is one live instance. */
export interface ObjectPlatform {
	readonly sql: SqlDatabase;
	readonly clock: Clock;
	readonly alarm: Alarm;
	/** Writes a line to the service's log. */
	readonly log: typeof writeLog;
}
