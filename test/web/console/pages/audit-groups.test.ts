import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AuditLine, groupAuditLines } from '../../../../src/web/console/pages/audit-groups.ts';

const line = fc.record({
	id: fc.nat(),
	at: fc.constantFrom('2026-11-28T10:00:00.000Z', '2026-11-28T10:00:30.000Z', '2026-11-28T12:00:00.000Z'),
	who: fc.constantFrom('ada', 'bob'),
	kind: fc.constant('person' as const),
	token: fc.constant(null),
	act: fc.constantFrom('put', 'import', 'restore'),
	domain: fc.constantFrom('a.example', 'b.example'),
	detail: fc.constantFrom('', 'why'),
	bulkEdit: fc.constantFrom(null, 'aaaaaaaaaaaa', 'bbbbbbbbbbbb'),
}) satisfies fc.Arbitrary<AuditLine>;

describe('the groups of the audit log', () => {
	it('keep every line, in its order', () => {
		fc.assert(
			fc.property(fc.array(line), (lines) => {
				expect(groupAuditLines(lines).flatMap(({ lines: own }) => own)).toEqual(lines);
			}),
		);
	});

	it('never join what two people did, or two bulk edits', () => {
		fc.assert(
			fc.property(fc.array(line), (lines) => {
				for (const { lines: own } of groupAuditLines(lines)) {
					expect(new Set(own.map(({ who, bulkEdit, act }) => `${who} ${bulkEdit} ${act}`)).size).toBe(1);
					if (own.length > 1) expect(own[0].bulkEdit !== null || own[0].act === 'import').toBe(true);
				}
			}),
		);
	});
});
