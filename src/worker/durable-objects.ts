/**
 * The keepers as Durable Objects. Each shell hands its storage to the plain class of `store/objects/` and passes calls on; callers reach
 * the methods of a class only, so that each is written out. `entry.ts` exports the shells under the names that `wrangler.toml` and the
 * deployed data know.
 */

import { DurableObject } from 'cloudflare:workers';
import { writeLog } from '../lib/log.ts';
import type { RecordName } from '../model/record-name.ts';
import { createKvRecordCopies } from '../store/kv/kv-record-copies.ts';
import { markDirectoryComplete, markFirstPublication } from '../store/kv/store-mark.ts';
import { ClaimKeeper } from '../store/objects/claim-keeper.ts';
import { DirectoryKeeper } from '../store/objects/directory-keeper.ts';
import { RecordKeeper } from '../store/objects/record-keeper.ts';
import { SaveBatchesKeeper } from '../store/objects/save-batches.ts';
import { TokenKeeper } from '../store/objects/token-keeper.ts';
import { UsageKeeper } from '../store/objects/usage-keeper.ts';
import { ZoneChangeKeeper } from '../store/objects/zone-change-keeper.ts';
import type { BatchedSaves, SaveBatches } from '../store/ports/batched-saves.ts';
import type { ClaimProof, DomainClaim, DomainClaims } from '../store/ports/claims.ts';
import type {
	AliasQuery,
	AuditMessage,
	AuditQuery,
	Directory,
	DirectoryQuery,
	DirectorySearch,
	DirectoryUpdate,
} from '../store/ports/directory.ts';
import type { RecordEdit, RecordHistory, RevisionRestore } from '../store/ports/record-history.ts';
import type { Actor, HashedToken, TokenBackup, TokenScope, Tokens } from '../store/ports/tokens.ts';
import type { RequestCount, UsageQuery, UsageStore } from '../store/ports/usage-store.ts';
import type { ZoneChanges } from '../store/ports/zone-changes.ts';
import { type ObjectNamespace, type PlatformNamespace, placeObjectsOf } from './object-placement.ts';
import { objectPlatform } from './object-platform.ts';
import { directoryStub, hostnamesStub, recordHistoryStubs, webhooksStub } from './stubs.ts';
import { settings } from './worker-settings.ts';

/** One object for each record, named after it. */
export class RecordKeeperObject extends DurableObject<Env> implements RecordHistory, BatchedSaves, DomainClaims, ZoneChanges {
	readonly #copies = createKvRecordCopies(() => this.env.RECORDS);
	readonly #platform = objectPlatform(this.ctx.storage);
	readonly #keeper = new RecordKeeper(this.#platform, {
		copies: this.#copies,
		directory: directoryStub(placedFor(this.ctx, this.env.DIRECTORY)),
		hostnames: settings.hostnames === null ? null : hostnamesStub(placedFor(this.ctx, this.env.HOSTNAMES)),
		limits: settings.keeperLimits,
	});
	readonly #zoneChanges = new ZoneChangeKeeper(this.#platform, this.#keeper.tables);
	readonly #claims = new ClaimKeeper(this.#platform, { copies: this.#copies, record: this.#keeper, tables: this.#keeper.tables });

	readHead(name: RecordName) {
		return this.#keeper.readHead(name);
	}
	hasTag(tag: string) {
		return this.#keeper.hasTag(tag);
	}
	save(edit: RecordEdit) {
		return this.#keeper.save(edit);
	}
	saveBatched(edit: RecordEdit, copy: string | null, awaitsCopy: boolean) {
		return this.#keeper.saveBatched(edit, copy, awaitsCopy);
	}
	readLatest() {
		return this.#keeper.readLatest();
	}
	listRevisions(before: number | null, limit: number) {
		return this.#keeper.listRevisions(before, limit);
	}
	readKeptRecords(from: number) {
		return this.#keeper.readKeptRecords(from);
	}
	readRevision(revision: number) {
		return this.#keeper.readRevision(revision);
	}
	announce(name: RecordName) {
		return this.#keeper.announce(name);
	}
	republish(name: RecordName) {
		return this.#keeper.republish(name);
	}
	exportRevisions(after: number, limit: number) {
		return this.#keeper.exportRevisions(after, limit);
	}
	restoreRevisions(restore: RevisionRestore) {
		return this.#keeper.restoreRevisions(restore);
	}
	readClaim() {
		return this.#claims.readClaim();
	}
	takeClaim(proof: ClaimProof) {
		return this.#claims.takeClaim(proof);
	}
	confirmClaim(generation: number) {
		return this.#claims.confirmClaim(generation);
	}
	releaseClaim(generation: number) {
		return this.#claims.releaseClaim(generation);
	}
	restoreClaim(name: RecordName, claim: DomainClaim, dryRun: boolean) {
		return this.#claims.restoreClaim(name, claim, dryRun);
	}
	readCachesExpireAt(domain: string) {
		return this.#zoneChanges.readCachesExpireAt(domain);
	}
	noteZoneChange(name: RecordName, domain: string, cachesExpireAt: number) {
		return this.#zoneChanges.noteZoneChange(name, domain, cachesExpireAt);
	}
	override alarm() {
		return this.#keeper.alarm();
	}
}

