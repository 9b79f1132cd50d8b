/**
 * Writes a record's copy, from which mail clients are answered, as often as its store allows: several revisions that were saved in the
 * meantime are published by one write.
 */
import type { ServiceRecord } from '../../model/record.ts';
import { parseRecordName, type RecordName, sampleDomain } from '../../model/record-name.ts';
import { renderStored } from '../../model/stored-record.ts';
import type { Clock } from '../ports/platform.ts';
import type { RecordCopies } from '../ports/record-copies.ts';
import type { Revision } from '../ports/record-history.ts';
import { createOutboxPublisher, type OutboxPublisher } from './outbox.ts';
import type { PendingUpdates, RevisionTables } from './revision-tables.ts';
import { supersededRecords } from './superseded.ts';

/** Revisions that are looked through for records that were replaced a short while ago. */
const MAX_RECENT_REVISIONS = 100;

export interface CopyPublisherDependencies {
	readonly clock: Clock;
	readonly copies: RecordCopies;
	readonly revisions: RevisionTables;
	/** Milliseconds for which the PACC digest of a replaced record stays in the zone. */
	readonly supersededMs: number;
	/** Called when the copy is the latest revision, before anything else can happen. */
	readonly drained: () => void;
}

export interface CopyPublisher extends OutboxPublisher {
	/** Whether the copy cannot be written at once: it was a moment ago, or is being written now. */
	readonly mustWait: () => boolean;
}

export function createCopyPublisher({ clock, copies, revisions, supersededMs, drained }: CopyPublisherDependencies): CopyPublisher {
	/** Milliseconds until the copy may be written again; 0 or less: now. */
	function millisecondsUntilWrite({ publishedAt }: PendingUpdates): number {
		return publishedAt + copies.writeIntervalMs - clock.now();
	}

	function renderCopy(revision: number, record: string, name: RecordName): string {
		const now = clock.now();
		const recent = revisions.replacedSince(now - supersededMs, MAX_RECENT_REVISIONS);
		// Revisions hold checked records only.
		return renderStored(JSON.parse(record) as ServiceRecord, revision, supersededRecords(recent, sampleDomain(name), supersededMs, now));
	}

	async function writeCopy(pending: PendingUpdates, latestBefore: Revision): Promise<void> {
		const wait = millisecondsUntilWrite(pending);
		if (wait > 0) await clock.wait(wait);
		// Others may have saved during the wait: this one write publishes their revisions too.
		const latest = wait > 0 ? (revisions.latest() ?? latestBefore) : latestBefore;
		const name = parseRecordName(pending.name);
		if (name === null) throw new Error(`not the name of a record: ${pending.name}`);
		await copies.write(name, latest.record === null ? null : renderCopy(latest.revision, latest.record, name));
		revisions.markPublished(latest.revision, clock.now());
	}

	function next(): Promise<void> | null {
		const pending = revisions.pending();
		const latest = revisions.latest();
		return pending === null || latest === null || pending.published >= latest.revision ? null : writeCopy(pending, latest);
	}

	const publisher = createOutboxPublisher({ next, drained });
	return {
		...publisher,
		mustWait() {
			const pending = revisions.pending();
			return publisher.isPublishing() || (pending !== null && millisecondsUntilWrite(pending) > 0);
		},
	};
}
