/** The contract of the keeper of check results on every platform. */
import { expect, it } from 'vitest';
import { sha256Hex } from '../../../src/lib/digest.ts';
import { CheckKeeper } from '../../../src/store/objects/check-keeper.ts';
import { ClaimKeeper } from '../../../src/store/objects/claim-keeper.ts';
import { createRevisionTables } from '../../../src/store/objects/revision-tables.ts';
import type { AuditMessage } from '../../../src/store/ports/directory.ts';
import type { SentCheck } from '../../../src/store/ports/kept-checks.ts';
import type { Revision } from '../../../src/store/ports/record-history.ts';
import { areaResult, unknownResult } from '../../support/sent-check.ts';
import { type Outage, type PlatformUnderTest, type RunOnPlatform, settle } from './platform-under-test.ts';
import { NAME, recordEdit, recordText, startKeeper } from './record-keeper-contract.ts';

/** The keepers of one domain, and a directory that takes lines of the audit trail or does not. */
function startKeepers(world: PlatformUnderTest) {
	const { platform } = world;
	const { keeper: record, directory } = startKeeper(world);
	const lines: AuditMessage[] = [];
	const audit: Outage = { isDown: false };
	let ids = 0;
	const newId = () => {
		ids += 1;
		return `id-${ids}`;
	};
	async function appendAudit(sent: readonly AuditMessage[]): Promise<void> {
		lines.push(...sent);
		// The lines have arrived, and nobody learns it.
		if (audit.isDown) throw new Error('the directory is down');
	}
	const restart = () => new CheckKeeper(platform, { record, directory: { appendAudit }, newId });
	const checks = restart();
	const claim = new ClaimKeeper(platform, { copies: { read: async () => null }, record, tables: record.tables });
	const send = (areas: SentCheck['areas'], changed: Partial<SentCheck> = {}) =>
		checks.keepCheck({
			...{ name: NAME, recordDigest: '0'.repeat(64), areas, author: 'ada', token: 't1', claim: null, requiredTag: null },
			...changed,
		});
	/** As the object of the record has it. */
	async function alarm(): Promise<void> {
		await record.alarm();
		await restart().alarm();
	}
	return { record, checks, claim, send, lines, audit, directory, alarm };
}

const NOTHING = { outcome: 'no-record' };

