/**
 * The keeper of the custom hostnames (Cloudflare for SaaS) of all records. It is told which records have changed, reads what they ask for now,
 * and has Cloudflare create, check and remove hostnames, all from its alarm: a save waits for nothing of it.
 */
import type { CustomHostnamesApi } from '../../../hostnames/custom-hostnames-api.ts';
import { meaningOf } from '../../../hostnames/hostname-states.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../../lib/time.ts';
import { type Domain, parseDomain } from '../../../model/names.ts';
import type { HostnameEntry, HostnamePage, HostnameQuery, Hostnames, WantedHostnames } from '../../ports/custom-hostnames.ts';
import type { Directory } from '../../ports/directory.ts';
import type { ObjectPlatform } from '../../ports/platform.ts';
import { sendHostnameRequests } from './hostname-requests.ts';
import { createHostnameTables, type HostnameRow, type HostnameTables, type RecordChange } from './hostname-tables.ts';

/** Records that are looked at in one go: each costs up to three calls of other objects. */
const MAX_LOOKS = 10;
/** Aliases of a record that are noted down in one go. */
const MAX_ALIASES = 500;
/** Entries of the list of all records that are gone through in one go. */
const MAX_SWEPT = 500;
/** From the end of going through that list to the next time. It finds what was saved before this was switched on. */
const SWEEP_MS = DAY_MS;
/** From a change to the first look at it: an import's records are looked at together. */
const SOON_MS = SECOND_MS;
/** Until the next attempt, where a keeper or the directory did not answer. */
const RETRY_MS = MINUTE_MS / 2;
/** After this time the alarm goes off again, where it was broken off. */
const BROKEN_OFF_MS = MINUTE_MS;
/** A hostname is not checked again more often, however often somebody asks. */
const RECHECK_MS = MINUTE_MS;

export interface HostnameKeeperDependencies {
	readonly api: CustomHostnamesApi;
	/** Reads what the record of a domain asks for now. */
	readonly readWanted: (domain: Domain) => Promise<WantedHostnames>;
	readonly directory: Pick<Directory, 'listEntries' | 'listAliases'>;
	/** Hostnames that there may be in the zone. */
	readonly limit: number;
	/** Milliseconds for which a hostname stays after its record was deleted. */
	readonly graceMs: number;
	/** The settings on which `readWanted` depends: where they change, all records are looked at again. */
	readonly site: string;
}

export class HostnameKeeper implements Hostnames {
	readonly #platform: ObjectPlatform;
	readonly #dependencies: HostnameKeeperDependencies;
	readonly #tables: HostnameTables;

	constructor(platform: ObjectPlatform, dependencies: HostnameKeeperDependencies) {
		this.#platform = platform;
		this.#dependencies = dependencies;
		this.#tables = createHostnameTables(platform.sql);
	}

