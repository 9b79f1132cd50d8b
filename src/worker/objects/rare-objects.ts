/** The keepers of what not every service has, as Durable Objects: imported records, custom hostnames and webhooks. Each loads its keeper when it is called. */
import { DurableObject } from 'cloudflare:workers';
import type { RecordName } from '../../model/record-name.ts';
import type { HostnameKeeper } from '../../store/objects/hostnames/hostname-keeper.ts';
import type { ImportKeeper } from '../../store/objects/imports/import-keeper.ts';
import type { WebhookKeeper } from '../../store/objects/webhooks/webhook-keeper.ts';
import type { HostnamePage, HostnameQuery, Hostnames } from '../../store/ports/custom-hostnames.ts';
import type { KnownNames } from '../../store/ports/directory.ts';
import type { BackedUpRecord, ImportedRecords, NewRecordLine } from '../../store/ports/imported-records.ts';
import type { Actor } from '../../store/ports/tokens.ts';
import type { NewWebhook, Webhooks } from '../../store/ports/webhooks.ts';
import { directoryStub, recordHistoryStubs, tokensStub } from '../stubs.ts';
import { settings } from '../worker-settings.ts';
import { objectPlatform } from './object-platform.ts';
import { placedFor } from './placed-objects.ts';

/** A single object. Where the service creates no custom hostnames, nobody calls it, and an alarm that was set before does nothing. */
export class HostnameKeeperObject extends DurableObject<Env> implements Hostnames {
	#keeper: HostnameKeeper | null = null;

	async recordsChanged(names: readonly string[]) {
		await (await this.#openKeeper())?.recordsChanged(names);
	}
	async listHostnames(query: HostnameQuery) {
		return (await this.#openKeeper())?.listHostnames(query) ?? NO_HOSTNAMES;
	}
	async readDomain(domain: string) {
		return (await this.#openKeeper())?.readDomain(domain) ?? NO_HOSTNAMES;
	}
	async recheckDomain(domain: string) {
		await (await this.#openKeeper())?.recheckDomain(domain);
	}
	override async alarm() {
		await (await this.#openKeeper())?.alarm();
	}
	async #openKeeper(): Promise<HostnameKeeper | null> {
		if (settings.hostnames === null) return null;
		const { createHostnameKeeper } = await import('./hostname-objects.ts');
		this.#keeper ??= createHostnameKeeper(objectPlatform(this.ctx.storage), settings.hostnames, {
			recordHistory: recordHistoryStubs(placedFor(this.ctx, this.env.KEEPERS)),
			directory: directoryStub(placedFor(this.ctx, this.env.DIRECTORY)),
		});
		return this.#keeper;
	}
}

const NO_HOSTNAMES: HostnamePage = { entries: [], next: null, counts: {}, usage: null, failure: null, pausedUntil: null };

/** A single object. */
export class ImportKeeperObject extends DurableObject<Env> implements ImportedRecords {
	#keeper: ImportKeeper | null = null;

	async saveNew(lines: readonly NewRecordLine[], names: KnownNames) {
		return (await this.#openKeeper()).saveNew(lines, names);
	}
	async restoreNew(records: readonly BackedUpRecord[], names: KnownNames, dryRun: boolean) {
		return (await this.#openKeeper()).restoreNew(records, names, dryRun);
	}
	async readImported(names: readonly RecordName[]) {
		return (await this.#openKeeper()).readImported(names);
	}
	async takeOver(objectId: string, isToSave: boolean) {
		return (await this.#openKeeper()).takeOver(objectId, isToSave);
	}
	async forgetImported(objectId: string) {
		return (await this.#openKeeper()).forgetImported(objectId);
	}
	override async alarm() {
		return (await this.#openKeeper()).alarm();
	}
	async #openKeeper(): Promise<ImportKeeper> {
		const { createImportKeeper } = await import('./import-objects.ts');
		this.#keeper ??= createImportKeeper(this.ctx, this.env);
		return this.#keeper;
	}
}

/** A single object. */
export class WebhookKeeperObject extends DurableObject<Env> implements Webhooks {
	#keeper: WebhookKeeper | null = null;

	async create(webhook: NewWebhook) {
		return (await this.#openKeeper()).create(webhook);
	}
	async list(of: Actor | null, after: string, limit: number) {
		return (await this.#openKeeper()).list(of, after, limit);
	}
	async find(id: string) {
		return (await this.#openKeeper()).find(id);
	}
	async remove(id: string, by: Actor) {
		return (await this.#openKeeper()).remove(id, by);
	}
	async enable(id: string, by: Actor) {
		return (await this.#openKeeper()).enable(id, by);
	}
	async listDeliveries(id: string) {
		return (await this.#openKeeper()).listDeliveries(id);
	}
	async sendTest(id: string) {
		return (await this.#openKeeper()).sendTest(id);
	}
	async recordsChanged() {
		return (await this.#openKeeper()).recordsChanged();
	}
	override async alarm() {
		return (await this.#openKeeper()).alarm();
	}
	async #openKeeper(): Promise<WebhookKeeper> {
		const { createWebhookKeeper } = await import('./webhook-objects.ts');
		this.#keeper ??= createWebhookKeeper(objectPlatform(this.ctx.storage), settings.webhookUrls, {
			recordHistory: recordHistoryStubs(placedFor(this.ctx, this.env.KEEPERS)),
			directory: directoryStub(placedFor(this.ctx, this.env.DIRECTORY)),
			tokens: tokensStub(placedFor(this.ctx, this.env.TOKENS)),
		});
		return this.#keeper;
	}
}
