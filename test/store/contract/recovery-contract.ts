/** Recovery after a store was lost, on every platform: the keepers export their data, import it, and publish it again. */
import { describe, expect, it } from 'vitest';
import { DirectoryKeeper } from '../../../src/store/objects/directory/directory-keeper.ts';
import { planRestore } from '../../../src/store/objects/restore-plan.ts';
import { TokenKeeper } from '../../../src/store/objects/token-keeper.ts';
import type { AuditMessage } from '../../../src/store/ports/directory.ts';
import type { Revision } from '../../../src/store/ports/record-history.ts';
import type { TokenBackup } from '../../../src/store/ports/tokens.ts';
import type { RunOnPlatform } from './platform-under-test.ts';

const revision = (number: number, record: string | null = `{"v":${number}}`): Revision => ({
	revision: number,
	at: number * 1000,
	author: 'ada',
	token: null,
	act: 'put',
	note: '',
	tags: [],
	record,
});
const one = revision(1);
const two = revision(2);
const three = revision(3);
const other = revision(2, '{"v":"other"}');

const TOKEN: TokenBackup = {
	id: 'id-1',
	hash: 'hash-1',
	name: 'deploy',
	role: 'write',
	domains: ['a.example'],
	createdAt: 1,
	createdBy: 'operator',
	parent: null,
	expiresAt: 9_999_999_999_999,
	revokedAt: null,
	usedAt: 7,
	claim: null,
	tag: null,
};

