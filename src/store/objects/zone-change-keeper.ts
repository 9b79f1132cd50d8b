/** Remembers when the zone of a domain was changed. It shares the database of the record that the domain's settings come from. */
import type { RecordName } from '../../model/record-name.ts';
import type { ObjectPlatform } from '../ports/platform.ts';
import type { ZoneChanges } from '../ports/zone-changes.ts';
import { type RevisionTables, ZONE_CHANGE_TABLE } from './revision-tables.ts';

export class ZoneChangeKeeper implements ZoneChanges {
	readonly #platform: Pick<ObjectPlatform, 'sql' | 'clock'>;
	readonly #tables: RevisionTables;

	/** @param tables of the record */
	constructor(platform: Pick<ObjectPlatform, 'sql' | 'clock'>, tables: RevisionTables) {
		this.#platform = platform;
		this.#tables = tables;
	}

	async readCachesExpireAt(domain: string): Promise<number> {
		const { sql } = this.#platform;
		if (!this.#tables.haveTables()) return 0;
		return Number(sql.execute(`SELECT cachesExpireAt FROM ${ZONE_CHANGE_TABLE} WHERE domain = ?`, domain)[0]?.cachesExpireAt ?? 0);
	}

	async noteZoneChange(name: RecordName, domain: string, cachesExpireAt: number): Promise<void> {
		const { sql, clock } = this.#platform;
		sql.transaction(() => {
			this.#tables.makeTables(name);
			// A wildcard record has many domains; those whose time is over need no row.
			sql.execute(`DELETE FROM ${ZONE_CHANGE_TABLE} WHERE cachesExpireAt < ?`, clock.now());
			sql.execute(
				`INSERT INTO ${ZONE_CHANGE_TABLE} VALUES (?, ?)
					ON CONFLICT (domain) DO UPDATE SET cachesExpireAt = max(cachesExpireAt, excluded.cachesExpireAt)`,
				domain,
				cachesExpireAt,
			);
		});
	}
}
