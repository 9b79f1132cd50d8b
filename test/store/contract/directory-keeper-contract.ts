/** The contract of the directory on every platform. Its cost at full size is counted in workerd (`objects/directory-keeper.test.ts`). */
import { expect, it } from 'vitest';
import { DirectoryKeeper } from '../../../src/store/objects/directory/directory-keeper.ts';
import type { AuditMessage, DirectoryQuery, DirectorySearch, DirectoryUpdate } from '../../../src/store/ports/directory.ts';
import type { RunOnPlatform } from './platform-under-test.ts';

const ALL: DirectoryQuery = { prefix: '', tag: null, state: null, after: '', limit: 10, visible: { names: null, tag: null } };
const DAY_MS = 86_400_000;

const update = (name: string, more: Partial<DirectoryUpdate> = {}): DirectoryUpdate => ({
	name,
	revision: 1,
	state: 'live',
	tags: [],
	at: 0,
	attention: null,
	aliasOf: null,
	digest: 'digest',
	revisions: [],
	...more,
});

const auditMessage = (seq: number, at: number, domain: string | null = 'a.example'): AuditMessage => ({
	at,
	who: 'ada',
	token: null,
	act: 'put',
	domain,
	detail: `line ${seq}`,
	source: 'a.example',
	seq,
});

