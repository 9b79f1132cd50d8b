/** The tables of the keeper of the webhooks, and how its rows are read and written. */
import type { DeliveryFailure, DisabledReason, WebhookEvent, WebhookMessageType } from '../../../contract/webhooks/webhook-events.ts';
import { DAY_MS } from '../../../lib/time.ts';
import type { SqlDatabase, SqlRow, SqlValue } from '../../ports/platform.ts';
import type { Webhook, WebhookDelivery, WebhookOwner } from '../../ports/webhooks.ts';
import { type Migration, migrateSchema, statements } from '../schema.ts';

const MIGRATIONS: readonly Migration[] = [
	statements(
		`CREATE TABLE webhooks (id TEXT PRIMARY KEY, url TEXT NOT NULL, secret TEXT NOT NULL, events TEXT NOT NULL, createdBy TEXT NOT NULL, token TEXT,
			account TEXT NOT NULL, names TEXT, tag TEXT, createdAt INTEGER NOT NULL, activeSince INTEGER NOT NULL, failures INTEGER NOT NULL, failingSince INTEGER,
			notBefore INTEGER NOT NULL, attemptedAt INTEGER NOT NULL, testedAt INTEGER NOT NULL, disabledAt INTEGER, disabledReason TEXT, dropped INTEGER NOT NULL)`,
		`CREATE TABLE messages (seq INTEGER PRIMARY KEY AUTOINCREMENT, webhook TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, domain TEXT NOT NULL,
			revision INTEGER NOT NULL, body TEXT NOT NULL, attempts INTEGER NOT NULL, nextAt INTEGER NOT NULL)`,
		'CREATE INDEX messages_by_time ON messages (webhook, nextAt, seq)',
		`CREATE TABLE deliveries (seq INTEGER PRIMARY KEY AUTOINCREMENT, webhook TEXT NOT NULL, message TEXT NOT NULL, type TEXT NOT NULL, domain TEXT,
			revision INTEGER, at INTEGER NOT NULL, attempt INTEGER NOT NULL, status INTEGER, failure TEXT, nextAt INTEGER)`,
		'CREATE INDEX deliveries_by_webhook ON deliveries (webhook, seq)',
		// What somebody was told of, so that nobody is told again where the audit trail was lost and put together anew.
		'CREATE TABLE told (message TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID',
		'CREATE TABLE outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, line TEXT NOT NULL)',
		'CREATE TABLE progress (name TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID',
	),
];

/** In the column of `messages`, which may not be null: revisions are counted from 1. */
const NO_REVISION = 0;

/** Attempts that are kept of each webhook. */
const KEPT_DELIVERIES = 50;
/** For longer than anything is told of after it happened. */
const TOLD_MS = 2 * DAY_MS;

/** A webhook with all that the keeper knows of it. */
export interface WebhookRow extends Omit<Webhook, 'waiting'> {
	readonly secret: string;
	readonly owner: WebhookOwner;
	/** What happened before is not told of. */
	readonly activeSince: number;
	/** Attempts that have failed in a row. */
	readonly failures: number;
	/** No attempt is made before this. */
	readonly notBefore: number;
	readonly attemptedAt: number;
	readonly testedAt: number;
}

export interface WaitingMessage {
	readonly seq: number;
	readonly id: string;
	readonly type: WebhookMessageType;
	readonly domain: string;
	/** Null where it is about none. */
	readonly revision: number | null;
	readonly body: string;
	readonly attempts: number;
}

export type NewMessage = Omit<WaitingMessage, 'seq' | 'attempts'>;

/** How far the audit trail was read, and when it is read next (Unix time in milliseconds); null: nothing is to be read. */
export interface WebhookProgress {
	readonly cursor: number | null;
	readonly readAt: number | null;
}

const NOTHING_READ: WebhookProgress = { cursor: null, readAt: null };

export type WebhookTables = ReturnType<typeof createWebhookTables>;