export function describeRecovery(run: RunOnPlatform): void {
	describe('revisions of a backup', () => {
		it.each<readonly [string, readonly Revision[], readonly Revision[], boolean, string, readonly number[], number | null]>([
			['all come back where nothing is', [], [one, two], false, 'created', [1, 2], null],
			['change nothing where they are', [one, two], [one, two], false, 'unchanged', [], null],
			['go on from the latest one', [one], [one, two, three], false, 'changed', [2, 3], null],
			['fill what is missing below', [three], [one, two, three], false, 'changed', [1, 2], null],
			['are refused where there are newer ones', [one, two, three], [one, two], false, 'newer', [], null],
			['are refused where another way was gone', [one, other], [one, two, three], false, 'newer', [], null],
			['are refused where the latest one is not among them', [one], [two, three], false, 'newer', [], null],
			['become a new revision where that is asked for', [one, other], [one, two], true, 'changed', [], 2],
			['never take newer ones away', [one, two, three], [one], true, 'changed', [], 1],
			['change nothing where the state is the same', [one, other, revision(3, two.record)], [one, two], true, 'unchanged', [], null],
		])('%s', (_, there, backup, replace, outcome, added, onTop) => {
			const find = (number: number) => there.find((each) => each.revision === number) ?? null;
			const plan = planRestore({ revisions: backup, isLast: true, replace }, there.at(-1) ?? null, find);
			expect(plan.outcome).toBe(outcome);
			expect(plan.added.map((each) => each.revision)).toEqual(added);
			expect(plan.savedOnTop?.revision ?? null).toBe(onTop);
		});
	});

	it('gives tokens away with their hashes, and takes them back once', () =>
		run(async ({ platform }) => {
			const tokens = new TokenKeeper(platform, {
				limits: { historyDays: 3650 },
				directory: { appendAudit: async () => undefined },
				newId: () => 'new',
			});
			expect(await tokens.restoreToken(TOKEN, true)).toBe('created');
			expect(await tokens.findByHash('hash-1')).toBeNull();
			expect(await tokens.restoreToken(TOKEN, false)).toBe('created');
			expect(await tokens.restoreToken(TOKEN, false)).toBe('unchanged');
			expect((await tokens.exportTokens('', 10)).tokens).toEqual([TOKEN]);
			expect(await tokens.findByHash('hash-1')).not.toBeNull();
			for (const strange of [
				{ ...TOKEN, id: 'id-2' },
				{ ...TOKEN, hash: 'hash-2' },
			])
				expect(await tokens.restoreToken(strange, false)).toBe('refused');
			expect(await tokens.restoreToken({ ...TOKEN, revokedAt: 5 }, false)).toBe('changed');
			expect(await tokens.findByHash('hash-1')).toBeNull();
			expect(await tokens.restoreToken(TOKEN, false)).toBe('unchanged');
			expect(await tokens.findByHash('hash-1')).toBeNull();
		}));

	it('tells a directory that was lost of its tokens again, with the same lines', () =>
		run(async ({ platform }) => {
			const lines: AuditMessage[] = [];
			const appendAudit = async (sent: readonly AuditMessage[]) => void lines.push(...sent);
			const tokens = new TokenKeeper(platform, { limits: { historyDays: 3650 }, directory: { appendAudit }, newId: () => 'id-1' });
			await tokens.create({ ...TOKEN, act: 'mint' });
			await tokens.revoke('id-1', { who: 'operator', token: null });
			const before = [...lines];
			expect(before).toHaveLength(2);
			await tokens.announceTokens();
			expect(lines).toEqual([...before, ...before]);
		}));

	it('keeps lines about tokens as long as the audit trail does, and not before they are delivered', () =>
		run(async (world) => {
			const { platform } = world;
			const lines: AuditMessage[] = [];
			const outage = { isDown: true };
			const appendAudit = async (sent: readonly AuditMessage[]) => {
				if (outage.isDown) throw new Error('the directory is down');
				lines.push(...sent);
			};
			const tokens = new TokenKeeper(platform, { limits: { historyDays: 10 }, directory: { appendAudit }, newId: () => 'id-1' });
			await tokens.create({ ...TOKEN, expiresAt: platform.clock.now() + 1e12, act: 'mint' });
			await world.advance(11 * 86_400_000);
			outage.isDown = false;
			await tokens.revoke('id-1', { who: 'operator', token: null });
			expect(lines.map(({ act }) => act)).toEqual(['mint', 'revoke']);
			await tokens.announceTokens();
			expect(lines.map(({ act }) => act)).toEqual(['mint', 'revoke', 'revoke']);
		}));

	it('gives ended sessions away until they would have ended anyway', () =>
		run(async (world) => {
			const { platform } = world;
			const dependencies = { limits: { historyDays: 10 }, directory: { appendAudit: async () => undefined }, newId: () => 'id' };
			const tokens = new TokenKeeper(platform, dependencies);
			const until = platform.clock.now() + 1000;
			await tokens.endSession('one', until);
			expect(await tokens.listEndedSessions()).toEqual([{ session: 'one', until }]);
			expect(await tokens.isSessionEnded('one')).toBe(true);
			await world.advance(1000);
			expect(await tokens.listEndedSessions()).toEqual([]);
		}));

	it('gives its audit trail away as it was sent, page by page, and reads a trail that came back in any order by time', () =>
		run(async ({ platform }) => {
			const directory = new DirectoryKeeper(platform, { historyDays: 10 });
			const now = platform.clock.now();
			const line = (seq: number): AuditMessage => ({
				at: now + seq,
				who: 'ada',
				token: null,
				act: 'put',
				domain: 'a.example',
				detail: `line ${seq}`,
				source: 'a.example',
				seq,
			});
			await directory.appendAudit([line(3), line(1), line(2)]);
			const first = await directory.exportAudit(0, 2);
			const second = await directory.exportAudit(first.next ?? 0, 2);
			expect([...first.lines, ...second.lines]).toEqual([line(3), line(1), line(2)]);
			expect(second.next).toBeNull();
			const page = await directory.readAudit({ visible: { names: null, tag: null }, since: 0, before: null, limit: 2 });
			const rest = await directory.readAudit({ visible: { names: ['a.example'], tag: null }, since: 0, before: page.next, limit: 2 });
			expect([...page.entries, ...rest.entries].map(({ detail }) => detail)).toEqual(['line 3', 'line 2', 'line 1']);
		}));

	it('forgets a name that was put by hand and is gone, and nothing that was ever saved', () =>
		run(async ({ platform }) => {
			const directory = new DirectoryKeeper(platform, { historyDays: 10 });
			const entry = { revision: 0, tags: [], at: 0, attention: null, aliasOf: null, digest: null, revisions: [] } as const;
			await directory.updateEntry({ ...entry, name: 'hand.example', state: 'outside' });
			await directory.updateEntry({ ...entry, name: 'gone.example', state: 'deleted', revision: 2 });
			for (const name of ['hand.example', 'gone.example']) await directory.forgetEntry(name);
			const query = { prefix: '', tag: null, state: null, after: '', limit: 10, visible: { names: null, tag: null } };
			expect((await directory.listEntries(query)).entries.map(({ domain }) => domain)).toEqual(['gone.example']);
		}));

	it('remembers when the store was marked, the first time', () =>
		run(async ({ platform, advance }) => {
			const directory = new DirectoryKeeper(platform, { historyDays: 10 });
			expect(await directory.storeMarkedAt()).toBeNull();
			const now = platform.clock.now();
			await directory.setStoreMarked(true);
			await advance(1000);
			await directory.setStoreMarked(false);
			expect(await directory.storeMarkedAt()).toBe(now);
			expect(await directory.isComplete()).toBe(true);
		}));

	it('a directory that took the place of a lost one is incomplete until it was rebuilt', () =>
		run(async ({ platform, advance }) => {
			const directory = new DirectoryKeeper(platform, { historyDays: 10 });
			expect(await directory.isComplete()).toBe(false);
			await directory.setStoreMarked(false);
			const markedAt = await directory.storeMarkedAt();
			await advance(1000);
			await directory.setStoreMarked(true);
			expect(await directory.isComplete()).toBe(false);
			await directory.setComplete();
			expect([await directory.isComplete(), await directory.storeMarkedAt()]).toEqual([true, markedAt]);
		}));
}
