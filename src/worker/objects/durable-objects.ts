/**
 * The keepers as Durable Objects. Each shell passes calls on to the plain class of `store/objects/`, over its storage; callers reach the
 * methods of a class only, so that each is written out. An isolate that answers mail clients never calls one, so that what is behind them
 * is loaded with the first call. `entry.ts` exports the shells under the names that `wrangler.toml` and the deployed data know.
 */

import { DurableObject } from 'cloudflare:workers';
import type { RecordName } from '../../model/record-name.ts';
import type { TokenKeeper } from '../../store/objects/token-keeper.ts';
import type { UsageKeeper } from '../../store/objects/usage-keeper.ts';
import type { BatchedSaves, SaveBatches } from '../../store/ports/batched-saves.ts';
import type { ClaimProof, DomainClaim, DomainClaims } from '../../store/ports/claims.ts';
import type {
	AliasQuery,
	AuditMessage,
	AuditQuery,
	Directory,
	DirectoryQuery,
	DirectorySearch,
	DirectoryUpdate,
} from '../../store/ports/directory.ts';
import type { KeptChecks, SentCheck } from '../../store/ports/kept-checks.ts';
import type { RecordEdit, RecordHistory, RevisionRestore } from '../../store/ports/record-history.ts';
import type { Actor, HashedToken, TokenBackup, TokenScope, Tokens } from '../../store/ports/tokens.ts';
import type { RequestCount, UsageQuery, UsageStore } from '../../store/ports/usage-store.ts';
import type { ZoneChanges } from '../../store/ports/zone-changes.ts';
import type { PublishingDirectory } from './directory-objects.ts';
import type { RecordKeepers } from './record-objects.ts';

/** One object for each record, named after it. */
export class RecordKeeperObject extends DurableObject<Env> implements RecordHistory, BatchedSaves, DomainClaims, ZoneChanges, KeptChecks {
	#keepers: RecordKeepers | null = null;

