/**
 * The keeper of one record, and the only place where a record is saved. It compares a change with the revision it was made from, keeps
 * every revision, and afterwards updates the copy that mail clients are answered from and the directory of all records.
 */
import type { ServiceRecord } from '../../model/record.ts';
import { parseRecordName, type RecordName, sampleDomain } from '../../model/record-name.ts';
import { renderStored } from '../../model/stored-record.ts';
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
import { readClaimRow } from './claim-table.ts';
import { directoryUpdate, externalEditUpdate } from './directory-update.ts';
import { detectExternalEdit } from './external-edit.ts';
import { createOutboxPublisher, type OutboxPublisher } from './outbox.ts';
import { newerRevision, planRestore } from './restore-plan.ts';
import { createRevisionTables, type HistoryLimits, type PendingUpdates, type RevisionTables } from './revision-tables.ts';
import { findSaveRefusal } from './save-refusal.ts';
import { supersededRecords } from './superseded.ts';

/** Milliseconds until the first attempt after a failure; doubled with each further failure, up to the maximum. */
const FIRST_RETRY_MS = 2000;
const MAX_RETRY_MS = 30_000;
/** A save waits so long for the copy to be written; after that, it answers that the change is still propagating. */
const SAVE_WAIT_MS = 3000;
/** Revisions that the directory is told of in one call. */
const REVISIONS_PER_UPDATE = 500;
/** Revisions that are looked through for records that were replaced a short while ago. */
const MAX_RECENT_REVISIONS = 100;

export interface RecordKeeperLimits extends HistoryLimits {
	/** Milliseconds for which the PACC digest of a replaced record stays in the zone. */
	readonly supersededMs: number;
}

export interface RecordKeeperDependencies {
	readonly copies: RecordCopies;
	readonly directory: Pick<Directory, 'updateEntry' | 'forgetEntry'>;
	readonly limits: RecordKeeperLimits;
}

export class RecordKeeper implements RecordHistory {
	readonly #platform: ObjectPlatform;
	readonly #dependencies: RecordKeeperDependencies;
	readonly #revisions: RevisionTables;
	/** Two queues, so that the directory need not wait while the copy's store is slow, fails, or takes no write yet. */
	readonly #copyPublisher: OutboxPublisher;
	readonly #directoryPublisher: OutboxPublisher;

	constructor(platform: ObjectPlatform, dependencies: RecordKeeperDependencies) {
		this.#platform = platform;
		this.#dependencies = dependencies;
		this.#revisions = createRevisionTables(platform.sql);
		const drained = () => this.#cancelAlarmIfDrained();
		this.#copyPublisher = createOutboxPublisher({ next: () => this.#nextCopy(), drained });
		this.#directoryPublisher = createOutboxPublisher({ next: () => this.#nextDirectoryUpdate(), drained });
	}

	/** Sends what was saved to the copy and to the directory; waits some seconds for it, and leaves the rest to the alarm. */
	readonly publishPending = () => this.#publishWithin(SAVE_WAIT_MS);
	readonly readKeptRecords = async (from: number) => this.#revisions.keptRecords(from);
	readonly readRevision = async (revision: number) => this.#revisions.findRevision(revision);

	async readHead(name: RecordName): Promise<RecordHead> {
		return this.#headOf(name, await this.#readCopy(name));
	}