export function describeCheckKeeper(run: RunOnPlatform): void {
	it('keeps the last result of each area, who has sent it and when, and says whether it is of the record that is saved', () =>
		run(async (world) => {
			const { record, checks, send } = startKeepers(world);
			await record.save(recordEdit());
			const first = world.platform.clock.now();
			const current = { recordDigest: await sha256Hex(recordText('One')) };
			await send([areaResult('mail', 'error'), areaResult('dns')], current);
			await world.advance(1000);
			const sent = await send([unknownResult('mail')], { author: 'operator', token: null });
			const mail = {
				result: unknownResult('mail'),
				grade: null,
				at: first + 1000,
				author: 'operator',
				token: null,
				isCurrentRecord: false,
			};
			const dns = { result: areaResult('dns'), grade: 'A', at: first, author: 'ada', token: 't1', isCurrentRecord: true };
			expect(sent).toMatchObject({ outcome: 'kept', areas: [dns, mail] });
			expect(await checks.readCheck()).toEqual([dns, mail]);
			await world.advance(1000);
			await send([areaResult('dns')], current);
			expect(await checks.readCheck()).toEqual([{ ...dns, at: first + 2000 }, mail]);
			await record.save(recordEdit({ record: recordText('Two') }));
			expect((await checks.readCheck()).map(({ isCurrentRecord }) => isCurrentRecord)).toEqual([false, false]);
		}));

	it('counts findings and unknowns that are not listed', () =>
		run(async (world) => {
			const { record, checks, send } = startKeepers(world);
			await record.save(recordEdit());
			const nothing = { ...areaResult('mail'), furtherFindings: 3 };
			await send([nothing, { ...areaResult('dns', 'warning'), furtherFindings: 5 }, { ...areaResult('http'), furtherUnknowns: 1 }]);
			expect((await checks.readCheck()).map(({ result, grade }) => [result.area, grade])).toEqual([
				['dns', 'B'],
				['http', null],
				// What has been found is not known.
				['mail', null],
			]);
		}));

	it('keeps nothing of a name that has no record, and makes no tables for it', () =>
		run(async (world) => {
			const { record, checks, send } = startKeepers(world);
			expect(await send([areaResult('dns')])).toEqual(NOTHING);
			expect(await checks.readCheck()).toEqual([]);
			await checks.alarm();
			expect(record.tables.haveTables()).toBe(false);
		}));

	it('forgets the results with the record: one that is restored begins anew', () =>
		run(async (world) => {
			const { record, checks, send, lines } = startKeepers(world);
			await record.save(recordEdit());
			await send([areaResult('mail')]);
			await record.save(recordEdit({ record: null, act: 'delete' }));
			expect(await checks.readCheck()).toEqual([]);
			expect(await send([areaResult('mail', 'error')])).toEqual(NOTHING);
			await record.save(recordEdit({ act: 'restore' }));
			expect(await checks.readCheck()).toEqual([]);
			expect(await send([areaResult('mail', 'error')])).toMatchObject({ outcome: 'kept', worsened: [] });
			expect(lines).toEqual([]);
		}));

	it('forgets them, too, where a backup brings a deletion', () =>
		run(async (world) => {
			const { record, checks, send } = startKeepers(world);
			await record.save(recordEdit());
			await send([areaResult('mail')]);
			const first = await record.readRevision(1);
			if (first === null) throw new Error('nothing was saved');
			const deletion: Revision = { ...first, revision: 2, act: 'delete', record: null };
			const again: Revision = { ...first, revision: 3, act: 'restore' };
			const restore = { name: NAME, isLast: true, replace: false, author: 'operator', token: null, dryRun: false };
			expect(await record.restoreRevisions({ ...restore, revisions: [first, deletion, again] })).toMatchObject({ outcome: 'changed' });
			expect(await checks.readCheck()).toEqual([]);
		}));

	it('forgets them when somebody else takes the domain, and takes none from who held it before', () =>
		run(async (world) => {
			const { record, checks, claim, send } = startKeepers(world);
			const take = (generation: number) => ({
				...{ name: NAME, openedAt: world.platform.clock.now() + generation, proof: `proof ${generation}` },
				...{ hasClaimToken: false, dryRun: false },
			});
			await claim.takeClaim(take(1));
			await record.save(recordEdit({ claim: 1 }));
			expect(await send([areaResult('mail')], { claim: 1 })).toMatchObject({ outcome: 'kept' });
			await world.advance(1000);
			expect(await claim.takeClaim({ ...take(2), dryRun: true })).toMatchObject({ outcome: 'taken' });
			expect(await checks.readCheck()).toHaveLength(1);
			expect(await claim.takeClaim(take(2))).toMatchObject({ outcome: 'taken', generation: 2 });
			expect(await checks.readCheck()).toEqual([]);
			expect(await send([areaResult('mail', 'error')], { claim: 1 })).toEqual({ outcome: 'claim-ended' });
			expect(await send([areaResult('mail', 'error')], { claim: 2 })).toMatchObject({ outcome: 'kept', worsened: [] });
			const held = await claim.readClaim();
			if (held === null) throw new Error('nobody holds the domain');
			await claim.restoreClaim(NAME, held, false);
			expect(await checks.readCheck()).toHaveLength(1);
			await claim.restoreClaim(NAME, { ...held, generation: 3 }, false);
			expect(await checks.readCheck()).toEqual([]);
		}));

	it('takes none from a token for a tag that the record does not carry', () =>
		run(async (world) => {
			const { record, checks, send } = startKeepers(world);
			await record.save(recordEdit({ tags: ['access:sales'] }));
			expect(await send([areaResult('mail')], { requiredTag: 'access:other' })).toEqual({ outcome: 'not-tagged' });
			expect(await checks.readCheck()).toEqual([]);
			expect(await send([areaResult('mail')], { requiredTag: 'access:sales' })).toMatchObject({ outcome: 'kept' });
		}));

	it('says in the audit trail what got worse, and nothing else', () =>
		run(async (world) => {
			const { record, send, lines } = startKeepers(world);
			await record.save(recordEdit());
			await send([areaResult('mail'), areaResult('dns', 'warning'), areaResult('http')]);
			await send([areaResult('mail', 'advice'), areaResult('dns'), areaResult('http')]);
			expect(lines).toEqual([]);
			await world.advance(1000);
			expect(await send([areaResult('mail', 'error'), unknownResult('dns'), areaResult('http')])).toMatchObject({
				worsened: [
					{ area: 'mail', from: 'A', to: 'D', atBest: 'D' },
					{ area: 'dns', from: 'A', to: null, atBest: 'A' },
				],
			});
			const [line] = lines;
			expect(lines).toHaveLength(1);
			expect(await world.readAlarm()).toBeNull();
			expect(line).toMatchObject({
				...{ act: 'check-worsened', domain: NAME, detail: 'mail: A to D, dns: A to – (A at best)' },
				...{ at: world.platform.clock.now(), who: 'ada', token: 't1' },
			});
			// A line whose source is the domain would be about a revision.
			expect(line?.source).not.toBe(NAME);
			await send([areaResult('mail', 'warning'), areaResult('dns')]);
			await send([areaResult('mail', 'error')]);
			expect(lines.map(({ detail }) => detail).slice(1)).toEqual(['mail: B to D']);
			expect(new Set(lines.map(({ source }) => source)).size).toBe(2);
		}));

	it('delivers the line by alarm where the directory does not answer, after a restart too, under the same number', () =>
		run(async (world) => {
			const { record, send, lines, audit, directory, alarm } = startKeepers(world);
			await record.save(recordEdit());
			await send([areaResult('mail')]);
			audit.isDown = true;
			expect(await send([areaResult('mail', 'error')])).toMatchObject({ outcome: 'kept', worsened: [{ to: 'D' }] });
			expect(world.logged).toContain('audit-owed');
			// A save that is published at once leaves the alarm that the line needs.
			await world.advance(60_000);
			expect((await record.save(recordEdit({ record: recordText('Two') }))).head.published).toBe(2);
			await settle();
			expect(await world.readAlarm()).not.toBeNull();
			directory.isDown = true;
			await record.save(recordEdit({ record: recordText('Three') }));
			for (let time = 0; time < 3; time += 1) {
				await world.advance(60_000);
				await alarm();
				expect(await world.readAlarm()).not.toBeNull();
			}
			const attempts = lines.length;
			expect(attempts).toBeGreaterThan(3);
			audit.isDown = false;
			await alarm();
			expect(lines).toHaveLength(attempts + 1);
			// The record still has something to tell.
			expect(await world.readAlarm()).not.toBeNull();
			directory.isDown = false;
			await alarm();
			expect(await world.readAlarm()).toBeNull();
			expect(lines).toHaveLength(attempts + 1);
			expect(new Set(lines.map(({ source, seq }) => `${source} ${seq}`)).size).toBe(1);
		}));

	it('begins with the tables of the release before', () =>
		run(async (world) => {
			const { sql } = world.platform;
			createRevisionTables(sql).add({ ...recordEdit() }, [], 1000);
			for (const table of ['check_results', 'check_lines']) sql.execute(`DROP TABLE ${table}`);
			sql.execute('UPDATE schema_version SET version = 3');
			const { record, checks, send } = startKeepers(world);
			expect(await record.readLatest()).toMatchObject({ revision: 1, record: recordText('One') });
			expect(await checks.readCheck()).toEqual([]);
			expect(await send([areaResult('mail')])).toMatchObject({ outcome: 'kept' });
			expect(await checks.readCheck()).toHaveLength(1);
		}));
}
