/** The contract of the token keeper on every platform. */
import { expect, it } from 'vitest';
import { TokenKeeper } from '../../../src/store/objects/token-keeper.ts';
import type { AuditMessage } from '../../../src/store/ports/directory.ts';
import type { HashedToken } from '../../../src/store/ports/tokens.ts';
import type { Outage, PlatformUnderTest, RunOnPlatform } from './platform-under-test.ts';

const OPERATOR = { who: 'operator', token: null } as const;

function startKeeper({ platform }: PlatformUnderTest) {
	let count = 0;
	const audit: AuditMessage[] = [];
	const directory: Outage = { isDown: false };
	const appendAudit = async (lines: readonly AuditMessage[]) => {
		if (directory.isDown) throw new Error('the directory is down');
		audit.push(...lines);
	};
	const newId = () => {
		count += 1;
		return `id-${count}`;
	};
	const restart = () => new TokenKeeper(platform, { limits: { historyDays: 3650 }, directory: { appendAudit }, newId });
	const token = (more: Partial<HashedToken> = {}): HashedToken => ({
		hash: `hash-${count + 1}`,
		name: 'deploy',
		role: 'write',
		domains: ['a.example'],
		tag: null,
		createdBy: 'operator',
		parent: null,
		expiresAt: platform.clock.now() + 1000,
		claim: null,
		act: 'mint',
		...more,
	});
	return { keeper: restart(), restart, token, audit, directory };
}