	async save(edit: RecordEdit): Promise<SaveResult> {
		const copy = await this.#readCopy(edit.name);
		// From here to the end of the transaction there is no `await`: the revision that is compared is the one that is replaced.
		const head = this.#headOf(edit.name, copy);
		const { latest } = head;
		const tags = edit.tags ?? latest?.tags ?? [];
		const isSame = edit.record === (latest?.record ?? null) && JSON.stringify(tags) === JSON.stringify(latest?.tags ?? []);
		const refusal = findSaveRefusal(edit, head, readClaimRow(this.#platform.sql));
		// An import that is sent again because its answer was lost does not conflict with itself.
		const isRepeated =
			isSame && (refusal === 'stale' || refusal === 'exists') && edit.resolvesExternalEdit === null && edit.act === 'import';
		if (refusal !== null && !isRepeated) return { outcome: refusal, head, previousRecord: null };
		if (isSame && edit.resolvesExternalEdit === null) return { outcome: 'unchanged', head, previousRecord: null };
		if (edit.dryRun === true) return { outcome: 'saved', head, previousRecord: latest?.record ?? null };
		this.#saveRevision(edit, tags);
		await this.#publishWithin(edit.act === 'import' ? 0 : SAVE_WAIT_MS);
		return { outcome: 'saved', head: this.#headOf(edit.name, undefined), previousRecord: latest?.record ?? null };
	}

	async listRevisions(before: number | null, limit: number): Promise<HistoryPage> {
		return this.#revisions.listPage(before, limit);
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
			this.#revisions.resetAnnounced();
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
			this.#revisions.resetPublished();
			this.#platform.alarm.setAt(this.#platform.clock.now() + FIRST_RETRY_MS);
		});
		await this.#copyPublisher.publish();
		return 'written';
	}

	async exportRevisions(after: number, limit: number): Promise<readonly Revision[]> {
		return this.#revisions.exportSince(after, limit);
	}

	async restoreRevisions(restore: RevisionRestore): Promise<RestoreResult> {
		const { name, revisions, isLast, replace, dryRun } = restore;
		const copy = await this.#readCopy(name);
		// From here to the end of the transaction there is no `await`: the plan is made for the revisions that are there.
		const latest = this.#revisions.latest();
		const edited = isLast ? (this.#findExternalEdit(copy, newerRevision(latest, revisions.at(-1) ?? null))?.text ?? null) : null;
		if (edited !== null && !replace) return { outcome: 'outside', revision: latest?.revision ?? 0 };
		const { outcome, added, savedOnTop } = planRestore(restore, latest, (revision) => this.#revisions.findRevision(revision));
		if (!dryRun && (outcome === 'created' || outcome === 'changed')) {
			this.#addRestored(restore, added, savedOnTop, edited);
			// Clients never get a state in the middle of the history.
			if (isLast) await this.#publishWithin(0);
		}
		return { outcome, revision: this.#revisions.latest()?.revision ?? 0 };
	}

	/** Sends what is still pending after an outage, an eviction or a crash. Never throws: on failure it sets the next alarm itself. */
	async alarm(): Promise<void> {
		try {
			await this.#publish();
		} catch (failure) {
			this.#revisions.markFailed();
			const failures = this.#revisions.pending()?.failures ?? 0;
			const { clock, alarm } = this.#platform;
			alarm.setAt(clock.now() + Math.min(FIRST_RETRY_MS * 2 ** failures, MAX_RETRY_MS));
			this.#logPending(failures, failure);
		}
	}

	#saveRevision(edit: RecordEdit, tags: readonly string[]): void {
		const { clock, sql, alarm } = this.#platform;
		const now = clock.now();
		sql.transaction(() => {
			this.#revisions.add(edit, tags, now);
			if (edit.resolvesExternalEdit !== null) this.#revisions.markEditResolved(edit.resolvesExternalEdit.text, now);
			this.#revisions.prune(this.#dependencies.limits, now);
			// In the same transaction, so that the copy is written even if this process ends now.
			alarm.setAt(now + FIRST_RETRY_MS);
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
			this.#revisions.addRestored(name, added);
			if (savedOnTop !== null) {
				const { revision, record, tags } = savedOnTop;
				this.#revisions.add({ name, author, token, record, act: 'restore', note: `r${revision} of a backup` }, tags, now);
			}
			if (edited !== null) this.#revisions.markEditResolved(edited, now);
			if (!isLast) return;
			this.#revisions.resetAnnounced();
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
		const pending = this.#revisions.pending();
		const mustWait = this.#copyPublisher.isPublishing() || (pending !== null && this.#millisecondsUntilWrite(pending) > 0);
		const [copied, announced] = [this.#copyPublisher, this.#directoryPublisher].map((publisher) =>
			publisher.publish().catch((failure: unknown) => this.#logPending(0, failure)),
		);
		if (milliseconds === 0) return;
		await Promise.race([Promise.all(mustWait ? [announced] : [announced, copied]), this.#platform.clock.wait(milliseconds)]);
	}

	#nextCopy(): Promise<void> | null {
		const pending = this.#revisions.pending();
		const latest = this.#revisions.latest();
		return pending === null || latest === null || pending.published >= latest.revision ? null : this.#writeCopy(pending, latest);
	}

	#nextDirectoryUpdate(): Promise<void> | null {
		const pending = this.#revisions.pending();
		const latest = this.#revisions.latest();
		return pending === null || latest === null || pending.announced >= latest.revision ? null : this.#updateDirectory(pending, latest);
	}

	/** Each queue calls this when it is empty; the alarm is needed until both are. */
	#cancelAlarmIfDrained(): void {
		const pending = this.#revisions.pending();
		const revision = this.#revisions.latest()?.revision ?? 0;
		if (pending === null || (pending.published >= revision && pending.announced >= revision)) this.#platform.alarm.cancel();
	}

	/** Milliseconds until the copy may be written again; 0 or less: now. */
	#millisecondsUntilWrite({ publishedAt }: PendingUpdates): number {
		return publishedAt + this.#dependencies.copies.writeIntervalMs - this.#platform.clock.now();
	}

	async #writeCopy(pending: PendingUpdates, latestBefore: Revision): Promise<void> {
		const { clock } = this.#platform;
		const wait = this.#millisecondsUntilWrite(pending);
		if (wait > 0) await clock.wait(wait);
		// Others may have saved during the wait: this one write publishes their revisions too.
		const latest = this.#revisions.latest() ?? latestBefore;
		const name = parseRecordName(pending.name);
		if (name === null) throw new Error(`not the name of a record: ${pending.name}`);
		await this.#dependencies.copies.write(name, latest.record === null ? null : this.#renderCopy(latest.revision, latest.record, name));
		this.#revisions.markPublished(latest.revision, clock.now());
	}

	#renderCopy(revision: number, record: string, name: RecordName): string {
		const now = this.#platform.clock.now();
		const { supersededMs } = this.#dependencies.limits;
		const recent = this.#revisions.replacedSince(now - supersededMs, MAX_RECENT_REVISIONS);
		// Revisions hold checked records only.
		return renderStored(JSON.parse(record) as ServiceRecord, revision, supersededRecords(recent, sampleDomain(name), supersededMs, now));
	}

	async #updateDirectory({ name, announced }: PendingUpdates, latest: Revision): Promise<void> {
		const revisions = this.#revisions.revisionsSince(announced, REVISIONS_PER_UPDATE);
		const revision = revisions.at(-1)?.revision ?? announced;
		await this.#dependencies.directory.updateEntry(directoryUpdate(name, revision, latest, revisions, this.#platform.clock.now()));
		this.#revisions.markAnnounced(revision);
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
		const latest = this.#revisions.latest();
		return { name, latest, published: this.#revisions.pending()?.published ?? 0, externalEdit: this.#findExternalEdit(copy, latest) };
	}

	#findExternalEdit(copy: string | null | undefined, latest: Revision | null): ExternalEdit | null {
		const { stalenessMs } = this.#dependencies.copies;
		const [pending, now] = [this.#revisions.pending(), this.#platform.clock.now()];
		return copy === undefined ? null : detectExternalEdit({ text: copy, latest, pending, stalenessMs, now });
	}

	#logPending(failures: number, failure: unknown): void {
		this.#platform.log('copy-owed', { failures, error: String(failure) });
	}
}
