/** The truth about one record: a Durable Object that compares, keeps every revision, and owes KV the copy. */
import { DurableObject } from 'cloudflare:workers';
import { writeLog } from '../../lib/log.ts';
import type { ServiceRecord } from '../../model/record.ts';
import { recordKey } from '../../model/record-key.ts';
import { parseRecordName, type RecordName, sampleDomain } from '../../model/record-name.ts';
import { renderStored } from '../../model/stored-record.ts';
import type { ExternalEdit, HistoryPage, RecordEdit, RecordHead, RecordHistory, Revision, SaveResult } from '../ports/record-history.ts';
import { detectExternalEdit } from './external-edit.ts';
import { createOutboxPublisher, type OutboxPublisher } from './outbox.ts';
import { createRevisionTables, type Pending, type RevisionTables } from './revision-tables.ts';
import { supersededRecords } from './superseded.ts';

// KV takes one put a second for a key, and answers 429 to the next.
const KV_WRITE_INTERVAL_MS = 1000;
// Until the first alarm; doubled with each failure, up to the last. The runtime's own retries end after six.
const FIRST_RETRY_MS = 2000;
const MAX_RETRY_MS = 30_000;
/** A save waits so long for its copy to be out, after that it is propagating; a line of an import does not wait. */
const SAVE_WAIT_MS = 3000;
/** Lines told to the directory at a time. */
const REVISIONS_PER_UPDATE = 500;