export function describeTokenKeeper(run: RunOnPlatform): void {
	it('finds a token by its hash and its id until it expires', () =>
		run(async (world) => {
			const { keeper, token } = startKeeper(world);
			const created = await keeper.create(token());
			expect(await keeper.findByHash('hash-1')).toEqual(created);
			expect(await keeper.findById(created.id)).toEqual({ ...created, usedAt: world.platform.clock.now() });
			expect(await keeper.findByHash('other')).toBeNull();
			await world.advance(1000);
			expect(await keeper.findByHash('hash-1')).toBeNull();
		}));

	it('keeps the tag of a token through all that come from it, and ends a line that is bound otherwise', () =>
		run(async (world) => {
			const { keeper, token, audit } = startKeeper(world);
			const byTag = { domains: [], tag: 'access:sales' };
			const root = await keeper.create(token(byTag));
			const same = await keeper.create(token({ ...byTag, hash: 'same', parent: root.id }));
			const named = await keeper.create(token({ hash: 'named', parent: same.id }));
			expect(await keeper.findById(root.id)).toMatchObject({ domains: [], tag: 'access:sales', requiredTag: 'access:sales' });
			expect(await keeper.findById(named.id)).toMatchObject({ domains: ['a.example'], tag: null, requiredTag: 'access:sales' });
			const other = await keeper.create(token({ ...byTag, tag: 'access:other', hash: 'other', parent: root.id }));
			const fromNames = await keeper.create(token({ ...byTag, hash: 'from-names', parent: named.id }));
			expect([await keeper.findById(other.id), await keeper.findById(fromNames.id)]).toEqual([null, null]);
			expect(audit[0]).toMatchObject({ domain: null, detail: 'write token id-1 (deploy), for the tag access:sales' });
		}));

	it('says when it was used last, to the hour, and counts nobody who only looks it up', () =>
		run(async (world) => {
			const { keeper, token } = startKeeper(world);
			const hour = 3_600_000;
			const { id } = await keeper.create(token({ expiresAt: world.platform.clock.now() + 10 * hour }));
			const usedAt = async () => (await keeper.findById(id))?.usedAt;
			expect(await usedAt()).toBeNull();
			const first = world.platform.clock.now();
			await keeper.findByHash('hash-1');
			expect(await usedAt()).toBe(first);
			await world.advance(hour - 1);
			await keeper.findByHash('hash-1');
			expect(await usedAt()).toBe(first);
			await world.advance(1);
			await keeper.findByHash('hash-1');
			expect(await usedAt()).toBe(first + hour);
		}));

	it('ends with its ancestors', () =>
		run(async (world) => {
			const { keeper, token } = startKeeper(world);
			const parent = await keeper.create(token());
			const child = await keeper.create(token({ parent: parent.id }));
			const grandchild = await keeper.create(token({ parent: child.id }));
			expect(await keeper.findById(grandchild.id)).not.toBeNull();
			await keeper.revoke(parent.id, OPERATOR);
			for (const { id } of [parent, child, grandchild]) expect(await keeper.findById(id)).toBeNull();
		}));

	it('is revoked and audited once for each of its domains, however often it is revoked', () =>
		run(async (world) => {
			const { keeper, token, audit } = startKeeper(world);
			const { id } = await keeper.create(token({ domains: ['a.example', 'b.example'] }));
			expect(await keeper.revoke(id, OPERATOR)).toBe(true);
			expect(await keeper.revoke(id, OPERATOR)).toBe(true);
			expect(await keeper.revoke('nothing', OPERATOR)).toBe(false);
			expect(audit.map(({ act, domain, seq }) => [act, domain, seq])).toEqual([
				['mint', 'a.example', 1],
				['mint', 'b.example', 2],
				['revoke', 'a.example', 3],
				['revoke', 'b.example', 4],
			]);
			expect(await world.readAlarm()).toBeNull();
		}));

	it('is created while the directory is down; its audit line follows, after a restart too', () =>
		run(async (world) => {
			const { keeper, restart, token, audit, directory } = startKeeper(world);
			directory.isDown = true;
			await keeper.create(token());
			expect(audit).toEqual([]);
			expect(world.logged).toEqual(['audit-owed']);
			expect(await world.readAlarm()).toBe(world.platform.clock.now() + 5000);
			directory.isDown = false;
			await restart().alarm();
			expect(audit).toMatchObject([{ act: 'mint', source: 'tokens', seq: 1 }]);
			expect(await world.readAlarm()).toBeNull();
		}));

	it('is listed for whoever created it, page by page', () =>
		run(async (world) => {
			const { keeper, token } = startKeeper(world);
			const parent = await keeper.create(token());
			await keeper.create(token({ parent: parent.id }));
			await keeper.create(token({ createdBy: 'ada' }));
			const ids = async (...query: Parameters<TokenKeeper['list']>) => (await keeper.list(...query)).tokens.map(({ id }) => id);
			expect(await ids({ kind: 'all' }, '', 10)).toEqual(['id-1', 'id-2', 'id-3']);
			expect(await ids({ kind: 'all' }, 'id-1', 1)).toEqual(['id-2']);
			expect((await keeper.list({ kind: 'all' }, '', 2)).next).toBe('id-2');
			expect(await ids({ kind: 'created-by', actor: { who: 'ada', token: null } }, '', 10)).toEqual(['id-3']);
			expect(await ids({ kind: 'created-by', actor: { who: 'whoever', token: parent.id } }, '', 10)).toEqual(['id-2']);
		}));

	it('of a claim ends with the next claim, and with it all that were created with it', () =>
		run(async (world) => {
			const { keeper, token, audit } = startKeeper(world);
			const claim = (generation: number) =>
				keeper.create(token({ role: 'admin', createdBy: 'owner of a.example', claim: generation, act: 'claim' }));
			const first = await claim(1);
			const child = await keeper.create(token({ parent: first.id }));
			expect(await keeper.findById(child.id)).toMatchObject({ rootClaim: { domain: 'a.example', generation: 1 } });
			const other = await keeper.create(token({ domains: ['a.example', 'b.example'] }));
			const second = await claim(2);
			for (const { id } of [first, child]) expect(await keeper.findById(id)).toBeNull();
			for (const { id } of [other, second]) expect(await keeper.findById(id)).not.toBeNull();
			expect(audit.map(({ act }) => act)).toEqual(['claim', 'mint', 'mint', 'mint', 'revoke', 'claim']);
			expect(await keeper.hasClaimToken('a.example')).toBe(true);
			expect(await keeper.hasClaimToken('b.example')).toBe(false);
			await keeper.endClaim('a.example', 2, OPERATOR);
			expect(await keeper.findById(second.id)).toBeNull();
			expect(audit.at(-1)).toMatchObject({ act: 'release', domain: 'a.example' });
		}));

	it('goes on without a domain that was taken out of it, and so do those that were created with it', () =>
		run(async (world) => {
			const { keeper, token } = startKeeper(world);
			const parent = await keeper.create(token({ role: 'admin', domains: ['a.example', 'b.example'] }));
			const child = await keeper.create(token({ parent: parent.id, domains: ['a.example', 'b.example'] }));
			const narrow = await keeper.create(token({ parent: parent.id, domains: ['a.example'] }));
			const ids = async () => (await keeper.list({ kind: 'domain', domain: 'a.example' }, '', 10)).tokens.map(({ id }) => id);
			expect(await ids()).toEqual([parent.id, child.id, narrow.id]);
			expect(await keeper.withdraw(parent.id, 'a.example', OPERATOR)).toBe(true);
			expect(await keeper.withdraw(parent.id, 'a.example', OPERATOR)).toBe(false);
			expect((await keeper.findById(parent.id))?.domains).toEqual(['b.example']);
			expect((await keeper.findById(child.id))?.domains).toEqual(['b.example']);
			expect(await keeper.findById(narrow.id)).toBeNull();
			expect(await ids()).toEqual([child.id, narrow.id]);
			expect(await keeper.withdraw(parent.id, 'b.example', OPERATOR)).toBe(true);
			expect(await keeper.findById(child.id)).toBeNull();
		}));

	it('whose creator is not there is not valid: nobody can say whether that one was revoked', () =>
		run(async (world) => {
			const { keeper, token } = startKeeper(world);
			const orphan = { ...token({ parent: 'not restored' }), id: 'id-9', createdAt: 0, revokedAt: null, usedAt: null };
			const { act: _, ...kept } = orphan;
			expect(await keeper.restoreToken(kept, false)).toBe('created');
			expect(await keeper.findById('id-9')).toBeNull();
		}));
}
