/**
 * The keeper of one record, and the only place where a record is saved. It compares a change with the revision it was made from, keeps
 * every revision, and afterwards updates the copy that mail clients are answered from and the directory of all records.
 */

import type { RecordName } from '../../model/record-name.ts';
import type { BatchedSaveResult, BatchedSaves } from '../ports/batched-saves.ts';
import type { Hostnames } from '../ports/custom-hostnames.ts';
import type { Directory } from '../ports/directory.ts';
import type { ObjectPlatform } from '../ports/platform.ts';
import type { RecordCopies } from '../ports/record-copies.ts';
import type {
	ExternalEdit,
	HistoryPage,
	RecordEdit,
	RecordHead,
	RecordHistory,
	RepublishOutcome,
	RestoreResult,
	Revision,
	RevisionRestore,
	SaveResult,
} from '../ports/record-history.ts';
import { hasCheckLines } from './check-tables.ts';
import { readClaimRow } from './claim-table.ts';
import { type CopyPublisher, createCopyPublisher } from './copy-publisher.ts';
import { announceUpdate, directoryUpdate, externalEditUpdate } from './directory/directory-update.ts';
import { detectExternalEdit } from './external-edit.ts';
import { createOutboxPublisher, type OutboxPublisher } from './outbox.ts';
import { newerRevision, planRestore } from './restore-plan.ts';
import { createRevisionTables, type HistoryLimits, type PendingUpdates, type RevisionTables } from './revision-tables.ts';
import { planSave, tagsAfter } from './save-refusal.ts';

/** Milliseconds until the first attempt after a failure; doubled with each further failure, up to the maximum. */
const FIRST_RETRY_MS = 2000;
const MAX_RETRY_MS = 30_000;
/** A save waits so long for the copy to be written; after that, it answers that the change is still propagating. */
const SAVE_WAIT_MS = 3000;
/** Revisions that the directory is told of in one call. */
const REVISIONS_PER_UPDATE = 500;

export interface RecordKeeperLimits extends HistoryLimits {
	/** Milliseconds for which the PACC digest of a replaced record stays in the zone. */
	readonly supersededMs: number;
}

export interface RecordKeeperDependencies {
	readonly copies: RecordCopies;
	readonly directory: Pick<Directory, 'updateEntry' | 'forgetEntry'>;
	/** The keeper of custom hostnames; null where the service creates none. */
	readonly hostnames: Pick<Hostnames, 'recordsChanged'> | null;
	readonly limits: RecordKeeperLimits;
}

export class RecordKeeper implements RecordHistory, BatchedSaves {
	readonly #platform: ObjectPlatform;
	readonly #dependencies: RecordKeeperDependencies;
	/** Of the record, and of the claim and the zone changes beside it: the keepers of those use the same. */
	readonly tables: RevisionTables;
	/** Two queues, so that the directory need not wait while the copy's store is slow, fails, or takes no write yet. */
	readonly #copyPublisher: CopyPublisher;
	readonly #directoryPublisher: OutboxPublisher;

	constructor(platform: ObjectPlatform, dependencies: RecordKeeperDependencies) {
		this.#platform = platform;
		this.#dependencies = dependencies;
		this.tables = createRevisionTables(platform.sql);
		const drained = () => this.cancelAlarmIfDrained();
		const { copies, limits } = dependencies;
		const { supersededMs } = limits;
		this.#copyPublisher = createCopyPublisher({ clock: platform.clock, copies, revisions: this.tables, supersededMs, drained });
		this.#directoryPublisher = createOutboxPublisher({ next: () => this.#nextDirectoryUpdate(), drained });
	}

	/** Sends what was saved to the copy and to the directory; waits some seconds for it, and leaves the rest to the alarm. */
	readonly publishPending = () => this.#publishWithin(SAVE_WAIT_MS);
	readonly readKeptRecords = async (from: number) => this.tables.keptRecords(from);
	readonly readLatest = async () => this.tables.latest();
	readonly readRevision = async (revision: number) => this.tables.findRevision(revision);
	readonly hasTag = async (tag: string) => this.tables.latest()?.tags.includes(tag) === true;

	async readHead(name: RecordName): Promise<RecordHead> {
		return this.#headOf(name, await this.#readCopy(name));
	}

