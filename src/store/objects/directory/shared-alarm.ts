/** One alarm for the keepers that share an object. It goes off when the first of them wants it; each of them is called then. */
import type { ObjectPlatform } from '../../ports/platform.ts';
import type { Migration } from '../schema.ts';

/** Which of the directory's keepers has set the alarm. */
export type AlarmOwner = 'save-batches' | 'wildcard-list';

export const ALARMS_TABLE: Migration = (sql) => {
	sql.execute('CREATE TABLE alarms (owner TEXT PRIMARY KEY, at INTEGER NOT NULL)');
	// An alarm that an earlier release has set for a batch is set again at once, and not lost when another one is set.
	sql.execute("INSERT INTO alarms SELECT 'save-batches', MIN(at) FROM save_batches HAVING MIN(at) IS NOT NULL");
};

/** A platform whose alarm is one of several. */
export function shareAlarm(platform: ObjectPlatform, owner: AlarmOwner): ObjectPlatform {
	const { sql } = platform;
	return {
		...platform,
		alarm: {
			setAt(time) {
				sql.execute('INSERT OR REPLACE INTO alarms VALUES (?, ?)', owner, time);
				setNextAlarm(platform);
			},
			cancel() {
				sql.execute('DELETE FROM alarms WHERE owner = ?', owner);
				setNextAlarm(platform);
			},
		},
	};
}

/** Takes the alarms out that have gone off, and sets the next one. Called before the keepers are: they set theirs again. */
export function takeAlarms(platform: ObjectPlatform): void {
	platform.sql.execute('DELETE FROM alarms WHERE at <= ?', platform.clock.now());
	setNextAlarm(platform);
}

function setNextAlarm({ sql, alarm }: ObjectPlatform): void {
	const next = sql.execute('SELECT MIN(at) AS at FROM alarms')[0]?.at ?? null;
	if (next === null) alarm.cancel();
	else alarm.setAt(Number(next));
}