	async recordsChanged(names: readonly string[]): Promise<void> {
		const domains = names.flatMap((name) => parseDomain(name) ?? []);
		if (domains.length === 0) return;
		this.#platform.sql.transaction(() => {
			for (const domain of domains) this.#tables.addChange(domain, '');
			this.#platform.alarm.setAt(this.#platform.clock.now() + SOON_MS);
		});
	}

	async listHostnames(query: HostnameQuery): Promise<HostnamePage> {
		// The first look at the list is what begins the work, where this was switched on after the records were saved.
		this.#setAlarm();
		const rows = this.#tables.page({ ...query, limit: query.limit + 1 });
		const entries = rows.slice(0, query.limit).map(toEntry);
		const next = rows.length > query.limit ? (entries.at(-1)?.hostname ?? null) : null;
		return { entries, next, counts: this.#tables.counts(), ...this.#state() };
	}

	async readDomain(domain: string) {
		return { entries: this.#tables.ofDomain(domain).map(toEntry), ...this.#state() };
	}

	async recheckDomain(domain: string): Promise<void> {
		const { sql, clock } = this.#platform;
		const now = clock.now();
		sql.transaction(() => {
			for (const row of this.#tables.ofDomain(domain)) {
				if (row.leavesAt !== null) continue;
				const nextLookAt = Math.max(now, row.recheckedAt + RECHECK_MS);
				this.#tables.put({ ...row, toRecheck: true, recheckedAt: nextLookAt, isSought: false, attempts: 0, nextLookAt });
			}
			this.#tables.addChange(domain, '');
			this.#tables.setProgress({ creationsFrom: 0 });
			this.#setAlarm();
		});
	}

	/** Does what is due, a part at a time. Never throws. */
	async alarm(): Promise<void> {
		const { clock, alarm, log } = this.#platform;
		alarm.setAt(clock.now() + BROKEN_OFF_MS);
		try {
			await this.#sweep();
			await this.#lookAtChanges();
		} catch (failure) {
			this.#tables.setProgress({ looksFrom: clock.now() + RETRY_MS });
			log('hostnames-owed', { reason: String(failure) });
		}
		try {
			await sendHostnameRequests({
				api: this.#dependencies.api,
				tables: this.#tables,
				now: clock.now,
				limit: this.#dependencies.limit,
				lookAt: (domain) => this.#tryToLookAt(domain),
				logFailure: (reason) => log('hostnames-owed', { reason }),
			});
		} catch (failure) {
			this.#tables.setProgress({ quietUntil: clock.now() + RETRY_MS });
			log('hostnames-owed', { reason: String(failure) });
		}
		this.#setAlarm();
	}

	/** Notes down records that were saved while this was off, or whose hostnames depend on settings that have changed. */
	async #sweep(): Promise<void> {
		const { site, directory } = this.#dependencies;
		const now = this.#platform.clock.now();
		const { sweptAt, looksFrom, ...progress } = this.#tables.progress();
		if (looksFrom > now) return;
		if (progress.site !== site) {
			this.#tables.forgetLooked();
			this.#tables.setProgress({ site, sweepAfter: '' });
		} else if (progress.sweepAfter === null && (sweptAt === null || sweptAt + SWEEP_MS <= now))
			this.#tables.setProgress({ sweepAfter: '' });
		const { sweepAfter } = this.#tables.progress();
		if (sweepAfter === null) return;
		const query = { prefix: '', tag: null, state: null, after: sweepAfter, limit: MAX_SWEPT, visible: { names: null, tag: null } };
		const { entries, next } = await directory.listEntries(query);
		this.#platform.sql.transaction(() => {
			for (const { domain, revision, state } of entries) {
				if (parseDomain(domain) === null || state === 'outside' || this.#tables.lookedRevision(domain) === revision) continue;
				this.#tables.addChange(domain, '');
			}
			this.#tables.setProgress(next === null ? { sweepAfter: null, sweptAt: now } : { sweepAfter: next });
		});
	}

	async #lookAtChanges(): Promise<void> {
		const { clock } = this.#platform;
		if (this.#tables.progress().looksFrom > clock.now()) return;
		for (const change of this.#tables.nextChanges(MAX_LOOKS)) {
			try {
				await this.#lookAt(change.domain);
				await this.#noteAliases(change);
			} catch (failure) {
				// Goes to the end of the list, so that one record that cannot be read does not hold up the others.
				this.#tables.addChange(change.domain, change.aliasesAfter);
				throw failure;
			}
		}
	}

	async #tryToLookAt(domain: string): Promise<boolean> {
		try {
			await this.#lookAt(domain);
			return true;
		} catch (failure) {
			this.#platform.log('hostnames-owed', { reason: String(failure) });
			return false;
		}
	}

	/** Brings the hostnames of a domain in line with what its record asks for now. */
	async #lookAt(name: string): Promise<void> {
		const domain = parseDomain(name);
		if (domain === null) return;
		const wanted = await this.#dependencies.readWanted(domain);
		const now = this.#platform.clock.now();
		this.#platform.sql.transaction(() => {
			this.#tables.setLooked(domain, wanted.revision);
			const rows = this.#tables.ofDomain(domain);
			switch (wanted.kind) {
				case 'unclear':
					return;
				case 'gone':
					for (const row of rows) this.#giveUp(row, (wanted.at ?? now) + this.#dependencies.graceMs);
					return;
				case 'live': {
					const names = new Set(wanted.hostnames);
					for (const row of rows) if (!names.has(row.hostname)) this.#giveUp(row, now + this.#dependencies.graceMs);
					for (const hostname of names) {
						const row = rows.find((each) => each.hostname === hostname) ?? null;
						if (row === null) this.#tables.put(newHostname(hostname, domain, now));
						else if (row.leavesAt !== null) this.#tables.put({ ...row, leavesAt: null, phase: phaseOf(row), nextLookAt: now, attempts: 0 });
					}
				}
			}
		});
	}

	/** A hostname that nobody asks for any more. One that was never created is forgotten; one that leaves already leaves at the time that was set. */
	#giveUp(row: HostnameRow, leavesAt: number): void {
		if (row.id === null && !row.isCreating) this.#tables.forget(row.hostname);
		else if (row.leavesAt === null) this.#tables.put({ ...row, leavesAt, phase: 'leaving', nextLookAt: leavesAt });
	}

	/** What a record asks for is what its aliases ask for, unless they say otherwise. */
	async #noteAliases(change: RecordChange): Promise<void> {
		const { domain, aliasesAfter } = change;
		if (aliasesAfter === null) return this.#tables.endChange(change);
		const query = { after: aliasesAfter, limit: MAX_ALIASES, visible: { names: null, tag: null } };
		const { aliases, next } = await this.#dependencies.directory.listAliases(domain, query);
		this.#platform.sql.transaction(() => {
			// An alias of an alias serves nothing: aliases are not gone into further.
			for (const alias of aliases) if (alias !== domain && parseDomain(alias) !== null) this.#tables.addChange(alias, null);
			if (next === null) this.#tables.endChange(change);
			else this.#tables.continueChange(change, next);
		});
	}

	#state(): Pick<HostnamePage, 'usage' | 'failure' | 'pausedUntil'> {
		const { used, included, hardCap, failure, quietUntil, creationFailure, creationsFrom } = this.#tables.progress();
		const usage =
			used === null || included === null || hardCap === null ? null : { used, included, hardCap, limit: this.#dependencies.limit };
		if (failure !== null) return { usage, failure, pausedUntil: quietUntil };
		return { usage, failure: creationFailure, pausedUntil: creationFailure === null ? null : creationsFrom };
	}

	/** Sets the alarm for what is due next. */
	#setAlarm(): void {
		const { clock, alarm } = this.#platform;
		const now = clock.now();
		const { site, sweptAt, sweepAfter, looksFrom, quietUntil, creationsFrom } = this.#tables.progress();
		const { create, ask } = this.#tables.firstLooks();
		const isSweeping = sweepAfter !== null || sweptAt === null || site !== this.#dependencies.site;
		const times = [
			Math.max(isSweeping ? now : sweptAt + SWEEP_MS, looksFrom),
			...(this.#tables.hasChanges() ? [Math.max(now, looksFrom)] : []),
			...(ask === null ? [] : [Math.max(ask, quietUntil)]),
			...(create === null ? [] : [Math.max(create, creationsFrom, quietUntil)]),
		];
		alarm.setAt(Math.max(Math.min(...times), now + SOON_MS));
	}
}

function newHostname(hostname: string, domain: string, now: number): HostnameRow {
	return {
		hostname,
		domain,
		id: null,
		isCreating: false,
		isSought: false,
		toRecheck: false,
		recheckedAt: 0,
		leavesAt: null,
		phase: 'queued',
		status: null,
		certificateStatus: null,
		errors: [],
		validationRecords: [],
		failure: null,
		attempts: 0,
		nextLookAt: now,
	};
}

/** How far a hostname is by what Cloudflare said last. */
function phaseOf({ status, certificateStatus }: HostnameRow): HostnameRow['phase'] {
	return status === null || certificateStatus === null ? 'queued' : (meaningOf({ status, certificateStatus }) ?? 'unknown');
}

function toEntry({ id, isCreating, isSought, toRecheck, recheckedAt, attempts, ...entry }: HostnameRow): HostnameEntry {
	return entry;
}
