/**
 * The keeper of the webhooks. It reads from the audit trail which records were changed and which checks got worse, queues a message for each
 * webhook that is to be told, and sends them from its alarm, until the receiver has taken them or has refused too often: a save waits for
 * nothing of it.
 */
import type { WebhookAct } from '../../../contract/acts.ts';
import { MAX_WAITING_MESSAGES, MAX_WEBHOOKS_PER_OWNER } from '../../../contract/limits.ts';
import type { DisabledReason } from '../../../contract/webhooks/webhook-events.ts';
import { DAY_MS, isoTime, MINUTE_MS, SECOND_MS } from '../../../lib/time.ts';
import type { AuditMessage, Directory } from '../../ports/directory.ts';
import type { ObjectPlatform } from '../../ports/platform.ts';
import type { Actor } from '../../ports/tokens.ts';
import type { NewWebhook, Webhook, WebhookDelivery, WebhookPage, Webhooks } from '../../ports/webhooks.ts';
import { attempt, sendDueMessages, type WebhookDeliveriesDependencies } from './webhook-deliveries.ts';
import { type EventMessage, isToBeTold, messageAboutCheck, messageAboutRevision } from './webhook-messages.ts';
import { createWebhookTables, toWebhook, type WebhookRow, type WebhookTables } from './webhook-tables.ts';

/** From a change to the first look at the trail: the changes of an import are read together. */
const SOON_MS = SECOND_MS;
/** The trail is read this often without being told to: the directory may have failed to tell of a change. */
const POLL_MS = 5 * MINUTE_MS;
/** Until the next attempt, where the directory did not answer. */
const RETRY_MS = MINUTE_MS / 2;
/** After this time the alarm goes off again, where it was broken off. */
const BROKEN_OFF_MS = MINUTE_MS;
/** Lines of the trail that are read in one go. */
const MAX_LINES = 200;
/**
 * What is older is not told of. A directory that is put together again tells of revisions whose lines it had forgotten because of their age
 * (HISTORY_DAYS, which is at least a day): nobody wants to hear of those.
 */
const MAX_AGE_MS = DAY_MS;
/** Between two tests of one webhook. */
const TEST_SPACING_MS = 5 * SECOND_MS;

export interface WebhookKeeperDependencies extends WebhookDeliveriesDependencies {
	readonly directory: Pick<Directory, 'watchRecords' | 'unwatchRecords' | 'readRecordEvents' | 'appendAudit'>;
	/** A new id that no webhook and no message has. */
	readonly newId: () => string;
}

/** A webhook while messages are queued for it. */
interface Receiver {
	readonly row: WebhookRow;
	waiting: number;
	/** Messages for which there was no room. */
	dropped: number;
}

export class WebhookKeeper implements Webhooks {
	readonly #platform: ObjectPlatform;
	readonly #dependencies: WebhookKeeperDependencies;
	readonly #tables: WebhookTables;

	constructor(platform: ObjectPlatform, dependencies: WebhookKeeperDependencies) {
		this.#platform = platform;
		this.#dependencies = dependencies;
		this.#tables = createWebhookTables(platform.sql);
	}

