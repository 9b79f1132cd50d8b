/** The keeper of imported records over the storage of its Durable Object; loaded when it is called. */
import { createKvRecordCopies } from '../../store/kv/kv-record-copies.ts';
import { readMarkTime } from '../../store/kv/store-mark.ts';
import { ImportKeeper } from '../../store/objects/imports/import-keeper.ts';
import { directoryStub, recordHistoryStubs } from '../stubs.ts';
import { objectPlatform } from './object-platform.ts';
import { placedFor } from './placed-objects.ts';

export function createImportKeeper(ctx: DurableObjectState, env: Env): ImportKeeper {
	const keepers = placedFor(ctx, env.KEEPERS);
	return new ImportKeeper(objectPlatform(ctx.storage), {
		copies: createKvRecordCopies(() => env.RECORDS),
		readMarkTime: () => readMarkTime(env.RECORDS, directoryStub(placedFor(ctx, env.DIRECTORY))),
		objectId: (name) => keepers.idFromName(name).toString(),
		wakeKeeper: (name) => recordHistoryStubs(keepers)(name).readLatest(),
	});
}
