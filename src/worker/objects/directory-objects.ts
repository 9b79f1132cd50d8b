/** The directory over the storage of its Durable Object; loaded when it is called. */
import { writeLog } from '../../lib/log.ts';
import { listKvWildcards } from '../../store/kv/kv-records.ts';
import { markDirectoryComplete, markFirstPublication } from '../../store/kv/store-mark.ts';
import { DirectoryKeeper } from '../../store/objects/directory/directory-keeper.ts';
import { SaveBatchesKeeper } from '../../store/objects/directory/save-batches.ts';
import { shareAlarm, takeAlarms } from '../../store/objects/directory/shared-alarm.ts';
import { WildcardListKeeper } from '../../store/objects/directory/wildcard-list-keeper.ts';
import { isCheckLine } from '../../store/objects/webhooks/record-events.ts';
import type { SaveBatches } from '../../store/ports/batched-saves.ts';
import type { Directory, DirectoryUpdate } from '../../store/ports/directory.ts';
import { WILDCARD_LIST_KEY } from '../../store/ports/wildcard-list.ts';
import { hostnamesStub, recordHistoryStubs, webhooksStub } from '../stubs.ts';
import { settings } from '../worker-settings.ts';
import { objectPlatform } from './object-platform.ts';
import { placedFor } from './placed-objects.ts';

/** The directory, and what follows from its updates: the store's mark, the list of wildcards, and messages to the webhooks. */
export interface PublishingDirectory extends SaveBatches, Pick<Directory, 'updateEntry' | 'appendAudit' | 'setComplete'> {
	/** What has no consequence is asked here. */
	readonly keeper: Omit<DirectoryKeeper, 'updateEntry' | 'appendAudit' | 'setComplete'>;
	readonly alarm: () => Promise<void>;
}

export function createPublishingDirectory(ctx: DurableObjectState, env: Env): PublishingDirectory {
	const platform = objectPlatform(ctx.storage);
	const keeper = new DirectoryKeeper(platform, settings.keeperLimits);
	const batches = new SaveBatchesKeeper(shareAlarm(platform, 'save-batches'), {
		directory: keeper,
		recordsChanged: settings.hostnames === null ? null : hostnamesStub(placedFor(ctx, env.HOSTNAMES)).recordsChanged,
		announce: (name) => recordHistoryStubs(placedFor(ctx, env.KEEPERS))(name).announce(name),
	});
	const wildcards = new WildcardListKeeper(shareAlarm(platform, 'wildcard-list'), {
		listWildcards: () => listKvWildcards(env.RECORDS),
		writeList: (value) => env.RECORDS.put(WILDCARD_LIST_KEY, value),
	});
	/** Whether the store is known to carry its mark. */
	let isMarked = false;

	/** A save does not wait for this. Where it fails, the keeper of the webhooks finds the change by itself some minutes later. */
	function tellWebhooks(): void {
		if (!keeper.areRecordsWatched()) return;
		const told = webhooksStub(placedFor(ctx, env.WEBHOOKS)).recordsChanged();
		ctx.waitUntil(told.catch((failure: unknown) => writeLog('webhooks-owed', { error: String(failure) })));
	}

	/** The first record that is published marks the store, once in its life. */
	async function markStore(updates: readonly DirectoryUpdate[]): Promise<void> {
		if (isMarked || !updates.some(({ state }) => state === 'live')) return;
		isMarked = (await markFirstPublication(env.RECORDS, keeper, ctx.id.jurisdiction ?? null)).ok;
	}

	async function publish(updates: readonly DirectoryUpdate[]): Promise<void> {
		tellWebhooks();
		await Promise.all([markStore(updates), wildcards.updateList(updates)]);
	}

	return {
		keeper,
		async updateEntry(update) {
			await keeper.updateEntry(update);
			await publish([update]);
		},
		beginBatch: (id, names) => batches.beginBatch(id, names),
		async endBatch(id, updates) {
			await batches.endBatch(id, updates);
			await publish(updates);
		},
		async appendAudit(lines) {
			await keeper.appendAudit(lines);
			if (lines.some(isCheckLine)) tellWebhooks();
		},
		setComplete: () => markDirectoryComplete(env.RECORDS, keeper),
		async alarm() {
			takeAlarms(platform);
			await Promise.all([batches.alarm(), wildcards.alarm()]);
		},
	};
}
