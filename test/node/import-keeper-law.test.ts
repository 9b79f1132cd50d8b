/**
 * The law of imported records: whatever is saved, read, deleted, edited by hand and imported, whatever is down and whichever process ends, it
 * all ends as if each record had had its own keeper from the first line on.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRecord } from '../../src/model/record.ts';
import { parseRecordName, type RecordName } from '../../src/model/record-name.ts';
import { parseStored, renderStored } from '../../src/model/stored-record.ts';
import type { RecordEdit, Revision, SaveResult } from '../../src/store/ports/record-history.ts';
import { createTestClock } from '../store/contract/platform-under-test.ts';
import { createImportWorld, type ImportWorld } from '../support/import-world.ts';
import '../support/property-seed.ts';

const RUNS = Number(process.env.IMPORT_RUNS ?? 200);
const START = Date.UTC(2026, 10, 30);
const NAMES = ['a.example', 'b.example', '*.c.example'].map((text) => {
	const name = parseRecordName(text);
	if (name === null) throw new Error(`not a name: ${text}`);
	return name;
});

function parsedRecord(provider: string) {
	const parsed = parseRecord({
		kind: 'domain',
		provider: { name: provider },
		services: { imap: { host: 'imap.example.com' }, submission: { host: 'smtp.example.com' } },
	});
	if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
	return parsed.value;
}

const name = fc.constantFrom(...NAMES);
const record = fc.constantFrom('One', 'Two').map((provider) => JSON.stringify(parsedRecord(provider)));
const precondition = fc.constantFrom<RecordEdit['precondition']>('any', 'absent', 0, 1, 2);
const tags = fc.constantFrom(null, [], ['gold'], ['access:shop']);
const OPERATOR = { author: 'operator', token: null, claim: null, requiredTag: null, maySetAccessTags: true } as const;
const author = fc.constantFrom(
	OPERATOR,
	{ author: 'shop', token: 't1', claim: null, requiredTag: 'access:shop', maySetAccessTags: false },
	{ author: 'owner', token: 't2', claim: 1, requiredTag: null, maySetAccessTags: false },
);

const edit = (act: 'put' | 'import', text: fc.Arbitrary<string | null>): fc.Arbitrary<RecordEdit> =>
	fc
		.tuple(name, text, precondition, tags, author, fc.constantFrom('', 'a note'), fc.boolean())
		.map(([of, content, wanted, given, by, note, dryRun]) => ({
			name: of,
			record: content,
			precondition: wanted,
			tags: given,
			act,
			note,
			resolvesExternalEdit: null,
			dryRun,
			...by,
		}));

/** Something that happens in both worlds, or goes wrong in the one with the keeper of imported records. */
type Step =
	| { readonly does: 'import'; readonly edits: readonly RecordEdit[]; readonly isAbandoned: boolean }
	| { readonly does: 'save'; readonly edit: RecordEdit }
	| { readonly does: 'restore'; readonly name: RecordName; readonly revision: Revision; readonly dryRun: boolean }
	| { readonly does: 'read' | 'edit-copy' | 'end-keeper'; readonly name: RecordName }
	| { readonly does: 'end-import-keeper' | 'kv-down' | 'kv-up' | 'lose-forget' | 'hear-forget' | 'die-taking-over' }
	| { readonly does: 'wait'; readonly milliseconds: number };

const step: fc.Arbitrary<Step> = fc.oneof(
	{
		weight: 6,
		arbitrary: fc.record({
			does: fc.constant('import' as const),
			edits: fc.uniqueArray(edit('import', record), { minLength: 1, maxLength: 3, selector: (each) => each.name }),
			isAbandoned: fc.boolean(),
		}),
	},
	{
		weight: 3,
		arbitrary: fc.record({
			does: fc.constant('save' as const),
			edit: edit('put', fc.oneof({ weight: 3, arbitrary: record }, fc.constant(null))),
		}),
	},
	{
		weight: 3,
		arbitrary: fc.record({
			does: fc.constant('restore' as const),
			name,
			revision: fc.record({
				revision: fc.constantFrom(1, 2, 4),
				at: fc.constantFrom(START - 5000, START - 1000),
				author: fc.constant('ada'),
				token: fc.constant(null),
				act: fc.constantFrom('put' as const, 'import' as const),
				note: fc.constant(''),
				tags: fc.constantFrom([], ['gold'], ['access:shop']),
				record: fc.oneof({ weight: 4, arbitrary: record }, fc.constant(null)),
			}),
			dryRun: fc.boolean(),
		}),
	},
	{ weight: 3, arbitrary: fc.record({ does: fc.constantFrom('read' as const, 'edit-copy' as const, 'end-keeper' as const), name }) },
	{
		weight: 2,
		arbitrary: fc.record({
			does: fc.constantFrom(
				'end-import-keeper' as const,
				'kv-down' as const,
				'kv-down' as const,
				'kv-up' as const,
				'lose-forget' as const,
				'hear-forget' as const,
				'die-taking-over' as const,
			),
		}),
	},
	{
		weight: 2,
		arbitrary: fc.record({ does: fc.constant('wait' as const), milliseconds: fc.constantFrom(3000, 60_000, 360_000, 3_700_000) }),
	},
);

