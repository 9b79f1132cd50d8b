/**
 * The keepers as Durable Objects. Each shell hands its storage to the plain class of `store/objects/` and passes calls on; callers reach
 * the methods of a class only, so that each is written out. `entry.ts` exports the shells under the names that `wrangler.toml` and the
 * deployed data know.
 */
import { DurableObject } from 'cloudflare:workers';
import type { RecordName } from '../model/record-name.ts';
import { createKvRecordCopies } from '../store/kv/kv-record-copies.ts';
import { DirectoryKeeper } from '../store/objects/directory-keeper.ts';
import { RecordKeeper } from '../store/objects/record-keeper.ts';
import { TokenKeeper } from '../store/objects/token-keeper.ts';
import { UsageKeeper } from '../store/objects/usage-keeper.ts';
import type { AuditMessage, AuditQuery, Directory, DirectoryQuery, DirectoryUpdate } from '../store/ports/directory.ts';
import type { RecordEdit, RecordHistory } from '../store/ports/record-history.ts';
import type { Actor, HashedToken, Tokens } from '../store/ports/tokens.ts';
import type { RequestCount, UsageQuery, UsageStore } from '../store/ports/usage-store.ts';
import { objectPlatform } from './object-platform.ts';
import { directoryStub } from './stubs.ts';
import { settings } from './worker-settings.ts';

/** One object for each record, named after it. */
export class RecordKeeperObject extends DurableObject<Env> implements RecordHistory {
	readonly #keeper = new RecordKeeper(objectPlatform(this.ctx.storage), {
		copies: createKvRecordCopies(() => this.env.RECORDS),
		directory: directoryStub(this.env.DIRECTORY),
		limits: settings.keeperLimits,
	});

	readHead(name: RecordName) {
		return this.#keeper.readHead(name);
	}
	save(edit: RecordEdit) {
		return this.#keeper.save(edit);
	}
	listRevisions(before: number | null, limit: number) {
		return this.#keeper.listRevisions(before, limit);
	}
	readRevision(revision: number) {
		return this.#keeper.readRevision(revision);
	}
	announce(name: RecordName) {
		return this.#keeper.announce(name);
	}
	override alarm() {
		return this.#keeper.alarm();
	}
}

/** A single object. */
export class DirectoryObject extends DurableObject<Env> implements Directory {
	readonly #keeper = new DirectoryKeeper(objectPlatform(this.ctx.storage), settings.keeperLimits);

	updateEntry(update: DirectoryUpdate) {
		return this.#keeper.updateEntry(update);
	}
	listEntries(query: DirectoryQuery) {
		return this.#keeper.listEntries(query);
	}
	appendAudit(lines: readonly AuditMessage[]) {
		return this.#keeper.appendAudit(lines);
	}
	readAudit(query: AuditQuery) {
		return this.#keeper.readAudit(query);
	}
}

/** A single object. */
export class TokenKeeperObject extends DurableObject<Env> implements Tokens {
	readonly #keeper = new TokenKeeper(objectPlatform(this.ctx.storage), {
		directory: directoryStub(this.env.DIRECTORY),
		newId: () => crypto.randomUUID(),
	});

	create(token: HashedToken) {
		return this.#keeper.create(token);
	}
	findByHash(hash: string) {
		return this.#keeper.findByHash(hash);
	}
	findById(id: string) {
		return this.#keeper.findById(id);
	}
	list(createdBy: Actor | null, after: string, limit: number) {
		return this.#keeper.list(createdBy, after, limit);
	}
	revoke(id: string, by: Actor) {
		return this.#keeper.revoke(id, by);
	}
	override alarm() {
		return this.#keeper.alarm();
	}
}

/** A single object. */
export class UsageCounterObject extends DurableObject<Env> implements UsageStore {
	readonly #keeper = new UsageKeeper(objectPlatform(this.ctx.storage), settings.keeperLimits);

	addCounts(at: number, counts: readonly RequestCount[]) {
		return this.#keeper.addCounts(at, counts);
	}
	readCounts(query: UsageQuery) {
		return this.#keeper.readCounts(query);
	}
}