export function createWebhookTables(sql: SqlDatabase) {
	sql.transaction(() => migrateSchema(sql, MIGRATIONS));

	const count = (query: string, ...values: readonly SqlValue[]) => Number(sql.execute(query, ...values)[0]?.found ?? 0);
	const waiting = (id: string) => count('SELECT COUNT(*) AS found FROM messages WHERE webhook = ?', id);
	const select = (query: string, ...values: readonly SqlValue[]) => sql.execute(query, ...values).map(webhookFromRow);

	return {
		waiting,
		find: (id: string): WebhookRow | null => select('SELECT * FROM webhooks WHERE id = ?', id)[0] ?? null,
		ofAccount: (account: string) => count('SELECT COUNT(*) AS found FROM webhooks WHERE account = ?', account),
		all: (after: string, limit: number) => select('SELECT * FROM webhooks WHERE id > ? ORDER BY id LIMIT ?', after, limit),
		ofToken: (token: string, after: string, limit: number) =>
			select('SELECT * FROM webhooks WHERE token = ? AND id > ? ORDER BY id LIMIT ?', token, after, limit),
		ofPerson: (who: string, after: string, limit: number) =>
			select('SELECT * FROM webhooks WHERE token IS NULL AND createdBy = ? AND id > ? ORDER BY id LIMIT ?', who, after, limit),
		enabled: () => select('SELECT * FROM webhooks WHERE disabledAt IS NULL ORDER BY id'),
		hasEnabled: () => sql.execute('SELECT 1 FROM webhooks WHERE disabledAt IS NULL LIMIT 1').length > 0,
		put(row: WebhookRow): void {
			sql.execute(
				'INSERT OR REPLACE INTO webhooks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
				row.id,
				row.url,
				row.secret,
				JSON.stringify(row.events),
				row.createdBy,
				row.token,
				row.owner.account,
				row.owner.visible.names === null ? null : JSON.stringify(row.owner.visible.names),
				row.owner.visible.tag,
				row.createdAt,
				row.activeSince,
				row.failures,
				row.failingSince,
				row.notBefore,
				row.attemptedAt,
				row.testedAt,
				row.disabledAt,
				row.disabledReason,
				row.dropped,
			);
		},
		remove(id: string): void {
			for (const table of ['messages', 'deliveries']) sql.execute(`DELETE FROM ${table} WHERE webhook = ?`, id);
			sql.execute('DELETE FROM webhooks WHERE id = ?', id);
		},

		/** Notes that a message is queued; false where it was before. */
		addTold(message: string, at: number): boolean {
			return sql.execute('INSERT OR IGNORE INTO told VALUES (?, ?) RETURNING 1', message, at).length > 0;
		},
		forgetTold: (now: number) => void sql.execute('DELETE FROM told WHERE at < ?', now - TOLD_MS),

		addMessage: (webhook: string, { id, type, domain, revision, body }: NewMessage, nextAt: number) =>
			void sql.execute(
				'INSERT INTO messages (webhook, id, type, domain, revision, body, attempts, nextAt) VALUES (?, ?, ?, ?, ?, ?, 0, ?)',
				webhook,
				id,
				type,
				domain,
				revision ?? NO_REVISION,
				body,
				nextAt,
			),
		postponeMessage: (seq: number, attempts: number, nextAt: number) =>
			void sql.execute('UPDATE messages SET attempts = ?, nextAt = ? WHERE seq = ?', attempts, nextAt, seq),
		removeMessage: (seq: number) => void sql.execute('DELETE FROM messages WHERE seq = ?', seq),
		removeMessages: (webhook: string) => void sql.execute('DELETE FROM messages WHERE webhook = ?', webhook),
		/** Webhooks that have something to send now, those first that had their turn longest ago. */
		nextWebhooks: (now: number, limit: number) =>
			select(
				`SELECT * FROM webhooks WHERE disabledAt IS NULL AND notBefore <= ?1 AND EXISTS
					(SELECT 1 FROM messages WHERE webhook = webhooks.id AND nextAt <= ?1) ORDER BY attemptedAt, id LIMIT ?2`,
				now,
				limit,
			),
		dueMessages: (webhook: string, now: number, limit: number): readonly WaitingMessage[] =>
			sql
				.execute('SELECT * FROM messages WHERE webhook = ? AND nextAt <= ? ORDER BY nextAt, seq LIMIT ?', webhook, now, limit)
				.map(messageFromRow),
		/** When the next message is due; null where none waits. */
		nextMessageAt(): number | null {
			const query = `SELECT MIN(MAX(notBefore, (SELECT MIN(nextAt) FROM messages WHERE webhook = webhooks.id))) AS found
				FROM webhooks WHERE disabledAt IS NULL`;
			const found = sql.execute(query)[0]?.found ?? null;
			return found === null ? null : Number(found);
		},

		addDelivery(webhook: string, { message, type, domain, revision, at, attempt, status, failure, nextAt }: WebhookDelivery): void {
			sql.execute(
				'INSERT INTO deliveries (webhook, message, type, domain, revision, at, attempt, status, failure, nextAt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
				webhook,
				message,
				type,
				domain,
				revision,
				at,
				attempt,
				status,
				failure,
				nextAt,
			);
			sql.execute(
				'DELETE FROM deliveries WHERE webhook = ?1 AND seq <= (SELECT seq FROM deliveries WHERE webhook = ?1 ORDER BY seq DESC LIMIT 1 OFFSET ?2)',
				webhook,
				KEPT_DELIVERIES,
			);
		},
		deliveries: (webhook: string): readonly WebhookDelivery[] =>
			sql.execute('SELECT * FROM deliveries WHERE webhook = ? ORDER BY seq DESC', webhook).map(deliveryFromRow),

		progress(): WebhookProgress {
			const kept = sql.execute('SELECT name, value FROM progress').map(({ name, value }) => [name, value]);
			return { ...NOTHING_READ, ...Object.fromEntries(kept) };
		},
		setProgress(changed: Partial<WebhookProgress>): void {
			for (const [name, value] of Object.entries(changed)) sql.execute('INSERT OR REPLACE INTO progress VALUES (?, ?)', name, value);
		},
	};
}