	async readHead(name: RecordName) {
		return (await this.#useKeepers(false)).record.readHead(name);
	}
	async hasTag(tag: string) {
		return (await this.#useKeepers(false)).record.hasTag(tag);
	}
	async save(edit: RecordEdit) {
		return (await this.#useKeepers(edit.dryRun !== true)).record.save(edit);
	}
	async saveBatched(edit: RecordEdit, copy: string | null, awaitsCopy: boolean) {
		return (await this.#useKeepers(edit.dryRun !== true)).record.saveBatched(edit, copy, awaitsCopy);
	}
	async readLatest() {
		return (await this.#useKeepers(false)).record.readLatest();
	}
	async listRevisions(before: number | null, limit: number) {
		return (await this.#useKeepers(false)).record.listRevisions(before, limit);
	}
	async readKeptRecords(from: number) {
		return (await this.#useKeepers(false)).record.readKeptRecords(from);
	}
	async readRevision(revision: number) {
		return (await this.#useKeepers(false)).record.readRevision(revision);
	}
	async announce(name: RecordName) {
		return (await this.#useKeepers(false)).record.announce(name);
	}
	async republish(name: RecordName) {
		return (await this.#useKeepers(false)).record.republish(name);
	}
	async exportRevisions(after: number, limit: number) {
		return (await this.#useKeepers(false)).record.exportRevisions(after, limit);
	}
	async restoreRevisions(restore: RevisionRestore) {
		return (await this.#useKeepers(!restore.dryRun)).record.restoreRevisions(restore);
	}
	async readClaim() {
		return (await this.#useKeepers(false)).claim.readClaim();
	}
	async takeClaim(proof: ClaimProof) {
		return (await this.#useKeepers(!proof.dryRun)).claim.takeClaim(proof);
	}
	async confirmClaim(generation: number) {
		return (await this.#useKeepers(false)).claim.confirmClaim(generation);
	}
	async releaseClaim(generation: number) {
		return (await this.#useKeepers(false)).claim.releaseClaim(generation);
	}
	async restoreClaim(name: RecordName, claim: DomainClaim, dryRun: boolean) {
		return (await this.#useKeepers(!dryRun)).claim.restoreClaim(name, claim, dryRun);
	}
	async readCachesExpireAt(domain: string) {
		return (await this.#useKeepers(false)).zoneChanges.readCachesExpireAt(domain);
	}
	async noteZoneChange(name: RecordName, domain: string, cachesExpireAt: number) {
		return (await this.#useKeepers(false)).zoneChanges.noteZoneChange(name, domain, cachesExpireAt);
	}
	async readCheck() {
		return (await this.#useKeepers(false)).checks.readCheck();
	}
	async keepCheck(sent: SentCheck) {
		return (await this.#useKeepers(false)).checks.keepCheck(sent);
	}
	override async alarm() {
		return (await this.#openKeepers()).alarm();
	}
	/** @param isToSave whether a revision or a claim may be saved */
	async #useKeepers(isToSave: boolean): Promise<RecordKeepers> {
		const keepers = await this.#openKeepers();
		await keepers.takeOver(isToSave);
		return keepers;
	}
	async #openKeepers(): Promise<RecordKeepers> {
		const { createRecordKeepers } = await import('./record-objects.ts');
		this.#keepers ??= createRecordKeepers(this.ctx, this.env);
		return this.#keepers;
	}
}

/** A single object. */
export class DirectoryObject extends DurableObject<Env> implements Directory, SaveBatches {
	#directory: PublishingDirectory | null = null;

	async updateEntry(update: DirectoryUpdate) {
		return (await this.#openDirectory()).updateEntry(update);
	}
	async beginBatch(id: string, names: readonly RecordName[]) {
		return (await this.#openDirectory()).beginBatch(id, names);
	}
	async endBatch(id: string, updates: readonly DirectoryUpdate[]) {
		return (await this.#openDirectory()).endBatch(id, updates);
	}
	async forgetEntry(name: string) {
		return (await this.#openDirectory()).keeper.forgetEntry(name);
	}
	async readKnownNames(names: readonly string[]) {
		return (await this.#openDirectory()).keeper.readKnownNames(names);
	}
	async listEntries(query: DirectoryQuery) {
		return (await this.#openDirectory()).keeper.listEntries(query);
	}
	async searchEntries(search: DirectorySearch) {
		return (await this.#openDirectory()).keeper.searchEntries(search);
	}
	async listBulkEdit(id: string, after: string, limit: number) {
		return (await this.#openDirectory()).keeper.listBulkEdit(id, after, limit);
	}
	async listAliases(domain: string, query: AliasQuery) {
		return (await this.#openDirectory()).keeper.listAliases(domain, query);
	}
	async appendAudit(lines: readonly AuditMessage[]) {
		return (await this.#openDirectory()).appendAudit(lines);
	}
	async readAudit(query: AuditQuery) {
		return (await this.#openDirectory()).keeper.readAudit(query);
	}
	async exportAudit(after: number, limit: number) {
		return (await this.#openDirectory()).keeper.exportAudit(after, limit);
	}
	async storeMarkedAt() {
		return (await this.#openDirectory()).keeper.storeMarkedAt();
	}
	async setStoreMarked(isComplete: boolean) {
		return (await this.#openDirectory()).keeper.setStoreMarked(isComplete);
	}
	async isComplete() {
		return (await this.#openDirectory()).keeper.isComplete();
	}
	async setComplete() {
		return (await this.#openDirectory()).setComplete();
	}
	async watchRecords() {
		return (await this.#openDirectory()).keeper.watchRecords();
	}
	async unwatchRecords() {
		return (await this.#openDirectory()).keeper.unwatchRecords();
	}
	async readRecordEvents(after: number, limit: number) {
		return (await this.#openDirectory()).keeper.readRecordEvents(after, limit);
	}
	override async alarm() {
		return (await this.#openDirectory()).alarm();
	}
	async #openDirectory(): Promise<PublishingDirectory> {
		const { createPublishingDirectory } = await import('./directory-objects.ts');
		this.#directory ??= createPublishingDirectory(this.ctx, this.env);
		return this.#directory;
	}
}

/** A single object. */
export class TokenKeeperObject extends DurableObject<Env> implements Tokens {
	#keeper: TokenKeeper | null = null;

	async create(token: HashedToken) {
		return (await this.#openKeeper()).create(token);
	}
	async findByHash(hash: string) {
		return (await this.#openKeeper()).findByHash(hash);
	}
	async findById(id: string) {
		return (await this.#openKeeper()).findById(id);
	}
	async list(scope: TokenScope, after: string, limit: number) {
		return (await this.#openKeeper()).list(scope, after, limit);
	}
	async revoke(id: string, by: Actor) {
		return (await this.#openKeeper()).revoke(id, by);
	}
	async withdraw(id: string, domain: string, by: Actor) {
		return (await this.#openKeeper()).withdraw(id, domain, by);
	}
	async hasClaimToken(domain: string) {
		return (await this.#openKeeper()).hasClaimToken(domain);
	}
	async endClaim(domain: string, generation: number, by: Actor) {
		return (await this.#openKeeper()).endClaim(domain, generation, by);
	}
	async exportTokens(after: string, limit: number) {
		return (await this.#openKeeper()).exportTokens(after, limit);
	}
	async restoreToken(token: TokenBackup, dryRun: boolean) {
		return (await this.#openKeeper()).restoreToken(token, dryRun);
	}
	async announceTokens() {
		return (await this.#openKeeper()).announceTokens();
	}
	async endSession(session: string, until: number) {
		return (await this.#openKeeper()).endSession(session, until);
	}
	async isSessionEnded(session: string) {
		return (await this.#openKeeper()).isSessionEnded(session);
	}
	async listEndedSessions() {
		return (await this.#openKeeper()).listEndedSessions();
	}
	override async alarm() {
		return (await this.#openKeeper()).alarm();
	}
	async #openKeeper(): Promise<TokenKeeper> {
		const { createTokenKeeper } = await import('./token-objects.ts');
		this.#keeper ??= createTokenKeeper(this.ctx, this.env);
		return this.#keeper;
	}
}

/** A single object. */
export class UsageCounterObject extends DurableObject<Env> implements UsageStore {
	#keeper: UsageKeeper | null = null;

	async addCounts(at: number, counts: readonly RequestCount[]) {
		return (await this.#openKeeper()).addCounts(at, counts);
	}
	async readCounts(query: UsageQuery) {
		return (await this.#openKeeper()).readCounts(query);
	}
	async #openKeeper(): Promise<UsageKeeper> {
		const { createUsageKeeper } = await import('./usage-objects.ts');
		this.#keeper ??= createUsageKeeper(this.ctx);
		return this.#keeper;
	}
}