/** What somebody is told of a step. */
async function doStep(world: ImportWorld, given: Step): Promise<unknown> {
	const told = ({ outcome, head, previousRecord }: SaveResult) => ({ outcome, head, previousRecord });
	switch (given.does) {
		case 'import':
			return (await world.importLines(given.edits, given.isAbandoned)).map(told);
		case 'save':
			return told(await world.save(given.edit));
		case 'restore':
			return world.restore(given.name, given.revision, given.dryRun);
		case 'read':
			return world.use(given.name, false, (keeper) => keeper.readHead(given.name));
		case 'edit-copy':
			return world.editCopy(given.name, renderStored(parsedRecord('By hand'), 9, []));
		case 'end-keeper':
			return world.endKeeper(given.name);
		case 'end-import-keeper':
			return world.endImportKeeper();
		case 'kv-down':
			world.faults.isKvDown = true;
			return;
		case 'kv-up':
			world.faults.isKvDown = false;
			return;
		case 'lose-forget':
			world.faults.isForgetLost = true;
			return;
		case 'hear-forget':
			world.faults.isForgetLost = false;
			return;
		case 'die-taking-over':
			world.faults.diesTakingOver = true;
			return;
		case 'wait':
			return;
	}
}

/** Milliseconds, one after the other, until what a step leaves to be done has been done in both worlds, which may differ before. */
function waitsAfter(given: Step): readonly number[] {
	if (given.does === 'wait') return [2500, given.milliseconds, 2500];
	// Copies that could not be written are tried again within half a minute.
	return given.does === 'kv-up' ? [31_000, 2500] : [2500];
}

/** Everything that is kept, read without the keepers of records that have none. */
async function readAll(world: ImportWorld) {
	const { entries } = await world.listEntries();
	const records = [];
	for (const each of NAMES) records.push({ name: each, copy: world.readCopy(each), history: await world.backUp(each) });
	return { entries, records };
}

