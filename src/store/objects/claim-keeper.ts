/** The keeper of a domain's claim. It shares the database of the domain's record, whose keeper refuses saves by those who hold it no more. */
import type { RecordName } from '../../model/record-name.ts';
import {
	type ClaimProof,
	claimHolderName,
	type DomainClaim,
	type DomainClaims,
	holdsDomain,
	type TakeClaimResult,
} from '../ports/claims.ts';
import type { ObjectPlatform } from '../ports/platform.ts';
import type { RecordCopies } from '../ports/record-copies.ts';
import type { RecordHistory } from '../ports/record-history.ts';
import { forgetCheckRows } from './check-tables.ts';
import { findClaimRefusal, readClaimRow, writeClaimRow } from './claim-table.ts';
import type { RevisionTables } from './revision-tables.ts';

export interface ClaimKeeperDependencies {
	readonly copies: Pick<RecordCopies, 'read'>;
	/** The keeper of the same domain's record. */
	readonly record: Pick<RecordHistory, 'readHead'> & { readonly publishPending: () => Promise<void> };
	/** Of that record: its history, and the table of the claim beside it. */
	readonly tables: RevisionTables;
}

export class ClaimKeeper implements DomainClaims {
	readonly #platform: Pick<ObjectPlatform, 'sql' | 'clock' | 'alarm'>;
	readonly #dependencies: ClaimKeeperDependencies;

	constructor(platform: Pick<ObjectPlatform, 'sql' | 'clock' | 'alarm'>, dependencies: ClaimKeeperDependencies) {
		this.#platform = platform;
		this.#dependencies = dependencies;
	}

	async readClaim(): Promise<DomainClaim | null> {
		return readClaimRow(this.#platform.sql, this.#dependencies.tables.haveTables());
	}

	async takeClaim(claimProof: ClaimProof): Promise<TakeClaimResult> {
		const { name, openedAt, proof, dryRun } = claimProof;
		const hasExternalRecord = await this.#hasExternalRecord(name);
		// From here on there is no `await`: the state that is looked at is the one that is replaced.
		const { sql, clock, alarm } = this.#platform;
		const taken = sql.transaction((): TakeClaimResult => {
			const claim = readClaimRow(sql, this.#dependencies.tables.haveTables());
			const latest = this.#dependencies.tables.latest();
			const refusal = findClaimRefusal(claimProof, { claim, latest, hasExternalRecord });
			if (refusal !== null) return { outcome: refusal };
			const generation = (claim?.generation ?? 0) + 1;
			if (dryRun) return { outcome: 'taken', generation };
			this.#dependencies.tables.makeTables(name);
			const now = clock.now();
			// The clock that the claim was opened by may be ahead of this one: the proof must be void all the same.
			const since = Math.max(now, openedAt);
			writeClaimRow(sql, { generation, state: 'held', since, provedAt: now, proof, revision: latest?.revision ?? 0 });
			// The record goes on in the new holder's own name, without what others noted about it: his history begins here.
			forgetCheckRows(sql);
			if (latest !== null) {
				const { record } = latest;
				const by = { author: claimHolderName(name), token: null, note: 'The domain was claimed.' };
				this.#dependencies.tables.add({ name, record, act: record === null ? 'delete' : 'put', ...by }, [], now);
				alarm.setAt(now);
			}
			return { outcome: 'taken', generation };
		});
		if (taken.outcome === 'taken' && !dryRun) await this.#dependencies.record.publishPending();
		return taken;
	}

	async confirmClaim(generation: number): Promise<void> {
		const { sql, clock } = this.#platform;
		const claim = readClaimRow(sql, this.#dependencies.tables.haveTables());
		if (claim !== null && holdsDomain(claim, generation)) sql.transaction(() => writeClaimRow(sql, { ...claim, provedAt: clock.now() }));
	}

	async releaseClaim(generation: number): Promise<boolean> {
		const { sql, clock } = this.#platform;
		const claim = readClaimRow(sql, this.#dependencies.tables.haveTables());
		if (claim === null || !holdsDomain(claim, generation)) return false;
		const revision = this.#dependencies.tables.latest()?.revision ?? 0;
		sql.transaction(() => writeClaimRow(sql, { ...claim, state: 'released', since: Math.max(clock.now(), claim.since), revision }));
		return true;
	}

	async restoreClaim(name: RecordName, claim: DomainClaim, dryRun: boolean): Promise<'created' | 'changed' | 'unchanged'> {
		const { sql } = this.#platform;
		const known = readClaimRow(sql, this.#dependencies.tables.haveTables());
		if (known !== null && known.generation >= claim.generation) return 'unchanged';
		if (!dryRun)
			sql.transaction(() => {
				this.#dependencies.tables.makeTables(name);
				writeClaimRow(sql, claim);
				// They may be of whoever held the domain before.
				forgetCheckRows(sql);
			});
		return known === null ? 'created' : 'changed';
	}

	/** @throws when the copies cannot be read: a record that cannot be seen is no record that is not there */
	async #hasExternalRecord(name: RecordName): Promise<boolean> {
		await this.#dependencies.copies.read(name);
		const { externalEdit } = await this.#dependencies.record.readHead(name);
		return externalEdit !== null && externalEdit.text !== null;
	}
}