/** A webhook as its owner may see it. */
export function toWebhook(row: WebhookRow, waiting: number): Webhook {
	const { id, url, events, createdBy, token, createdAt, failingSince, disabledAt, disabledReason, dropped } = row;
	return { id, url, events, createdBy, token, createdAt, failingSince, disabledAt, disabledReason, waiting, dropped };
}

const numberOrNull = (value: SqlValue | undefined) => (value === null || value === undefined ? null : Number(value));
const textOrNull = (value: SqlValue | undefined) => (value === null || value === undefined ? null : String(value));

/** Only `put` writes these rows. */
function webhookFromRow(row: SqlRow): WebhookRow {
	const createdBy = String(row.createdBy);
	const token = textOrNull(row.token);
	const names = row.names === null ? null : JSON.parse(String(row.names));
	return {
		id: String(row.id),
		url: String(row.url),
		secret: String(row.secret),
		events: JSON.parse(String(row.events)) as readonly WebhookEvent[],
		createdBy,
		token,
		owner: { who: createdBy, token, account: String(row.account), visible: { names, tag: textOrNull(row.tag) } },
		createdAt: Number(row.createdAt),
		activeSince: Number(row.activeSince),
		failures: Number(row.failures),
		failingSince: numberOrNull(row.failingSince),
		notBefore: Number(row.notBefore),
		attemptedAt: Number(row.attemptedAt),
		testedAt: Number(row.testedAt),
		disabledAt: numberOrNull(row.disabledAt),
		disabledReason: textOrNull(row.disabledReason) as DisabledReason | null,
		dropped: Number(row.dropped),
	};
}

function messageFromRow(row: SqlRow): WaitingMessage {
	return {
		seq: Number(row.seq),
		id: String(row.id),
		// Only `addMessage` writes this column.
		type: String(row.type) as WebhookMessageType,
		domain: String(row.domain),
		revision: row.revision === NO_REVISION ? null : Number(row.revision),
		body: String(row.body),
		attempts: Number(row.attempts),
	};
}

function deliveryFromRow(row: SqlRow): WebhookDelivery {
	return {
		message: String(row.message),
		// Only `addDelivery` writes these columns.
		type: String(row.type) as WebhookMessageType,
		domain: textOrNull(row.domain),
		revision: numberOrNull(row.revision),
		at: Number(row.at),
		attempt: Number(row.attempt),
		status: numberOrNull(row.status),
		failure: textOrNull(row.failure) as DeliveryFailure | null,
		nextAt: numberOrNull(row.nextAt),
	};
}