describe('imported records', () => {
	it('are what they would be if each had had its own keeper from the first line on', async () => {
		const steps = fc.array(step, { minLength: 1, maxLength: 25 });
		await fc.assert(
			fc.asyncProperty(steps, fc.option(fc.nat({ max: 8 }), { nil: null }), async (given, upgradedAfter) => {
				const clock = createTestClock(START);
				const plain = createImportWorld(clock, false);
				const tested = createImportWorld(clock, upgradedAfter === null);
				try {
					for (const [at, each] of given.entries()) {
						if (at === upgradedAfter) tested.upgrade();
						const expected = await doStep(plain, each);
						expect(await doStep(tested, each), `step ${at}`).toEqual(expected);
						// KV takes one write of a key in a second.
						for (const milliseconds of waitsAfter(each)) {
							await clock.advance(milliseconds);
							await plain.runAlarms();
							await tested.runAlarms();
						}
						if (each.does === 'import') expect(await readAll(tested), `after step ${at}`).toEqual(await readAll(plain));
					}
					for (const world of [plain, tested]) Object.assign(world.faults, { isKvDown: false, isForgetLost: false, diesTakingOver: false });
					for (let turn = 0; turn < 12; turn += 1) {
						await clock.advance(60_000);
						await plain.runAlarms();
						await tested.runAlarms();
					}
					expect(await readAll(tested)).toEqual(await readAll(plain));
					expect(tested.hasAlarm()).toBe(plain.hasAlarm());
					for (const each of NAMES) {
						const history = (world: ImportWorld) => world.use(each, false, (keeper) => keeper.exportRevisions(0, 100));
						expect(await history(tested)).toEqual(await history(plain));
					}
				} finally {
					plain.close();
					tested.close();
				}
			}),
			{ numRuns: RUNS },
		);
	});

	it('have each revision that somebody was told of, and no other, when everything happens at the same time', async () => {
		/** Of two records, by somebody who may save them: so that most tasks meet another. */
		const meeting = (act: 'put' | 'import') =>
			fc
				.tuple(edit(act, record), fc.constantFrom(...NAMES.slice(0, 2)), fc.constantFrom<RecordEdit['precondition']>('any', 'absent'))
				.map(([any, of, wanted]): RecordEdit => ({ ...any, ...OPERATOR, name: of, precondition: wanted, tags: null, dryRun: false }));
		const tasks = fc.array(
			fc.oneof(
				{ weight: 3, arbitrary: fc.record({ does: fc.constant('import' as const), edit: meeting('import') }) },
				{ weight: 3, arbitrary: fc.record({ does: fc.constant('save' as const), edit: meeting('put') }) },
				fc.record({ does: fc.constantFrom('read' as const, 'back-up' as const), name }),
			),
			{ minLength: 2, maxLength: 8 },
		);
		await fc.assert(
			fc.asyncProperty(fc.scheduler(), tasks, fc.boolean(), async (scheduler, given, isForgetLost) => {
				const clock = createTestClock(START);
				const world = createImportWorld(clock, true, () => scheduler.schedule(Promise.resolve()));
				world.faults.isForgetLost = isForgetLost;
				/** Lets things happen in the scheduler's order, and time go by, until the work is done. */
				async function finish<T>(work: Promise<T>): Promise<T> {
					let isDone = false;
					const ended = work.finally(() => {
						isDone = true;
					});
					// Reported where it is awaited.
					ended.catch(() => undefined);
					while (!isDone) {
						await scheduler.waitAll();
						await clock.advance(500);
					}
					return ended;
				}
				const savedRecords: { readonly name: RecordName; readonly revision: number; readonly record: string | null }[] = [];
				try {
					const under = given.map(async (task) => {
						switch (task.does) {
							case 'read':
								await world.use(task.name, false, (keeper) => keeper.readHead(task.name));
								return;
							case 'back-up':
								await world.backUp(task.name);
								return;
							case 'import':
							case 'save': {
								const done = task.does === 'save' ? [await world.save(task.edit)] : await world.importLines([task.edit], false);
								for (const { outcome, head } of done)
									if (outcome === 'saved')
										savedRecords.push({ name: task.edit.name, revision: head.latest?.revision ?? 0, record: task.edit.record });
							}
						}
					});
					await finish(Promise.all(under));
					for (let turn = 0; turn < 8; turn += 1) {
						await clock.advance(60_000);
						await finish(world.runAlarms());
					}
					const { entries, records } = await finish(readAll(world));
					for (const { name: of, copy, history } of records) {
						const told = savedRecords.filter((each) => each.name === of);
						expect(history.map(({ revision }) => revision)).toEqual(told.map((_, at) => at + 1));
						for (const each of told) expect(history.map(({ record: text }) => text)).toContain(each.record);
						const latest = history.at(-1) ?? null;
						const stored = copy === null ? null : parseStored(copy);
						const copied = stored?.ok ? { revision: stored.value.revision, record: JSON.stringify(stored.value.record) } : stored;
						expect(copied).toEqual(latest === null ? null : { revision: latest.revision, record: latest.record });
						expect(entries.find(({ domain }) => domain === of)?.revision ?? null).toBe(latest?.revision ?? null);
					}
					expect(world.hasAlarm()).toBe(false);
				} finally {
					world.close();
				}
			}),
			{ numRuns: RUNS },
		);
	});

	it('have no object of their own until somebody looks at one', async () => {
		const world = createImportWorld(createTestClock(START), true);
		try {
			const content = { record: JSON.stringify(parsedRecord('One')), tags: null, act: 'import', note: '' } as const;
			const edits = NAMES.map(
				(each) => ({ name: each, precondition: 'absent', resolvesExternalEdit: null, ...content, ...OPERATOR }) as const,
			);
			expect((await world.importLines(edits, false)).map(({ outcome }) => outcome)).toEqual(['saved', 'saved', 'saved']);
			expect((await world.importLines(edits, false)).map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged', 'unchanged']);
			expect((await readAll(world)).records.map(({ history }) => history.length)).toEqual([1, 1, 1]);
			expect(world.countKeepers()).toBe(0);
			for (const each of NAMES.slice(0, 1)) await world.use(each, false, (keeper) => keeper.readHead(each));
			expect(world.countKeepers()).toBe(1);
		} finally {
			world.close();
		}
	});
});
