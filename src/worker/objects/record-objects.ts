/** The keepers of a record over the storage of its Durable Object; loaded when one is called. */
import { createKvRecordCopies } from '../../store/kv/kv-record-copies.ts';
import { CheckKeeper } from '../../store/objects/check-keeper.ts';
import { ClaimKeeper } from '../../store/objects/claim-keeper.ts';
import { createTakeOver } from '../../store/objects/imports/take-over.ts';
import { RecordKeeper } from '../../store/objects/record-keeper.ts';
import { ZoneChangeKeeper } from '../../store/objects/zone-change-keeper.ts';
import { directoryStub, hostnamesStub, importsStub } from '../stubs.ts';
import { settings } from '../worker-settings.ts';
import { objectPlatform } from './object-platform.ts';
import { placedFor } from './placed-objects.ts';

/** What is kept of one record: they share an object and its tables. */
export interface RecordKeepers {
	readonly record: RecordKeeper;
	readonly claim: ClaimKeeper;
	readonly zoneChanges: ZoneChangeKeeper;
	readonly checks: CheckKeeper;
	/** To be awaited before each call of one of them (`createTakeOver`), except the alarm. */
	readonly takeOver: (isToSave: boolean) => Promise<void>;
	/** Of the record and of its checks: an object has one alarm. */
	readonly alarm: () => Promise<void>;
}

export function createRecordKeepers(ctx: DurableObjectState, env: Env): RecordKeepers {
	const copies = createKvRecordCopies(() => env.RECORDS);
	const platform = objectPlatform(ctx.storage);
	const directory = directoryStub(placedFor(ctx, env.DIRECTORY));
	const record = new RecordKeeper(platform, {
		copies,
		directory,
		hostnames: settings.hostnames === null ? null : hostnamesStub(placedFor(ctx, env.HOSTNAMES)),
		limits: settings.keeperLimits,
	});
	const checks = new CheckKeeper(platform, { record, directory, newId: () => crypto.randomUUID() });
	return {
		record,
		claim: new ClaimKeeper(platform, { copies, record, tables: record.tables }),
		zoneChanges: new ZoneChangeKeeper(platform, record.tables),
		checks,
		takeOver: createTakeOver(platform, {
			tables: record.tables,
			imports: importsStub(placedFor(ctx, env.IMPORTS)),
			objectId: ctx.id.toString(),
		}),
		async alarm() {
			await record.alarm();
			await checks.alarm();
		},
	};
}