export function describeDirectoryKeeper(run: RunOnPlatform): void {
	it.each<readonly [string, Partial<DirectoryQuery>, readonly string[]]>([
		['everything', {}, ['a.example', 'b.example', 'c.example', 'sub.a.example']],
		['a prefix', { prefix: 'b' }, ['b.example']],
		['a tag', { tag: 'gold' }, ['a.example', 'c.example']],
		['a tag and a prefix', { tag: 'gold', prefix: 'c' }, ['c.example']],
		['a state', { state: 'deleted' }, ['b.example']],
		['visible domains', { visible: { names: ['b.example', 'z.example'], tag: null } }, ['b.example']],
		['no visible domain', { visible: { names: [], tag: null } }, []],
		['those of a visible tag', { visible: { names: null, tag: 'gold' } }, ['a.example', 'c.example']],
		['a tag of those of a visible tag', { tag: 'silver', visible: { names: null, tag: 'gold' } }, ['a.example']],
		['names of those of a visible tag', { visible: { names: ['b.example', 'c.example'], tag: 'gold' } }, ['c.example']],
		['those after a name', { after: 'b.example' }, ['c.example', 'sub.a.example']],
	])('lists %s', (_, query, domains) =>
		run(async ({ platform }) => {
			const directory = new DirectoryKeeper(platform, { historyDays: 10 });
			await directory.updateEntry(update('sub.a.example'));
			await directory.updateEntry(update('a.example', { tags: ['gold', 'silver'] }));
			await directory.updateEntry(update('c.example', { tags: ['gold'] }));
			await directory.updateEntry(update('b.example', { state: 'deleted' }));
			const { entries, next } = await directory.listEntries({ ...ALL, ...query });
			expect(entries.map(({ domain }) => domain)).toEqual(domains);
			expect(next).toBeNull();
		}),
	);

	it('has the digest of a record: of the newest revision, and none where a keeper of an earlier release sent none', () =>
		run(async ({ platform }) => {
			const directory = new DirectoryKeeper(platform, { historyDays: 10 });
			const digests = async () => (await directory.listEntries(ALL)).entries.map(({ digest }) => digest);
			await directory.updateEntry(update('a.example', { revision: 2, digest: 'of 2' }));
			await directory.updateEntry(update('a.example', { revision: 1, digest: 'of 1' }));
			expect(await digests()).toEqual(['of 2']);
			const { digest: _, ...earlier } = update('a.example', { revision: 3 });
			await directory.updateEntry(earlier as DirectoryUpdate);
			expect(await digests()).toEqual([null]);
		}));

	it('shows the lines of the audit trail about records that carry the visible tag', () =>
		run(async ({ platform }) => {
			const directory = new DirectoryKeeper(platform, { historyDays: 10 });
			await directory.updateEntry(update('a.example', { tags: ['gold'] }));
			await directory.updateEntry(update('b.example'));
			const now = platform.clock.now();
			const about = (domain: string | null, seq: number) => ({ ...auditMessage(seq, now, domain), source: 'tokens' });
			await directory.appendAudit([about('a.example', 1), about('b.example', 2), about(null, 3)]);
			const seen = async (names: readonly string[] | null) =>
				(await directory.readAudit({ visible: { names, tag: 'gold' }, since: 0, before: null, limit: 10 })).entries.map(
					({ domain }) => domain,
				);
			expect([await seen(null), await seen(['a.example', 'b.example']), await seen(['b.example'])]).toEqual([
				['a.example'],
				['a.example'],
				[],
			]);
		}));

	it('gives every revision once, in order, to whoever watches the records', () =>
		run(async ({ platform }) => {
			const directory = new DirectoryKeeper(platform, { historyDays: 10 });
			const line = (revision: number, act: 'put' | 'delete' = 'put') =>
				({ revision, at: revision, author: 'ada', token: 't', act, note: '', tags: ['old'] }) as const;
			const told = (name: string, revision: number, revisions: DirectoryUpdate['revisions'], more: Partial<DirectoryUpdate> = {}) =>
				directory.updateEntry(update(name, { revision, revisions, ...more }));
			expect(directory.areRecordsWatched()).toBe(false);
			await told('a.example', 1, [line(1)]);
			const start = await directory.watchRecords();
			expect(directory.areRecordsWatched()).toBe(true);
			await told('a.example', 3, [line(1), line(2), line(3, 'delete')], { state: 'deleted', tags: ['new'] });
			await told('a.example', 3, [line(1), line(2), line(3, 'delete')], { state: 'deleted', tags: ['new'] });
			await directory.appendAudit([{ ...auditMessage(1, 0), source: 'tokens', act: 'mint' }]);
			await told('b.example', 1, [line(1)]);
			const first = await directory.readRecordEvents(start, 2);
			const common = { name: 'a.example', who: 'ada', token: 't', tags: ['new'] };
			expect(first.events).toEqual([
				{ ...common, revision: 2, at: 2, act: 'put', state: null },
				{ ...common, revision: 3, at: 3, act: 'delete', state: 'deleted' },
			]);
			expect([first.hasMore, first.wasWatched]).toEqual([true, true]);
			const second = await directory.readRecordEvents(first.lastId, 10);
			expect(second.events.map(({ name, revision, state }) => [name, revision, state])).toEqual([['b.example', 1, 'live']]);
			expect(await directory.readRecordEvents(second.lastId, 10)).toEqual({
				events: [],
				checks: [],
				lastId: second.lastId,
				hasMore: false,
				wasWatched: true,
			});
			await directory.unwatchRecords();
			expect(directory.areRecordsWatched()).toBe(false);
			expect(await directory.readRecordEvents(0, 1)).toMatchObject({ wasWatched: false });
			expect(directory.areRecordsWatched()).toBe(true);
		}));

	it('gives the checks that got worse once each, with the tags that the record has now', () =>
		run(async ({ platform }) => {
			const directory = new DirectoryKeeper(platform, { historyDays: 10 });
			await directory.watchRecords();
			await directory.updateEntry(update('a.example', { tags: ['new'] }));
			const line = {
				...auditMessage(1, 5),
				domain: 'a.example',
				source: 'check one',
				act: 'check-worsened',
				detail: 'mail: A to D, dns: B to – (A at best)',
			} as const;
			await directory.appendAudit([line, line, { ...line, source: 'check two', detail: 'a text of another release' }]);
			const { events, checks } = await directory.readRecordEvents(0, 10);
			expect(events.map(({ revision }) => revision)).toEqual(update('a.example').revisions.map(({ revision }) => revision));
			expect(checks).toEqual([
				{
					line: `check one:${line.seq}`,
					name: 'a.example',
					areas: [
						{ area: 'mail', from: 'A', to: 'D', atBest: 'D' },
						{ area: 'dns', from: 'B', to: null, atBest: 'A' },
					],
					at: line.at,
					who: line.who,
					token: line.token,
					tags: ['new'],
				},
			]);
		}));

	it('pages without gaps', () =>
		run(async ({ platform }) => {
			const directory = new DirectoryKeeper(platform, { historyDays: 10 });
			for (let at = 0; at < 7; at += 1) await directory.updateEntry(update(`d${at}.example`));
			const seen: string[] = [];
			for (let after: string | null = ''; after !== null; ) {
				const page = await directory.listEntries({ ...ALL, after, limit: 3 });
				seen.push(...page.entries.map(({ domain }) => domain));
				after = page.next;
			}
			expect(seen).toEqual(Array.from({ length: 7 }, (_, at) => `d${at}.example`));
		}));

	const SEARCH: DirectorySearch = {
		text: '',
		tag: null,
		state: null,
		order: 'name',
		after: '',
		limit: 10,
		withTotal: true,
		visible: { names: null, tag: null },
	};

	it.each<readonly [string, Partial<DirectorySearch>, readonly string[]]>([
		['everything by name', {}, ['alpha.example', 'beta.example', 'gamma.example', 'hand.example']],
		['a part of a name', { text: 'amm' }, ['gamma.example']],
		['a part of a tag', { text: 'omer:4' }, ['alpha.example', 'beta.example']],
		['several words, each somewhere', { text: 'beta customer' }, ['beta.example']],
		['what means something in SQL', { text: "%' OR 1=1 --" }, []],
		['a state', { state: 'outside' }, ['hand.example']],
		['a tag', { tag: 'pilot' }, ['beta.example']],
		['problems first', { order: 'problems' }, ['hand.example', 'beta.example', 'gamma.example', 'alpha.example']],
		['the latest first', { order: 'saved' }, ['gamma.example', 'beta.example', 'alpha.example', 'hand.example']],
		['visible domains', { visible: { names: ['gamma.example', 'none.example'], tag: null } }, ['gamma.example']],
		['a visible tag', { visible: { names: null, tag: 'customer:4' }, order: 'saved' }, ['beta.example']],
	])('finds %s, on pages of any size', (_, search, domains) =>
		run(async ({ platform }) => {
			const directory = new DirectoryKeeper(platform, { historyDays: 10 });
			const soon = new Date(platform.clock.now() + 5 * DAY_MS).toISOString().slice(0, 10);
			const healthy = { warnings: 0, fallbackEnds: null };
			await directory.updateEntry(
				update('alpha.example', { at: 1, tags: ['customer:42'], attention: { ...healthy, fallbackEnds: '9999-01-01' } }),
			);
			await directory.updateEntry(update('beta.example', { at: 2, tags: ['customer:4', 'pilot'], attention: { ...healthy, warnings: 2 } }));
			await directory.updateEntry(update('gamma.example', { at: 3, attention: { ...healthy, fallbackEnds: soon } }));
			await directory.updateEntry(update('hand.example', { state: 'outside', revision: 0 }));
			for (const limit of [1, 2, 10]) {
				const seen: string[] = [];
				for (let after: string | null = ''; after !== null; ) {
					const page = await directory.searchEntries({ ...SEARCH, ...search, after, limit });
					expect(page.total).toBe(domains.length);
					seen.push(...page.entries.map(({ domain }) => domain));
					after = page.next;
				}
				expect(seen).toEqual(domains);
			}
		}),
	);

	it('counts a warning for an alias as long as its target is gone', () =>
		run(async ({ platform }) => {
			const directory = new DirectoryKeeper(platform, { historyDays: 10 });
			const healthy = { warnings: 0, fallbackEnds: null };
			await directory.updateEntry(update('alias.example', { aliasOf: 'target.example', attention: healthy }));
			await directory.updateEntry(update('other.example', { attention: healthy }));
			const warnings = async () => {
				const { entries } = await directory.searchEntries({ ...SEARCH, state: 'live', order: 'problems' });
				return entries.map((entry) => [entry.domain, entry.warnings]);
			};
			const broken = [
				['alias.example', 1],
				['other.example', 0],
			];
			expect(await warnings()).toEqual(broken);
			await directory.updateEntry(update('target.example', { attention: healthy }));
			expect(await warnings()).toEqual([
				['alias.example', 0],
				['other.example', 0],
				['target.example', 0],
			]);
			await directory.updateEntry(update('target.example', { revision: 2, state: 'deleted', attention: null }));
			expect(await warnings()).toEqual(broken);
		}));

	it('takes nothing back when an older update arrives later, but its line in the audit trail', () =>
		run(async ({ platform }) => {
			const directory = new DirectoryKeeper(platform, { historyDays: 10 });
			const line = (revision: number) =>
				({ revision, at: platform.clock.now(), author: 'ada', token: null, act: 'put', note: '', tags: [] }) as const;
			await directory.updateEntry(update('a.example', { revision: 2, tags: ['new'], revisions: [line(2)] }));
			await directory.updateEntry(update('a.example', { revision: 1, tags: ['old'], revisions: [line(1)] }));
			expect((await directory.listEntries(ALL)).entries).toMatchObject([{ revision: 2, tags: ['new'] }]);
			expect((await directory.listEntries({ ...ALL, tag: 'old' })).entries).toEqual([]);
			expect((await directory.readAudit({ visible: { names: null, tag: null }, since: 0, before: null, limit: 10 })).entries).toHaveLength(
				2,
			);
		}));

	it('keeps a line of the audit trail once, for the days it is told to, and shows those of the domains asked for', () =>
		run(async ({ platform, advance }) => {
			const directory = new DirectoryKeeper(platform, { historyDays: 10 });
			const now = platform.clock.now();
			await directory.appendAudit([auditMessage(1, now), auditMessage(2, now + DAY_MS), auditMessage(3, now, 'b.example')]);
			await directory.appendAudit([auditMessage(1, now)]);
			const read = async (domains: readonly string[] | null) =>
				(await directory.readAudit({ visible: { names: domains, tag: null }, since: 0, before: null, limit: 10 })).entries.map(
					({ detail }) => detail,
				);
			expect(await read(null)).toEqual(['line 2', 'line 3', 'line 1']);
			expect(await read(['b.example'])).toEqual(['line 3']);
			expect(await read([])).toEqual([]);
			await advance(10 * DAY_MS + 1);
			expect(await read(null)).toEqual(['line 2']);
		}));

	it('knows the aliases of a domain, and whether it may know too few of them', () =>
		run(async ({ platform }) => {
			const directory = new DirectoryKeeper(platform, { historyDays: 10 });
			await directory.updateEntry(update('target.example'));
			for (const name of ['a.example', 'b.example', 'c.example']) await directory.updateEntry(update(name, { aliasOf: 'target.example' }));
			await directory.updateEntry(update('c.example', { state: 'deleted', revision: 2, aliasOf: null }));
			const query = { after: '', limit: 1, visible: { names: null, tag: null } };
			expect(await directory.listAliases('target.example', query)).toEqual({
				aliases: ['a.example'],
				hidden: 0,
				unknown: 0,
				next: 'a.example',
			});
			expect((await directory.listAliases('target.example', { ...query, after: 'a.example' })).aliases).toEqual(['b.example']);
			const visible = { ...query, visible: { names: ['b.example', 'target.example'], tag: null } };
			expect(await directory.listAliases('target.example', visible)).toEqual({ aliases: ['b.example'], hidden: 1, unknown: 0, next: null });
			// As an earlier release has left them.
			platform.sql.execute("UPDATE entries SET aliasOf = NULL WHERE domain = 'a.example'");
			expect(await directory.listAliases('target.example', { ...query, limit: 10 })).toMatchObject({ aliases: ['b.example'], unknown: 1 });
		}));
}
