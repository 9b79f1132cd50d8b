/** A Durable Object's storage as the platform of a keeper. */
import { writeLog } from '../../lib/log.ts';
import type { ObjectPlatform, SqlValue } from '../../store/ports/platform.ts';

/** @param storage of an object with SQLite storage (`wrangler.toml`, `[exports]`) */
export function objectPlatform(storage: DurableObjectStorage): ObjectPlatform {
	return {
		sql: {
			execute: (statement, ...values) => storage.sql.exec<Record<string, SqlValue>>(statement, ...values).toArray(),
			transaction: (work) => storage.transactionSync(work),
		},
		clock: {
			now: () => Date.now(),
			wait: (milliseconds) => scheduler.wait(milliseconds),
		},
		// Nobody awaits these two promises: the runtime holds back the object's answers until its writes are on disk.
		alarm: {
			setAt: (time) => void storage.setAlarm(time),
			cancel: () => void storage.deleteAlarm(),
		},
		log: writeLog,
	};
}
