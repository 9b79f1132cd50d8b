/** The contract of the record keeper on every platform. */
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../src/lib/digest.ts';
import { parseRecord } from '../../../src/model/record.ts';
import type { RecordName } from '../../../src/model/record-name.ts';
import { parseStored } from '../../../src/model/stored-record.ts';
import { RecordKeeper, type RecordKeeperLimits } from '../../../src/store/objects/record-keeper.ts';
import type { DirectoryUpdate } from '../../../src/store/ports/directory.ts';
import type { RecordCopies } from '../../../src/store/ports/record-copies.ts';
import type { RecordEdit, Revision, RevisionRestore, SaveResult } from '../../../src/store/ports/record-history.ts';
import { type Outage, type PlatformUnderTest, type RunOnPlatform, settle } from './platform-under-test.ts';

export const NAME = 'a.example' as RecordName;
const LIMITS: RecordKeeperLimits = { historyCount: 5000, historyDays: 3650, supersededMs: 86_400_000 };

export function recordText(name: string): string {
	const services = { imap: { host: 'imap.example.com' }, submission: { host: 'smtp.example.com' } };
	const parsed = parseRecord({ kind: 'domain', provider: { name }, services });
	if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
	return JSON.stringify(parsed.value);
}

export function recordEdit(more: Partial<RecordEdit> = {}): RecordEdit {
	const edit = {
		record: recordText('One'),
		tags: null,
		act: 'put',
		author: 'ada',
		token: null,
		note: '',
		claim: null,
		requiredTag: null,
		maySetAccessTags: true,
		resolvesExternalEdit: null,
	} as const;
	return { name: NAME, precondition: 'any', ...edit, ...more };
}

/** A record keeper with a KV copy that can be edited by hand, and with outages of KV and of the directory that can be switched on. */
export function startKeeper({ platform }: PlatformUnderTest, limits = LIMITS) {
	const copy: { text: string | null; writes: number } = { text: null, writes: 0 };
	/** How often readers were told to look for every wildcard. */
	const wildcardList = { forgotten: 0 };
	const [kv, directory, hostnames]: [Outage, Outage, Outage] = [{ isDown: false }, { isDown: false }, { isDown: false }];
	/** The names that the keeper of custom hostnames was told of. */
	const told: string[] = [];
	const updates: DirectoryUpdate[] = [];
	const copies: RecordCopies = {
		writeIntervalMs: 1000,
		stalenessMs: 120_000,
		async read() {
			if (kv.isDown) throw new Error('KV is down');
			return copy.text;
		},
		async write(_, text) {
			copy.writes += 1;
			if (kv.isDown) throw new Error('KV is down');
			copy.text = text;
		},
		async forgetWildcardList() {
			if (kv.isDown) throw new Error('KV is down');
			wildcardList.forgotten += 1;
		},
	};
	const updateEntry = async (update: DirectoryUpdate) => {
		if (directory.isDown) throw new Error('the directory is down');
		updates.push(update);
	};
	const recordsChanged = async (names: readonly string[]) => {
		if (hostnames.isDown) throw new Error('the keeper of the hostnames is down');
		told.push(...names);
	};
	const restart = () =>
		new RecordKeeper(platform, {
			copies,
			directory: { updateEntry, forgetEntry: async () => undefined },
			hostnames: { recordsChanged },
			limits,
		});
	return { keeper: restart(), restart, copy, kv, directory, hostnames, told, updates, wildcardList };
}

/** The revision from which mail clients are answered. */
export function copiedRevision({ text }: { readonly text: string | null }): number | null {
	const stored = text === null ? null : parseStored(text);
	return stored?.ok ? stored.value.revision : null;
}

const outcomeOf = ({ outcome }: SaveResult) => outcome;

/** Saves onto a first revision, and what they come to. */
const SAVES: readonly (readonly [string, Partial<RecordEdit>, SaveResult['outcome']])[] = [
	['from the latest revision', { precondition: 1, record: recordText('Two') }, 'saved'],
	['from another revision', { precondition: 7, record: recordText('Two') }, 'stale'],
	['from no revision', { precondition: 0, record: recordText('Two') }, 'stale'],
	['whatever is there', { precondition: 'any', record: recordText('Two') }, 'saved'],
	['of what must not exist yet', { precondition: 'absent', record: recordText('Two') }, 'exists'],
	['of what is there already', { precondition: 1 }, 'unchanged'],
	['of other tags', { precondition: 1, tags: ['gold'] }, 'saved'],
	['that is a dry run', { precondition: 1, record: recordText('Two'), dryRun: true }, 'saved'],
	['that deletes', { precondition: 1, record: null, act: 'delete' }, 'saved'],
	['by a repeated import', { precondition: 'absent', act: 'import' }, 'unchanged'],
	['by an import of something else', { precondition: 'absent', act: 'import', record: recordText('Two') }, 'exists'],
];