	async save(edit: RecordEdit): Promise<SaveResult> {
		const copy = await this.#readCopy(edit.name);
		// From here to the end of the transaction there is no `await`: the revision that is compared is the one that is replaced.
		const { isToSave, ...result } = this.#planSave(edit, copy);
		if (!isToSave) return result;
		// In the same transaction, so that the copy is written even if this process ends now.
		this.#saveRevision(edit, result.head, () => this.#platform.alarm.setAt(this.#platform.clock.now() + FIRST_RETRY_MS));
		await this.#publishWithin(SAVE_WAIT_MS);
		return { ...result, head: this.#headOf(edit.name, undefined) };
	}

	async saveBatched(edit: RecordEdit, copy: string | null, awaitsCopy: boolean): Promise<BatchedSaveResult> {
		const { isToSave, ...result } = this.#planSave(edit, copy);
		if (!isToSave) return { ...result, update: null };
		const { clock, alarm } = this.#platform;
		const announced = this.tables.pending()?.announced ?? 0;
		const needsAlarm = !awaitsCopy || this.#copyPublisher.mustWait();
		const retry = () => alarm.setAt(clock.now() + FIRST_RETRY_MS);
		this.#saveRevision(edit, result.head, () => {
			this.tables.markAnnounced((result.head.latest?.revision ?? 0) + 1);
			if (needsAlarm) retry();
		});
		const written = this.#copyPublisher.publish().catch((failure: unknown) => {
			retry();
			this.#logPending(0, failure);
		});
		// A copy that was written a moment ago may be written again within a second: that is waited for, and no longer than a save waits.
		if (awaitsCopy) await Promise.race([written, clock.wait(SAVE_WAIT_MS)]);
		const head = this.#headOf(edit.name, undefined);
		if (head.latest === null) return { ...result, head, update: null };
		const revisions = this.tables.revisionsSince(announced, this.#dependencies.limits.historyCount);
		return { ...result, head, update: await directoryUpdate(edit.name, head.latest.revision, head.latest, revisions, clock.now()) };
	}

	async listRevisions(before: number | null, limit: number): Promise<HistoryPage> {
		return this.tables.listPage(before, limit);
	}

	async announce(name: RecordName): Promise<boolean> {
		const { latest, externalEdit } = await this.readHead(name);
		const { clock, sql, alarm } = this.#platform;
		if (latest === null) {
			const { directory } = this.#dependencies;
			if (externalEdit === null) {
				await directory.forgetEntry(name);
				return false;
			}
			await directory.updateEntry(externalEditUpdate(name, clock.now()));
			return true;
		}
		sql.transaction(() => {
			this.tables.resetAnnounced();
			alarm.setAt(clock.now() + FIRST_RETRY_MS);
		});
		await this.#publish();
		return true;
	}

	async republish(name: RecordName): Promise<RepublishOutcome> {
		const { latest, externalEdit } = await this.readHead(name);
		if (externalEdit !== null && externalEdit.text !== null) return 'outside';
		if (latest === null) return 'nothing';
		this.#platform.sql.transaction(() => {
			this.tables.resetPublished();
			this.#platform.alarm.setAt(this.#platform.clock.now() + FIRST_RETRY_MS);
		});
		await this.#copyPublisher.publish();
		return 'written';
	}

	async exportRevisions(after: number, limit: number): Promise<readonly Revision[]> {
		return this.tables.exportSince(after, limit);
	}

	async restoreRevisions(restore: RevisionRestore): Promise<RestoreResult> {
		const { name, revisions, isLast, replace, dryRun } = restore;
		const copy = await this.#readCopy(name);
		// From here to the end of the transaction there is no `await`: the plan is made for the revisions that are there.
		const latest = this.tables.latest();
		const edited = isLast ? (this.#findExternalEdit(copy, newerRevision(latest, revisions.at(-1) ?? null))?.text ?? null) : null;
		if (edited !== null && !replace) return { outcome: 'outside', revision: latest?.revision ?? 0 };
		const { outcome, added, savedOnTop } = planRestore(restore, latest, (revision) => this.tables.findRevision(revision));
		if (!dryRun && (outcome === 'created' || outcome === 'changed')) {
			this.#addRestored(restore, added, savedOnTop, edited);
			// Clients never get a state in the middle of the history.
			if (isLast) await this.#publishWithin(0);
		}
		return { outcome, revision: this.tables.latest()?.revision ?? 0 };
	}

	/** Sends what is still pending after an outage, an eviction or a crash. Never throws: on failure it sets the next alarm itself. */
	async alarm(): Promise<void> {
		try {
			await this.#publish();
		} catch (failure) {
			this.tables.markFailed();
			const failures = this.tables.pending()?.failures ?? 0;
			const { clock, alarm } = this.#platform;
			alarm.setAt(clock.now() + Math.min(FIRST_RETRY_MS * 2 ** failures, MAX_RETRY_MS));
			this.#logPending(failures, failure);
		}
	}

	/** What a save would do. */
	#planSave(edit: RecordEdit, copy: string | null | undefined) {
		return planSave(edit, this.#headOf(edit.name, copy), readClaimRow(this.#platform.sql, this.tables.haveTables()));
	}

	/** @param andThen what else the same transaction does */
	#saveRevision(edit: RecordEdit, { latest }: RecordHead, andThen: () => void): void {
		const { clock, sql } = this.#platform;
		const now = clock.now();
		sql.transaction(() => {
			this.tables.add(edit, tagsAfter(edit, latest?.tags ?? [], readClaimRow(sql, this.tables.haveTables())), now);
			if (edit.resolvesExternalEdit !== null) this.tables.markEditResolved(edit.resolvesExternalEdit.text, now);
			// Behind a first revision there is nothing to delete.
			if (latest !== null) this.tables.prune(this.#dependencies.limits, now);
			andThen();
		});
	}

	#addRestored(
		{ name, author, token, isLast }: RevisionRestore,
		added: readonly Revision[],
		savedOnTop: Revision | null,
		edited: string | null,
	): void {
		const { clock, sql, alarm } = this.#platform;
		const now = clock.now();
		sql.transaction(() => {
			this.tables.addRestored(name, added);
			if (savedOnTop !== null) {
				const { revision, record, tags } = savedOnTop;
				this.tables.add({ name, author, token, record, act: 'restore', note: `r${revision} of a backup` }, tags, now);
			}
			if (edited !== null) this.tables.markEditResolved(edited, now);
			if (!isLast) return;
			this.tables.resetAnnounced();
			alarm.setAt(now + FIRST_RETRY_MS);
		});
	}

	async #publish(): Promise<void> {
		await Promise.all([this.#copyPublisher.publish(), this.#directoryPublisher.publish()]);
	}

	/**
	 * Starts to publish, and waits until the directory and the copy have the change: a list that is read next then shows it. Does not wait
	 * for a copy that must not be written yet, and never longer than `milliseconds`; the alarm sees to the rest.
	 */
	async #publishWithin(milliseconds: number): Promise<void> {
		const mustWait = this.#copyPublisher.mustWait();
		const [copied, announced] = [this.#copyPublisher, this.#directoryPublisher].map((publisher) =>
			publisher.publish().catch((failure: unknown) => this.#logPending(0, failure)),
		);
		if (milliseconds === 0) return;
		await Promise.race([Promise.all(mustWait ? [announced] : [announced, copied]), this.#platform.clock.wait(milliseconds)]);
	}

	#nextDirectoryUpdate(): Promise<void> | null {
		const pending = this.tables.pending();
		const latest = this.tables.latest();
		return pending === null || latest === null || pending.announced >= latest.revision ? null : this.#updateDirectory(pending, latest);
	}

	/** Each queue calls this when it is empty; the alarm is needed until both are, and the lines about checks are delivered. */
	cancelAlarmIfDrained(): void {
		const [{ sql, alarm }, pending] = [this.#platform, this.tables.pending()];
		const { revision = 0 } = this.tables.latest() ?? {};
		if (pending === null || (pending.published >= revision && pending.announced >= revision && !hasCheckLines(sql))) alarm.cancel();
	}

	async #updateDirectory({ name, announced }: PendingUpdates, latest: Revision): Promise<void> {
		const revisions = this.tables.revisionsSince(announced, REVISIONS_PER_UPDATE);
		const revision = revisions.at(-1)?.revision ?? announced;
		const update = await directoryUpdate(name, revision, latest, revisions, this.#platform.clock.now());
		await announceUpdate(update, this.#dependencies);
		this.tables.markAnnounced(revision);
	}

	/** Undefined where the store does not answer: then nothing is known about the copy, and a save goes on without it. */
	async #readCopy(name: RecordName): Promise<string | null | undefined> {
		try {
			return await this.#dependencies.copies.read(name);
		} catch {
			return undefined;
		}
	}

	/** @param copy its text; null where there is none; undefined where it is not known */
	#headOf(name: RecordName, copy: string | null | undefined): RecordHead {
		const latest = this.tables.latest();
		return { name, latest, published: this.tables.pending()?.published ?? 0, externalEdit: this.#findExternalEdit(copy, latest) };
	}

	#findExternalEdit(copy: string | null | undefined, latest: Revision | null): ExternalEdit | null {
		if (copy === undefined) return null;
		const [{ stalenessMs }, pending] = [this.#dependencies.copies, this.tables.pending()];
		return detectExternalEdit({ text: copy, latest, pending, stalenessMs, now: this.#platform.clock.now() });
	}

	#logPending(failures: number, failure: unknown): void {
		this.#platform.log('copy-owed', { failures, error: String(failure) });
	}
}
