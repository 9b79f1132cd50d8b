/** What the keeper of check results calls worse, against a plain account of it, in random sequences of results. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CHECK_AREAS, type CheckArea, GRADE_LETTERS, type Grade } from '../../src/contract/checks/check-grades.ts';
import type { CheckAreaResult } from '../../src/contract/checks/check-results.ts';
import type { RecordName } from '../../src/model/record-name.ts';
import { CheckKeeper } from '../../src/store/objects/check-keeper.ts';
import { createRevisionTables } from '../../src/store/objects/revision-tables.ts';
import type { AuditMessage } from '../../src/store/ports/directory.ts';
import { createTestClock } from '../store/contract/platform-under-test.ts';
import { areaResult } from '../support/sent-check.ts';
import { openNodeSqlite } from './node-sqlite-platform.ts';

const NAME = 'a.example' as RecordName;

/** A result in which so much was found. */
function resultOf(area: CheckArea, { found, isWhole }: KnownResult): CheckAreaResult {
	return { ...resultWith(area, found), furtherUnknowns: isWhole ? 0 : 1 };
}

function resultWith(area: CheckArea, grade: Grade): CheckAreaResult {
	const many = (severity: 'error' | 'warning', count: number) =>
		({ ...areaResult(area), findings: Array.from({ length: count }, () => areaResult(area, severity).findings[0] ?? fail()) }) as const;
	switch (grade) {
		case 'A':
			return areaResult(area, 'advice');
		case 'B':
			return many('warning', 2);
		case 'C':
			return many('warning', 3);
		case 'D':
			return many('error', 1);
		case 'F':
			return many('error', 2);
	}
}

function fail(): never {
	throw new Error('the result has no finding');
}

/** What was found in an area, as a grade, and whether everything is known. */
interface KnownResult {
	readonly found: Grade;
	readonly isWhole: boolean;
}

const known = fc.record({ found: fc.constantFrom(...GRADE_LETTERS), isWhole: fc.boolean() });
const check = fc.uniqueArray(fc.tuple(fc.constantFrom(...CHECK_AREAS), known), { minLength: 1, selector: ([area]) => area });

it('is what follows from all results before', async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(check, { maxLength: 12 }), async (sequence) => {
			const { sql, alarm, close } = openNodeSqlite(':memory:');
			const clock = createTestClock(0);
			const tables = createRevisionTables(sql);
			tables.add({ name: NAME, record: '{}', act: 'put', author: 'ada', token: null, note: '' }, [], 0);
			const lines: AuditMessage[] = [];
			const appendAudit = async (sent: readonly AuditMessage[]) => void lines.push(...sent);
			const keeper = new CheckKeeper(
				{ sql, clock, alarm, log: () => undefined },
				{ record: { tables, cancelAlarmIfDrained: () => undefined }, directory: { appendAudit }, newId: () => String(lines.length) },
			);
			const histories = new Map<CheckArea, KnownResult[]>();
			for (const areas of sequence) {
				const wanted: string[] = [];
				for (const [area, now] of areas) {
					const before = histories.get(area) ?? [];
					const last = before.at(-1);
					const letter = before.findLast(({ isWhole }) => isWhole)?.found ?? null;
					// The letters stand in the order of the alphabet.
					const isFoundWorse = last !== undefined && now.found > last.found && (letter === null || now.found > letter);
					if ((last?.isWhole === true && !now.isWhole) || isFoundWorse)
						wanted.push(`${area}: ${letter ?? '–'} to ${now.isWhole ? now.found : `– (${now.found} at best)`}`);
					histories.set(area, [...before, now]);
				}
				const told = lines.length;
				const kept = await keeper.keepCheck({
					...{ name: NAME, recordDigest: '', author: 'ada', token: null, claim: null, requiredTag: null },
					areas: areas.map(([area, now]) => resultOf(area, now)),
				});
				expect(lines.slice(told).map(({ detail }) => detail)).toEqual(wanted.length === 0 ? [] : [wanted.join(', ')]);
				expect(kept.outcome === 'kept' ? kept.worsened.length : null).toBe(wanted.length);
				const grades = (await keeper.readCheck()).map(({ result, grade: each }) => [result.area, each]);
				const gradeIn = (area: CheckArea) => {
					const last = histories.get(area)?.at(-1);
					return last === undefined ? [] : [[area, last.isWhole ? last.found : null]];
				};
				expect(grades).toEqual(CHECK_AREAS.flatMap(gradeIn));
			}
			close();
		}),
	);
});
