/** The one place where the tables of an object are made, and brought forward to the layout that this release knows. */
import type { SqlDatabase } from '../ports/platform.ts';

/** Brings the tables from one version to the next. Runs once in an object's life. */
export type Migration = (sql: SqlDatabase) => void;

/** Holds one number: how many of the migrations have run. */
const VERSION_TABLE = 'schema_version';

/**
 * Runs the migrations that have not run yet. To be called inside a transaction, so that the tables and their version change together.
 *
 * The first migration makes the tables of version 1 with `IF NOT EXISTS`: releases that kept no version had exactly those tables, and
 * running it on their data changes nothing.
 * @param migrations from the oldest on; the version of the tables is the number of those that have run
 * @throws Error when a newer release has written the tables: this one would misread or damage them
 */
export function migrateSchema(sql: SqlDatabase, migrations: readonly Migration[]): void {
	const version = readSchemaVersion(sql);
	if (version > migrations.length)
		throw new Error(`a newer release has written these data: schema version ${version}, and this release knows ${migrations.length}`);
	if (version === migrations.length) return;
	for (const migrate of migrations.slice(version)) migrate(sql);
	sql.execute(`CREATE TABLE IF NOT EXISTS ${VERSION_TABLE} (version INTEGER NOT NULL)`);
	if (version > 0) sql.execute(`DELETE FROM ${VERSION_TABLE}`);
	sql.execute(`INSERT INTO ${VERSION_TABLE} VALUES (?)`, migrations.length);
}

/** A migration that runs these statements. */
export function statements(...texts: readonly string[]): Migration {
	return (sql) => {
		for (const text of texts) sql.execute(text);
	};
}

export function hasTable(sql: SqlDatabase, name: string): boolean {
	return sql.execute("SELECT 1 AS found FROM sqlite_master WHERE type = 'table' AND name = ?", name).length > 0;
}

/** 0 where there are no tables yet, and for those of a release that kept no version. */
function readSchemaVersion(sql: SqlDatabase): number {
	return hasTable(sql, VERSION_TABLE) ? Number(sql.execute(`SELECT version FROM ${VERSION_TABLE}`)[0]?.version ?? 0) : 0;
}