	async create({ url, secret, events, owner }: NewWebhook): Promise<Webhook | null> {
		const { sql, clock } = this.#platform;
		const lastId = await this.#dependencies.directory.watchRecords();
		const now = clock.now();
		const id = this.#dependencies.newId();
		const row: WebhookRow = {
			...{ id, url, secret, events, owner, createdBy: owner.who, token: owner.token, createdAt: now, activeSince: now, dropped: 0 },
			...{ failures: 0, failingSince: null, notBefore: 0, attemptedAt: 0, testedAt: 0, disabledAt: null, disabledReason: null },
		};
		return sql.transaction(() => {
			if (this.#tables.ofAccount(owner.account) >= MAX_WEBHOOKS_PER_OWNER) return null;
			this.#tables.put(row);
			this.#beginReading(lastId);
			this.#queueAudit(row, 'add-webhook', owner);
			return toWebhook(row, 0);
		});
	}

	async list(of: Actor | null, after: string, limit: number): Promise<WebhookPage> {
		const found = this.#select(of, after, limit + 1);
		const webhooks = found.slice(0, limit).map((row) => toWebhook(row, this.#tables.waiting(row.id)));
		return { webhooks, next: found.length > limit ? (webhooks.at(-1)?.id ?? null) : null };
	}

	async find(id: string): Promise<Webhook | null> {
		const row = this.#tables.find(id);
		return row === null ? null : toWebhook(row, this.#tables.waiting(id));
	}

	async remove(id: string, by: Actor): Promise<boolean> {
		return this.#platform.sql.transaction(() => {
			const row = this.#tables.find(id);
			if (row === null) return false;
			this.#tables.remove(id);
			this.#queueAudit(row, 'remove-webhook', by);
			return true;
		});
	}

	async enable(id: string, by: Actor): Promise<Webhook | null> {
		const lastId = await this.#dependencies.directory.watchRecords();
		const { sql, clock } = this.#platform;
		return sql.transaction(() => {
			const row = this.#tables.find(id);
			if (row === null) return null;
			if (row.disabledAt === null) return toWebhook(row, this.#tables.waiting(id));
			const fresh = { failures: 0, failingSince: null, notBefore: 0, disabledAt: null, disabledReason: null };
			const enabled = { ...row, ...fresh, activeSince: clock.now() };
			this.#tables.put(enabled);
			this.#beginReading(lastId);
			this.#queueAudit(row, 'enable-webhook', by);
			return toWebhook(enabled, 0);
		});
	}

	async listDeliveries(id: string): Promise<readonly WebhookDelivery[]> {
		return this.#tables.deliveries(id);
	}

	async sendTest(id: string): Promise<WebhookDelivery | 'too-soon' | null> {
		const { sql, clock } = this.#platform;
		const now = clock.now();
		const row = this.#tables.find(id);
		if (row === null) return null;
		if (row.testedAt + TEST_SPACING_MS > now) return 'too-soon';
		this.#tables.put({ ...row, testedAt: now });
		const message = `msg_test_${this.#dependencies.newId()}`;
		const body = JSON.stringify({ type: 'webhook.test', timestamp: isoTime(now), data: {} });
		const outcome = await attempt({ ...this.#dependencies, now: clock.now }, row, { id: message, body });
		const about = { message, type: 'webhook.test', domain: null, revision: null, attempt: 1, nextAt: null } as const;
		const delivery: WebhookDelivery = { ...about, at: clock.now(), ...outcome };
		sql.transaction(() => {
			if (this.#tables.find(id) !== null) this.#tables.addDelivery(id, delivery);
		});
		return delivery;
	}

	async recordsChanged(): Promise<void> {
		this.#platform.sql.transaction(() => {
			this.#tables.setProgress({ readAt: this.#platform.clock.now() + SOON_MS });
			this.#setAlarm();
		});
	}

	/** Does what is due, a part at a time. Never throws. */
	async alarm(): Promise<void> {
		const { clock, alarm, sql, log } = this.#platform;
		alarm.setAt(clock.now() + BROKEN_OFF_MS);
		const logFailure = (failure: unknown) => log('webhooks-owed', { error: String(failure) });
		try {
			await this.#readTrail();
		} catch (failure) {
			this.#tables.setProgress({ readAt: clock.now() + RETRY_MS });
			logFailure(failure);
		}
		await sendDueMessages({
			...this.#dependencies,
			tables: this.#tables,
			now: clock.now,
			transaction: (work) => sql.transaction(work),
			disable: (row, reason) => this.#disable(row, reason),
			logFailure,
		}).catch(logFailure);
		try {
			await this.#sendAudit();
			this.#setAlarm();
		} catch (failure) {
			alarm.setAt(clock.now() + RETRY_MS);
			log('audit-owed', { error: String(failure) });
		}
	}

	/** Queues the messages about one page of the trail. */
	async #readTrail(): Promise<void> {
		const { clock, sql } = this.#platform;
		const { cursor, readAt } = this.#tables.progress();
		const now = clock.now();
		if (cursor === null || readAt === null || readAt > now) return;
		const { directory } = this.#dependencies;
		if (!this.#tables.hasEnabled()) {
			await directory.unwatchRecords();
			// Meanwhile somebody may have created one, and has had the records watched before this.
			if (this.#tables.hasEnabled()) await directory.watchRecords();
			else this.#tables.setProgress({ cursor: null, readAt: null });
			return;
		}
		const page = await directory.readRecordEvents(cursor, MAX_LINES);
		// Another trail, or an earlier state of this one: it is read from its beginning, and what was told already is not told again.
		const isOther = !page.wasWatched || page.lastId < cursor;
		// While a release is being rolled out, a directory of the one before sends no checks.
		const { events, checks = [] } = page;
		const messages = isOther ? [] : await Promise.all([...events.map(messageAboutRevision), ...checks.map(messageAboutCheck)]);
		sql.transaction(() => {
			const receivers =
				messages.length === 0 ? [] : this.#tables.enabled().map((row) => ({ row, waiting: this.#tables.waiting(row.id), dropped: 0 }));
			for (const message of messages) this.#queueMessages(receivers, message, now);
			for (const { row, dropped } of receivers) if (dropped > 0) this.#tables.put({ ...row, dropped: row.dropped + dropped });
			this.#tables.forgetTold(now);
			const readNext = isOther || page.hasMore ? now : now + POLL_MS;
			// The directory may have told of more changes while it was asked.
			const told = this.#tables.progress().readAt ?? readNext;
			this.#tables.setProgress({ cursor: isOther ? 0 : page.lastId, readAt: told > now ? Math.min(told, readNext) : readNext });
		});
	}

	/** Queues a message for each webhook that is to be told. Called inside a transaction. */
	#queueMessages(receivers: readonly Receiver[], { at, tags, message }: EventMessage, now: number): void {
		if (at <= now - MAX_AGE_MS) return;
		const told = receivers.filter(({ row }) => isToBeTold(row, { at, tags, message }));
		if (told.length === 0 || !this.#tables.addTold(message.id, at)) return;
		for (const receiver of told) {
			if (receiver.waiting >= MAX_WAITING_MESSAGES) receiver.dropped += 1;
			else {
				this.#tables.addMessage(receiver.row.id, message, now);
				receiver.waiting += 1;
			}
		}
	}

	/** Called inside a transaction. */
	#disable(row: WebhookRow, disabledReason: DisabledReason): void {
		const dropped = row.dropped + this.#tables.waiting(row.id);
		this.#tables.removeMessages(row.id);
		this.#tables.put({ ...row, disabledAt: this.#platform.clock.now(), disabledReason, dropped });
		this.#queueAudit(row, 'disable-webhook', row.owner, `, ${disabledReason}`);
	}

	#select(of: Actor | null, after: string, limit: number): readonly WebhookRow[] {
		if (of === null) return this.#tables.all(after, limit);
		return of.token === null ? this.#tables.ofPerson(of.who, after, limit) : this.#tables.ofToken(of.token, after, limit);
	}

	/** Reads the trail from here on, where it is not read already. Called inside a transaction. */
	#beginReading(lastId: number): void {
		if (this.#tables.progress().cursor === null) this.#tables.setProgress({ cursor: lastId, readAt: this.#platform.clock.now() + POLL_MS });
		this.#setAlarm();
	}

	/** Called inside the transaction of what the line reports. It names the receiver's host alone: the rest of a URL may be a secret. */
	#queueAudit({ id, url }: WebhookRow, act: WebhookAct, { who, token }: Actor, remark = ''): void {
		const { sql, clock, alarm } = this.#platform;
		const detail = `webhook ${id} to ${new URL(url).hostname}${remark}`;
		const line = { at: clock.now(), who, token, act, domain: null, detail, source: `webhook ${id}` };
		sql.execute('INSERT INTO outbox (line) VALUES (?)', JSON.stringify(line));
		alarm.setAt(clock.now() + SOON_MS);
	}

	async #sendAudit(): Promise<void> {
		const { sql } = this.#platform;
		const rows = sql.execute('SELECT * FROM outbox ORDER BY seq LIMIT ?', MAX_LINES);
		if (rows.length === 0) return;
		await this.#dependencies.directory.appendAudit(
			rows.map((row): AuditMessage => ({ ...JSON.parse(String(row.line)), seq: Number(row.seq) })),
		);
		sql.execute('DELETE FROM outbox WHERE seq <= ?', Number(rows.at(-1)?.seq));
	}

	/** Sets the alarm for what is due next; none where nothing is. */
	#setAlarm(): void {
		const { clock, alarm, sql } = this.#platform;
		const { readAt, cursor } = this.#tables.progress();
		const owesAudit = sql.execute('SELECT 1 FROM outbox LIMIT 1').length > 0;
		const times = [cursor === null ? null : readAt, this.#tables.nextMessageAt(), owesAudit ? clock.now() + SOON_MS : null];
		const due = times.filter((time) => time !== null);
		if (due.length === 0) alarm.cancel();
		else alarm.setAt(Math.max(Math.min(...due), clock.now()));
	}
}
