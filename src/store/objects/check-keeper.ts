/**
 * Keeps the results of `signpost check` that are sent for a domain, and says in the audit trail where one is worse than the one before: the
 * webhooks are told from there. It shares the database of the domain's record, and its alarm.
 */
import { gradeAtBest, gradeFindings } from '../../contract/checks/check-grades.ts';
import type { CheckAreaResult, WorsenedArea } from '../../contract/checks/check-results.ts';
import { type AreaGrade, findWorsening, formatWorsenedAreas } from '../../contract/checks/worsened-areas.ts';
import { sha256Hex } from '../../lib/digest.ts';
import type { Directory } from '../ports/directory.ts';
import type { KeepCheckOutcome, KeptAreaResult, KeptChecks, SentCheck } from '../ports/kept-checks.ts';
import type { ObjectPlatform } from '../ports/platform.ts';
import {
	addCheckLine,
	type CheckRow,
	findCheckRow,
	hasCheckLines,
	readCheckLines,
	readCheckRows,
	removeCheckLines,
	writeCheckRow,
} from './check-tables.ts';
import { readClaimRow } from './claim-table.ts';
import { createOutboxPublisher, type OutboxPublisher } from './outbox.ts';
import type { RevisionTables } from './revision-tables.ts';
import { findAuthorRefusal } from './save-refusal.ts';

/** Until the next attempt to deliver lines of the audit trail. */
const RETRY_MS = 5000;
/** Lines of the audit trail that are sent in one call. */
const LINES_PER_CALL = 100;

export interface CheckKeeperDependencies {
	/** The keeper of the same domain's record, with its history, and the tables of the results beside it. */
	readonly record: { readonly tables: RevisionTables; readonly cancelAlarmIfDrained: () => void };
	readonly directory: Pick<Directory, 'appendAudit'>;
	/** An identifier that is given once. */
	readonly newId: () => string;
}

export class CheckKeeper implements KeptChecks {
	readonly #platform: ObjectPlatform;
	readonly #dependencies: CheckKeeperDependencies;
	readonly #publisher: OutboxPublisher;

	constructor(platform: ObjectPlatform, dependencies: CheckKeeperDependencies) {
		this.#platform = platform;
		this.#dependencies = dependencies;
		// The record may still need the alarm.
		const drained = () => dependencies.record.cancelAlarmIfDrained();
		this.#publisher = createOutboxPublisher({ next: () => this.#nextLines(), drained });
	}

	async readCheck(): Promise<readonly KeptAreaResult[]> {
		const { tables } = this.#dependencies.record;
		return tables.haveTables() ? toResults(readCheckRows(this.#platform.sql), tables.latest()?.record ?? null) : [];
	}

	async keepCheck(sent: SentCheck): Promise<KeepCheckOutcome> {
		const { sql } = this.#platform;
		const { tables } = this.#dependencies.record;
		// From here to the end of the transaction there is no `await`: the record and the claim that are looked at are those of that moment.
		const latest = tables.latest();
		const refusal = findAuthorRefusal(sent, latest?.tags ?? [], readClaimRow(sql, tables.haveTables()));
		if (refusal !== null) return { outcome: refusal };
		if (latest === null || latest.record === null) return { outcome: 'no-record' };
		const worsened = sql.transaction(() => this.#keepAreas(sent));
		const areas = await toResults(readCheckRows(sql), latest.record);
		if (worsened.length > 0) await this.#publish();
		return { outcome: 'kept', areas, worsened };
	}

	/** Sends the lines that could not be sent before. Never throws: it has set the next alarm before it begins. */
	async alarm(): Promise<void> {
		if (!this.#owesLines()) return;
		this.#setAlarm();
		await this.#publish();
	}

	/** Called inside a transaction. */
	#keepAreas(sent: SentCheck): readonly WorsenedArea[] {
		const { sql, clock } = this.#platform;
		const at = clock.now();
		const worsened = sent.areas.flatMap((result) => this.#keepArea(sent, result, at) ?? []);
		if (worsened.length === 0) return worsened;
		const { name: domain, author: who, token } = sent;
		// The name as the source would say that the line is about a revision. Numbers would begin again in another service's object.
		const source = `check ${this.#dependencies.newId()}`;
		addCheckLine(sql, { at, who, token, act: 'check-worsened', domain, detail: formatWorsenedAreas(worsened), source });
		this.#setAlarm();
		return worsened;
	}

	#keepArea({ recordDigest: digest, author, token }: SentCheck, result: CheckAreaResult, at: number): WorsenedArea | null {
		const { sql } = this.#platform;
		const earlier = findCheckRow(sql, result.area);
		const now = gradeResult(result);
		writeCheckRow(sql, { result, digest, at, author, token, letter: now.grade ?? earlier?.letter ?? null });
		return findWorsening(result.area, earlier === null ? null : { ...gradeResult(earlier.result), lastLetter: earlier.letter }, now);
	}

	#owesLines(): boolean {
		return this.#dependencies.record.tables.haveTables() && hasCheckLines(this.#platform.sql);
	}

	#setAlarm(): void {
		const { clock, alarm } = this.#platform;
		alarm.setAt(clock.now() + RETRY_MS);
	}

	async #publish(): Promise<void> {
		try {
			await this.#publisher.publish();
		} catch (failure) {
			this.#setAlarm();
			this.#platform.log('audit-owed', { error: String(failure) });
		}
	}

	#nextLines(): Promise<void> | null {
		const { sql } = this.#platform;
		const lines = this.#owesLines() ? readCheckLines(sql, LINES_PER_CALL) : [];
		const last = lines.at(-1);
		if (last === undefined) return null;
		return this.#dependencies.directory.appendAudit(lines).then(() => removeCheckLines(sql, last.seq));
	}
}

/** The findings that are listed decide, as they are the worst. Where none is listed and there are some, nothing is known of them. */
function gradeResult({ looked, findings, furtherFindings, unknowns: listed, furtherUnknowns }: CheckAreaResult): AreaGrade {
	const unknowns = listed.length + furtherUnknowns + (findings.length === 0 ? furtherFindings : 0);
	return { grade: gradeFindings({ looked, findings, unknowns }), atBest: gradeAtBest(findings) };
}

/** @param record the text of the record that is saved now; null where there is none */
async function toResults(rows: readonly CheckRow[], record: string | null): Promise<readonly KeptAreaResult[]> {
	if (rows.length === 0) return [];
	const current = record === null ? null : await sha256Hex(record);
	return rows.map(({ result, at, author, token, digest }) => ({
		...{ result, grade: gradeResult(result).grade, at, author, token },
		isCurrentRecord: digest === current,
	}));
}