export class RecordKeeper extends DurableObject<Env> implements RecordHistory {
	readonly #revisions: RevisionTables;
	/** Two debts, paid apart: the directory need not wait while KV is slow, fails, or is not to be asked for a second. */
	readonly #copies: OutboxPublisher;
	readonly #notices: OutboxPublisher;

	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		this.#revisions = createRevisionTables(ctx.storage.sql);
		const settle = () => this.#settle();
		this.#copies = createOutboxPublisher({ next: () => this.#payCopy(), drained: settle });
		this.#notices = createOutboxPublisher({ next: () => this.#payNotice(), drained: settle });
	}

	async readHead(name: RecordName): Promise<RecordHead> {
		const found = await this.#copy(name);
		return this.#head(name, found);
	}

	async save(edit: RecordEdit): Promise<SaveResult> {
		const found = await this.#copy(edit.name);
		// From here to the end of the transaction there is no await: what is compared is what is replaced.
		const head = this.#head(edit.name, found);
		const { latest } = head;
		const tags = edit.tags ?? latest?.tags ?? [];
		const same = edit.record === (latest?.record ?? null) && JSON.stringify(tags) === JSON.stringify(latest?.tags ?? []);
		const refusal = preconditionFailure(edit, head);
		// What was sent again, because its answer was lost, is no conflict with itself.
		const again = same && refusal !== 'outside' && edit.resolvesExternalEdit === null && edit.act === 'import';
		if (refusal !== null && !again) return { outcome: refusal, head, previousRecord: null };
		if (same && edit.resolvesExternalEdit === null) return { outcome: 'unchanged', head, previousRecord: null };
		if (edit.dryRun === true) return { outcome: 'saved', head, previousRecord: latest?.record ?? null };
		const now = Date.now();
		this.ctx.storage.transactionSync(() => {
			this.#revisions.add(edit, tags, now);
			if (edit.resolvesExternalEdit !== null) this.#revisions.settled(edit.resolvesExternalEdit.text, now);
			this.#revisions.prune({ count: Number(this.env.HISTORY_COUNT), days: Number(this.env.HISTORY_DAYS) }, now);
			// In the same transaction: whatever happens next, the copy is owed.
			void this.ctx.storage.setAlarm(now + FIRST_RETRY_MS);
		});
		await this.#publishSoon(edit.act === 'import' ? 0 : SAVE_WAIT_MS);
		return { outcome: 'saved', head: this.#head(edit.name, null), previousRecord: latest?.record ?? null };
	}

	async listRevisions(before: number | null, limit: number): Promise<HistoryPage> {
		return this.#revisions.page(before, limit);
	}

	async readRevision(revision: number): Promise<Revision | null> {
		return this.#revisions.find(revision);
	}

	async announce(name: RecordName): Promise<boolean> {
		const { latest, externalEdit } = await this.readHead(name);
		if (latest === null) {
			if (externalEdit === null) return false;
			await this.#directory().updateEntry({ name, revision: 0, state: 'outside', tags: [], at: Date.now(), revisions: [] });
			return true;
		}
		this.ctx.storage.transactionSync(() => {
			this.#revisions.forgetNoted();
			void this.ctx.storage.setAlarm(Date.now() + FIRST_RETRY_MS);
		});
		await this.#publish();
		return true;
	}

	/** Pays what is still owed after an outage, an eviction or a crash. */
	override async alarm(): Promise<void> {
		try {
			await this.#publish();
		} catch (failure) {
			this.#revisions.failed();
			const failures = this.#revisions.owed()?.failures ?? 0;
			await this.ctx.storage.setAlarm(Date.now() + Math.min(FIRST_RETRY_MS * 2 ** failures, MAX_RETRY_MS));
			writeLog('copy-owed', { failures, error: String(failure) });
		}
	}

	async #publish(): Promise<void> {
		await Promise.all([this.#copies.publish(), this.#notices.publish()]);
	}

	/**
	 * Waits for the directory to know, so that a list has what was just saved, and for the copy to be out; but not for its turn behind
	 * others, and not for ever: the alarm is set.
	 */
	async #publishSoon(patience: number): Promise<void> {
		const owed = this.#revisions.owed();
		const waits = this.#copies.isPublishing() || (owed !== null && this.#turn(owed) > 0);
		const [copied, noted] = [this.#copies, this.#notices].map((debts) =>
			debts.publish().catch((failure: unknown) => {
				writeLog('copy-owed', { failures: 0, error: String(failure) });
			}),
		);
		if (patience > 0) await Promise.race([Promise.all(waits ? [noted] : [noted, copied]), scheduler.wait(patience)]);
	}

	#payCopy(): Promise<void> | null {
		const owed = this.#revisions.owed();
		const latest = this.#revisions.latest();
		return owed === null || latest === null || owed.published >= latest.revision ? null : this.#put(owed, latest);
	}

	#payNotice(): Promise<void> | null {
		const owed = this.#revisions.owed();
		const latest = this.#revisions.latest();
		return owed === null || latest === null || owed.announced >= latest.revision ? null : this.#note(owed, latest);
	}

	/** No alarm once nothing is owed to anybody. */
	#settle(): void {
		const owed = this.#revisions.owed();
		const revision = this.#revisions.latest()?.revision ?? 0;
		if (owed === null || (owed.published >= revision && owed.announced >= revision)) void this.ctx.storage.deleteAlarm();
	}

	/** Milliseconds until KV takes the next put; none or less: now. */
	#turn({ publishedAt }: Pending): number {
		return publishedAt + KV_WRITE_INTERVAL_MS - Date.now();
	}

	async #put(owed: Pending, before: Revision): Promise<void> {
		const turn = this.#turn(owed);
		if (turn > 0) await scheduler.wait(turn);
		// Others may have saved meanwhile: their revisions go out with this one put.
		const latest = this.#revisions.latest() ?? before;
		const name = parseRecordName(owed.name);
		if (name === null) throw new Error(`no record's name: ${owed.name}`);
		const key = recordKey(name);
		if (latest.record === null) await this.env.RECORDS.delete(key);
		else await this.env.RECORDS.put(key, this.#stored(latest.revision, latest.record, name));
		this.#revisions.published(latest.revision, Date.now());
	}

	#stored(revision: number, record: string, name: RecordName): string {
		const now = Date.now();
		const overlap = Number(this.env.PACC_OVERLAP_SECONDS) * 1000;
		const recent = this.#revisions.replacedSince(now - overlap, 100);
		// Revisions hold checked records only.
		return renderStored(JSON.parse(record) as ServiceRecord, revision, supersededRecords(recent, sampleDomain(name), overlap, now));
	}

	async #note(owed: Pending, { tags, at, record }: Revision): Promise<void> {
		const lines = this.#revisions.since(owed.announced, REVISIONS_PER_UPDATE);
		const revision = lines.at(-1)?.revision ?? owed.announced;
		await this.#directory().updateEntry({
			name: owed.name,
			revision,
			state: record === null ? 'deleted' : 'live',
			tags,
			at,
			revisions: lines,
		});
		this.#revisions.noted(revision);
	}

	#directory() {
		return this.env.DIRECTORY.get(this.env.DIRECTORY.idFromName('directory'));
	}

	/** What stands in KV. While KV does not answer, nothing can be said of it: the keeper's own word counts. */
	async #copy(name: RecordName): Promise<ExternalEdit | null> {
		try {
			return { text: await this.env.RECORDS.get(recordKey(name), 'text') };
		} catch {
			return null;
		}
	}

	#head(name: RecordName, copy: ExternalEdit | null): RecordHead {
		const latest = this.#revisions.latest();
		const owed = this.#revisions.owed();
		const outside = copy === null ? null : detectExternalEdit(copy.text, latest, owed, Date.now());
		return { name, latest, published: owed?.published ?? 0, externalEdit: outside };
	}
}

function preconditionFailure(
	{ precondition, resolvesExternalEdit }: RecordEdit,
	{ latest, externalEdit }: RecordHead,
): SaveResult['outcome'] | null {
	if (typeof precondition === 'number' && precondition !== (latest?.revision ?? 0)) return 'stale';
	if (externalEdit?.text !== resolvesExternalEdit?.text) return 'outside';
	return precondition === 'absent' && (latest?.record ?? null) !== null ? 'exists' : null;
}