/** A single object. */
export class DirectoryObject extends DurableObject<Env> implements Directory, SaveBatches {
	readonly #keeper = new DirectoryKeeper(objectPlatform(this.ctx.storage), settings.keeperLimits);
	readonly #batches = new SaveBatchesKeeper(objectPlatform(this.ctx.storage), {
		directory: this.#keeper,
		recordsChanged: settings.hostnames === null ? null : hostnamesStub(placedFor(this.ctx, this.env.HOSTNAMES)).recordsChanged,
		announce: (name) => recordHistoryStubs(placedFor(this.ctx, this.env.KEEPERS))(name).announce(name),
	});
	/** Whether the store is known to carry its mark. */
	#isMarked = false;

	/** The first record that is published marks the store, once in its life. */
	async updateEntry(update: DirectoryUpdate) {
		await this.#keeper.updateEntry(update);
		this.#tellWebhooks();
		await this.#markStore([update]);
	}
	beginBatch(id: string, names: readonly RecordName[]) {
		return this.#batches.beginBatch(id, names);
	}
	async endBatch(id: string, updates: readonly DirectoryUpdate[]) {
		await this.#batches.endBatch(id, updates);
		this.#tellWebhooks();
		await this.#markStore(updates);
	}
	/** A save does not wait for this. Where it fails, the keeper of the webhooks finds the change by itself some minutes later. */
	#tellWebhooks() {
		if (!this.#keeper.areRecordsWatched()) return;
		const told = webhooksStub(placedFor(this.ctx, this.env.WEBHOOKS)).recordsChanged();
		this.ctx.waitUntil(told.catch((failure: unknown) => writeLog('webhooks-owed', { error: String(failure) })));
	}
	async #markStore(updates: readonly DirectoryUpdate[]) {
		if (this.#isMarked || !updates.some(({ state }) => state === 'live')) return;
		this.#isMarked = (await markFirstPublication(this.env.RECORDS, this.#keeper, this.ctx.id.jurisdiction ?? null)).ok;
	}
	forgetEntry(name: string) {
		return this.#keeper.forgetEntry(name);
	}
	listEntries(query: DirectoryQuery) {
		return this.#keeper.listEntries(query);
	}
	searchEntries(search: DirectorySearch) {
		return this.#keeper.searchEntries(search);
	}
	listBulkEdit(id: string, after: string, limit: number) {
		return this.#keeper.listBulkEdit(id, after, limit);
	}
	listAliases(domain: string, query: AliasQuery) {
		return this.#keeper.listAliases(domain, query);
	}
	appendAudit(lines: readonly AuditMessage[]) {
		return this.#keeper.appendAudit(lines);
	}
	readAudit(query: AuditQuery) {
		return this.#keeper.readAudit(query);
	}
	exportAudit(after: number, limit: number) {
		return this.#keeper.exportAudit(after, limit);
	}
	storeMarkedAt() {
		return this.#keeper.storeMarkedAt();
	}
	setStoreMarked(isComplete: boolean) {
		return this.#keeper.setStoreMarked(isComplete);
	}
	isComplete() {
		return this.#keeper.isComplete();
	}
	setComplete() {
		return markDirectoryComplete(this.env.RECORDS, this.#keeper);
	}
	watchRecords() {
		return this.#keeper.watchRecords();
	}
	unwatchRecords() {
		return this.#keeper.unwatchRecords();
	}
	readRecordEvents(after: number, limit: number) {
		return this.#keeper.readRecordEvents(after, limit);
	}
	override alarm() {
		return this.#batches.alarm();
	}
}

/** A single object. */
export class TokenKeeperObject extends DurableObject<Env> implements Tokens {
	readonly #keeper = new TokenKeeper(objectPlatform(this.ctx.storage), {
		directory: directoryStub(placedFor(this.ctx, this.env.DIRECTORY)),
		limits: settings.keeperLimits,
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
	list(scope: TokenScope, after: string, limit: number) {
		return this.#keeper.list(scope, after, limit);
	}
	revoke(id: string, by: Actor) {
		return this.#keeper.revoke(id, by);
	}
	withdraw(id: string, domain: string, by: Actor) {
		return this.#keeper.withdraw(id, domain, by);
	}
	hasClaimToken(domain: string) {
		return this.#keeper.hasClaimToken(domain);
	}
	endClaim(domain: string, generation: number, by: Actor) {
		return this.#keeper.endClaim(domain, generation, by);
	}
	exportTokens(after: string, limit: number) {
		return this.#keeper.exportTokens(after, limit);
	}
	restoreToken(token: TokenBackup, dryRun: boolean) {
		return this.#keeper.restoreToken(token, dryRun);
	}
	announceTokens() {
		return this.#keeper.announceTokens();
	}
	endSession(session: string, until: number) {
		return this.#keeper.endSession(session, until);
	}
	isSessionEnded(session: string) {
		return this.#keeper.isSessionEnded(session);
	}
	listEndedSessions() {
		return this.#keeper.listEndedSessions();
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

/** The objects of a binding that an object may call. */
export function placedFor<Port>({ id }: DurableObjectState, namespace: PlatformNamespace<Port>): ObjectNamespace<Port> {
	return placeObjectsOf(id.jurisdiction, namespace, settings.placement);
}