export function describeRecordKeeper(run: RunOnPlatform): void {
	describe('a save', () => {
		it('keeps the revision, writes the copy, tells the directory, and leaves no alarm', () =>
			run(async (world) => {
				const { keeper, copy, updates } = startKeeper(world);
				const saved = await keeper.save(recordEdit({ precondition: 'absent', note: 'first', tags: ['gold'] }));
				expect(saved).toMatchObject({
					outcome: 'saved',
					previousRecord: null,
					head: { published: 1, latest: { revision: 1, note: 'first' } },
				});
				expect(copiedRevision(copy)).toBe(1);
				expect(updates).toMatchObject([
					{
						name: NAME,
						revision: 1,
						state: 'live',
						tags: ['gold'],
						digest: await sha256Hex(recordEdit().record ?? ''),
						revisions: [{ revision: 1, author: 'ada' }],
					},
				]);
				await settle();
				expect(await world.readAlarm()).toBeNull();
			}));

		it('tells the keeper of the hostnames, by alarm where that does not answer, and is saved all the same', () =>
			run(async (world) => {
				const { keeper, restart, hostnames, told } = startKeeper(world);
				hostnames.isDown = true;
				expect((await keeper.save(recordEdit())).outcome).toBe('saved');
				await settle();
				expect(await world.readAlarm()).not.toBeNull();
				hostnames.isDown = false;
				await restart().alarm();
				expect(told).toEqual([NAME]);
				expect(await world.readAlarm()).toBeNull();
			}));

		it.each(SAVES)('%s', (_, edit, outcome) =>
			run(async (world) => {
				const { keeper } = startKeeper(world);
				await keeper.save(recordEdit());
				expect(outcomeOf(await keeper.save(recordEdit(edit)))).toBe(outcome);
				const { revisions } = await keeper.listRevisions(null, 10);
				expect(revisions).toHaveLength(outcome === 'saved' && edit.dryRun !== true ? 2 : 1);
			}),
		);

		it.each(SAVES)('%s, in a batch', (_, edit, outcome) =>
			run(async (world) => {
				const { keeper, copy } = startKeeper(world);
				await keeper.save(recordEdit());
				await world.advance(2000);
				const saved = await keeper.saveBatched(recordEdit(edit), copy.text, true);
				expect(outcomeOf(saved)).toBe(outcome);
				const isNew = outcome === 'saved' && edit.dryRun !== true;
				expect(saved.update?.revisions.map(({ revision }) => revision) ?? null).toEqual(isNew ? [2] : null);
				expect((await keeper.listRevisions(null, 10)).revisions).toHaveLength(isNew ? 2 : 1);
			}),
		);

		it('made from the same revision wins once', () =>
			run(async (world) => {
				const { keeper } = startKeeper(world);
				await keeper.save(recordEdit());
				await world.advance(2000);
				const edits = Array.from({ length: 20 }, (_, at) => keeper.save(recordEdit({ precondition: 1, record: recordText(`Name ${at}`) })));
				const outcomes = (await Promise.all(edits)).map(outcomeOf);
				expect(outcomes.toSorted()).toEqual(['saved', ...Array.from({ length: 19 }, () => 'stale')]);
			}));

		it('can be undone from the history', () =>
			run(async (world) => {
				const { keeper, copy } = startKeeper(world);
				await keeper.save(recordEdit());
				await world.advance(2000);
				await keeper.save(recordEdit({ precondition: 1, record: null, act: 'delete' }));
				expect(copy.text).toBeNull();
				await world.advance(2000);
				const old = await keeper.readRevision(1);
				await keeper.save(recordEdit({ precondition: 2, record: old?.record ?? null, act: 'restore' }));
				expect(copiedRevision(copy)).toBe(3);
			}));

		it('keeps the replaced record beside the copy for a day', () =>
			run(async (world) => {
				const { keeper, copy } = startKeeper(world);
				await keeper.save(recordEdit());
				await world.advance(2000);
				await keeper.save(recordEdit({ record: recordText('Two') }));
				expect(parseStored(copy.text ?? '')).toMatchObject({ value: { superseded: [{ record: { provider: { name: 'One' } } }] } });
				await world.advance(2 * 86_400_000);
				await keeper.save(recordEdit({ record: recordText('Two'), tags: ['gold'] }));
				expect(parseStored(copy.text ?? '')).not.toHaveProperty('value.superseded');
			}));
	});

	it('leaves no table behind where somebody only looked', () =>
		run(async (world) => {
			const { keeper } = startKeeper(world);
			expect(await keeper.readHead(NAME)).toMatchObject({ latest: null, published: 0, externalEdit: null });
			expect(await keeper.listRevisions(null, 10)).toEqual({ revisions: [], next: null });
			expect(world.platform.sql.execute("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_%' ESCAPE '\\'")).toEqual([]);
		}));

	it('pages through the history, newest first', () =>
		run(async (world) => {
			const { keeper } = startKeeper(world);
			for (let at = 1; at <= 5; at += 1) await keeper.save(recordEdit({ record: recordText(`Name ${at}`), act: 'import' }));
			const { revisions, next } = await keeper.listRevisions(null, 2);
			expect(revisions.map(({ revision }) => revision)).toEqual([5, 4]);
			expect((await keeper.listRevisions(next, 10)).revisions.map(({ revision }) => revision)).toEqual([3, 2, 1]);
		}));

	describe('the limits of the history', () => {
		const kept = async (limits: Partial<RecordKeeperLimits>, world: PlatformUnderTest) => {
			const { keeper } = startKeeper(world, { ...LIMITS, ...limits });
			for (let at = 1; at <= 5; at += 1) {
				await keeper.save(recordEdit({ record: recordText(`Name ${at}`) }));
				await world.advance(86_400_000);
			}
			return (await keeper.listRevisions(null, 10)).revisions.map(({ revision }) => revision);
		};

		it('keep the newest so many', () => run(async (world) => expect(await kept({ historyCount: 3 }, world)).toEqual([5, 4, 3])));
		it('keep those of the last days', () => run(async (world) => expect(await kept({ historyDays: 2 }, world)).toEqual([5, 4, 3])));
		it('never touch the latest', () =>
			run(async (world) => expect(await kept({ historyCount: 1, historyDays: 1 }, world)).toEqual([5, 4].slice(0, 1))));

		it('keep what stood for long, however often somebody saves', () =>
			run(async (world) => {
				const { keeper } = startKeeper(world, { ...LIMITS, historyCount: 6 });
				for (let at = 1; at <= 3; at += 1) {
					await keeper.save(recordEdit({ record: recordText(`Good ${at}`), act: 'import' }));
					await world.advance(at === 3 ? 3_600_000 : 1000);
				}
				for (let at = 0; at < 50; at += 1) {
					await keeper.save(recordEdit({ record: recordText(at % 2 === 0 ? 'Evil' : 'Worse'), act: 'import' }));
					await world.advance(at % 5 === 0 ? 2000 : 1);
				}
				const { revisions } = await keeper.listRevisions(null, 100);
				expect(revisions).toHaveLength(6);
				expect(revisions.map(({ revision }) => revision).slice(-3)).toEqual([3, 2, 1]);
				expect(revisions[0]?.revision).toBe(53);
			}));

		it('keep what the directory has not been told of', () =>
			run(async (world) => {
				const { keeper, directory } = startKeeper(world, { ...LIMITS, historyCount: 1 });
				directory.isDown = true;
				for (let at = 1; at <= 3; at += 1) await keeper.save(recordEdit({ record: recordText(`Name ${at}`), act: 'import' }));
				expect((await keeper.listRevisions(null, 10)).revisions).toHaveLength(3);
			}));
	});

	describe('an outage', () => {
		it('of the copies’ store does not stop a save; the alarm catches up, after a restart too', () =>
			run(async (world) => {
				const { keeper, restart, copy, kv } = startKeeper(world);
				kv.isDown = true;
				expect(await keeper.save(recordEdit())).toMatchObject({ outcome: 'saved', head: { latest: { revision: 1 }, published: 0 } });
				expect(await world.readAlarm()).toBe(world.platform.clock.now() + 2000);
				expect(world.logged).toEqual(['copy-owed']);
				kv.isDown = false;
				const restarted = restart();
				await restarted.alarm();
				expect(copiedRevision(copy)).toBe(1);
				expect(await world.readAlarm()).toBeNull();
			}));

		it('is tried again later each time, up to half a minute', () =>
			run(async (world) => {
				const { keeper, kv } = startKeeper(world);
				kv.isDown = true;
				await keeper.save(recordEdit());
				const waits: number[] = [];
				for (let ring = 0; ring < 6; ring += 1) {
					await keeper.alarm();
					waits.push(((await world.readAlarm()) ?? 0) - world.platform.clock.now());
				}
				expect(waits).toEqual([4000, 8000, 16_000, 30_000, 30_000, 30_000]);
			}));

		it('of the directory delays no copy, and every revision is told afterwards', () =>
			run(async (world) => {
				const { keeper, copy, directory, updates } = startKeeper(world);
				directory.isDown = true;
				await keeper.save(recordEdit());
				expect(copiedRevision(copy)).toBe(1);
				await keeper.save(recordEdit({ record: recordText('Two'), act: 'import' }));
				directory.isDown = false;
				await world.advance(1000);
				await keeper.alarm();
				expect(updates.flatMap(({ revisions }) => revisions.map(({ revision }) => revision))).toEqual([1, 2]);
			}));
	});

	describe('a wildcard that the directory could not be told of', () => {
		const WILDCARD = '*.example.org' as RecordName;

		it('has readers look for every wildcard, each time', () =>
			run(async (world) => {
				const { keeper, directory, wildcardList } = startKeeper(world);
				directory.isDown = true;
				await keeper.save(recordEdit({ name: WILDCARD }));
				expect(wildcardList.forgotten).toBe(1);
				await keeper.alarm();
				expect(wildcardList.forgotten).toBe(2);
				directory.isDown = false;
				await keeper.alarm();
				expect(wildcardList.forgotten).toBe(2);
			}));

		it('stays owed to the directory where KV does not answer either', () =>
			run(async (world) => {
				const { keeper, directory, kv, updates } = startKeeper(world);
				[directory.isDown, kv.isDown] = [true, true];
				expect(outcomeOf(await keeper.save(recordEdit({ name: WILDCARD })))).toBe('saved');
				[directory.isDown, kv.isDown] = [false, false];
				await keeper.alarm();
				expect(updates.map(({ name }) => name)).toEqual([WILDCARD]);
			}));

		it('is no matter for a record of one domain', () =>
			run(async (world) => {
				const { keeper, directory, wildcardList } = startKeeper(world);
				directory.isDown = true;
				await keeper.save(recordEdit());
				expect(wildcardList.forgotten).toBe(0);
			}));
	});

	it('writes the copy no more often than its store allows, and ends with the newest revision', () =>
		run(async (world) => {
			const { keeper, copy } = startKeeper(world);
			for (let at = 1; at <= 4; at += 1) await keeper.save(recordEdit({ record: recordText(`Name ${at}`), act: 'import' }));
			await settle();
			expect(copy.writes).toBeLessThan(4);
			await world.advance(1000);
			expect(copiedRevision(copy)).toBe(4);
			expect(copy.writes).toBe(2);
		}));

	describe('a copy edited by hand', () => {
		const BY_HAND = recordText('By hand');

		it('stops the next save, and is adopted by an explicit act', () =>
			run(async (world) => {
				const { keeper, copy } = startKeeper(world);
				await keeper.save(recordEdit());
				copy.text = BY_HAND;
				expect((await keeper.readHead(NAME)).externalEdit).toEqual({ text: BY_HAND });
				expect(outcomeOf(await keeper.save(recordEdit({ record: recordText('Mine') })))).toBe('outside');
				expect(outcomeOf(await keeper.save(recordEdit({ act: 'import', precondition: 'any' })))).toBe('outside');
				await world.advance(2000);
				const adopt = recordEdit({ precondition: 1, resolvesExternalEdit: { text: BY_HAND }, act: 'adopt', record: BY_HAND });
				expect(outcomeOf(await keeper.save(adopt))).toBe('saved');
				expect(copiedRevision(copy)).toBe(2);
				// A cache may show the adopted copy for a while.
				copy.text = BY_HAND;
				expect((await keeper.readHead(NAME)).externalEdit).toBeNull();
				await world.advance(120_000);
				expect((await keeper.readHead(NAME)).externalEdit).toEqual({ text: BY_HAND });
			}));

		it('is noticed when it was removed, once no cache can be the reason', () =>
			run(async (world) => {
				const { keeper, copy } = startKeeper(world);
				await keeper.save(recordEdit());
				copy.text = null;
				expect((await keeper.readHead(NAME)).externalEdit).toBeNull();
				await world.advance(120_001);
				expect((await keeper.readHead(NAME)).externalEdit).toEqual({ text: null });
			}));

		it('is told to the directory where nothing was ever saved', () =>
			run(async (world) => {
				const { keeper, copy, updates } = startKeeper(world);
				expect(await keeper.announce(NAME)).toBe(false);
				copy.text = BY_HAND;
				expect(await keeper.announce(NAME)).toBe(true);
				expect(updates).toMatchObject([{ name: NAME, revision: 0, state: 'outside' }]);
			}));
	});

	it('tells the directory everything again when asked', () =>
		run(async (world) => {
			const { keeper, updates } = startKeeper(world);
			await keeper.save(recordEdit());
			updates.length = 0;
			expect(await keeper.announce(NAME)).toBe(true);
			expect(updates).toMatchObject([{ revision: 1, digest: await sha256Hex(recordEdit().record ?? ''), revisions: [{ revision: 1 }] }]);
		}));

	describe('a backup of a record', () => {
		const restore = (revisions: readonly Revision[], more: Partial<RevisionRestore> = {}): RevisionRestore => ({
			name: NAME,
			revisions,
			isLast: true,
			replace: false,
			author: 'operator',
			token: null,
			dryRun: false,
			...more,
		});
		const history: readonly Revision[] = ['One', 'Two', 'Three'].map((provider, at) => ({
			revision: at + 1,
			at: 1000 * at,
			author: 'ada',
			token: null,
			act: 'put',
			note: `note ${at}`,
			tags: ['gold'],
			record: recordText(provider),
		}));

		it('comes back in parts, the same in every byte; clients get the last state alone', () =>
			run(async (world) => {
				const { keeper, copy, updates } = startKeeper(world);
				expect(await keeper.restoreRevisions(restore(history, { dryRun: true }))).toEqual({ outcome: 'created', revision: 0 });
				expect(await keeper.exportRevisions(0, 10)).toEqual([]);
				await keeper.restoreRevisions(restore(history.slice(0, 2), { isLast: false }));
				expect(copy.writes).toBe(0);
				expect(await keeper.restoreRevisions(restore(history.slice(1)))).toEqual({ outcome: 'changed', revision: 3 });
				await settle();
				expect(await keeper.exportRevisions(0, 10)).toEqual(history);
				expect([copiedRevision(copy), copy.writes]).toEqual([3, 1]);
				expect(updates.at(-1)).toMatchObject({ revision: 3, state: 'live', tags: ['gold'] });
				expect(await keeper.restoreRevisions(restore(history))).toEqual({ outcome: 'unchanged', revision: 3 });
				expect((await keeper.save(recordEdit({ precondition: 3 }))).head.latest?.revision).toBe(4);
			}));

		it('is refused over a copy edited by hand and over newer revisions, and with replace becomes a new one', () =>
			run(async (world) => {
				const { keeper, copy } = startKeeper(world);
				copy.text = recordText('By hand');
				expect((await keeper.restoreRevisions(restore(history))).outcome).toBe('outside');
				copy.text = null;
				await keeper.save(recordEdit());
				await world.advance(2000);
				expect((await keeper.restoreRevisions(restore(history))).outcome).toBe('newer');
				expect(await keeper.restoreRevisions(restore(history, { replace: true }))).toEqual({ outcome: 'changed', revision: 2 });
				await settle();
				expect(await keeper.readRevision(2)).toMatchObject({ act: 'restore', record: recordText('Three'), author: 'operator' });
				expect((await keeper.restoreRevisions(restore(history, { replace: true }))).outcome).toBe('unchanged');
			}));

		it('is taken where the keeper was lost and its own copy was not', () =>
			run(async (world) => {
				const { keeper, copy } = startKeeper(world);
				copy.text = JSON.stringify({ checked: 1, revision: 3, record: JSON.parse(recordText('Three')) });
				expect((await keeper.restoreRevisions(restore(history))).outcome).toBe('created');
			}));
	});

	describe('a copy that was lost', () => {
		it('is written again, but never over what was put there by hand', () =>
			run(async (world) => {
				const { keeper, copy } = startKeeper(world);
				expect(await keeper.republish(NAME)).toBe('nothing');
				await keeper.save(recordEdit());
				await world.advance(200_000);
				copy.text = null;
				expect(await keeper.republish(NAME)).toBe('written');
				expect(copiedRevision(copy)).toBe(1);
				copy.text = recordText('By hand');
				await world.advance(200_000);
				expect(await keeper.republish(NAME)).toBe('outside');
				expect(copy.text).toBe(recordText('By hand'));
			}));
	});
}
