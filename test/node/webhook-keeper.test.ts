/** The keeper of the webhooks: who is told of what, when it is tried again, and what happens when something breaks in between. */
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import type { RecordAct } from '../../src/contract/acts.ts';
import { MAX_WAITING_MESSAGES, MAX_WEBHOOKS_PER_OWNER } from '../../src/contract/limits.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/lib/time.ts';
import { DirectoryKeeper } from '../../src/store/objects/directory/directory-keeper.ts';
import { RETRY_WAITS_MS } from '../../src/store/objects/webhooks/webhook-deliveries.ts';
import { createTestClock } from '../store/contract/platform-under-test.ts';
import { createWebhookWorld, newWebhook, WEBHOOK_SECRET } from '../support/webhook-world.ts';
import { openNodeSqlite } from './node-sqlite-platform.ts';

const START = Date.parse('2026-11-28T12:00:00Z');
const OPERATOR = { who: 'operator', token: null };
const TOKEN_OWNER = { who: 'Own', token: 't1', account: 'token t1', visible: { names: ['own.example'], tag: null } };

interface SaveOptions {
	readonly act?: RecordAct;
	readonly tags?: readonly string[];
	readonly at?: number;
}

function createBench() {
	const clock = createTestClock(START);
	const database = openNodeSqlite(':memory:');
	const logged: string[] = [];
	const platform = { ...database, clock, log: (code: string) => void logged.push(code) };
	const openDirectory = () => new DirectoryKeeper({ sql: openNodeSqlite(':memory:').sql, clock }, { historyDays: 3650 });
	const directory = {
		current: openDirectory(),
		isDown: false,
		lose() {
			directory.current = openDirectory();
		},
	};
	const call = () => {
		if (directory.isDown) throw new Error('the directory is down');
		return directory.current;
	};
	const world = createWebhookWorld(platform, {
		watchRecords: async () => call().watchRecords(),
		unwatchRecords: async () => call().unwatchRecords(),
		readRecordEvents: async (after, limit) => call().readRecordEvents(after, limit),
		appendAudit: async (lines) => call().appendAudit(lines),
	});
	/** Tells the directory of a revision, as a record's keeper does. */
	async function tellDirectory(name: string, revision: number, { act = 'put', tags = [], at = clock.now() }: SaveOptions = {}) {
		const line = { revision, at, author: 'operator', token: null, act, note: '', tags };
		const state = act === 'delete' ? ('deleted' as const) : ('live' as const);
		await directory.current.updateEntry({
			name,
			revision,
			state,
			tags,
			at,
			attention: null,
			aliasOf: null,
			digest: null,
			revisions: [line],
		});
	}
	/** A line about a check that got worse, as the keeper of the record sends it, and the poke that follows. */
	async function worsen(name: string, source: string, at = clock.now()) {
		const detail = 'mail: A to D, dns: B to – (A at best)';
		await directory.current.appendAudit([{ at, who: 'Monitor', token: 't9', act: 'check-worsened', domain: name, detail, source, seq: 1 }]);
		await world.start().recordsChanged();
	}
	/** Lets the alarm go off, each time in a new instance, for so many milliseconds. */
	async function run(milliseconds: number): Promise<void> {
		const end = clock.now() + milliseconds;
		for (let at = database.readAlarm(); at !== null && at <= end; at = database.readAlarm()) {
			await clock.advance(Math.max(0, at - clock.now()));
			await world.start().alarm();
		}
		await clock.advance(Math.max(0, end - clock.now()));
	}
	/** A change, and the poke that follows it. */
	async function save(...change: Parameters<typeof tellDirectory>): Promise<void> {
		await tellDirectory(...change);
		await world.start().recordsChanged();
	}
	async function create(changed: Parameters<typeof newWebhook>[0] = {}): Promise<string> {
		const created = await world.start().create(newWebhook(changed));
		if (created === null) throw new Error('the webhook was not created');
		return created.id;
	}
	const bodies = () => world.received.map(({ body }) => JSON.parse(body));
	const told = () => bodies().map(({ type, data }) => `${type} ${data.domain}:${data.revision}`);
	const auditOf = async () => {
		const { entries } = await directory.current.readAudit({ visible: { names: null, tag: null }, since: 0, before: null, limit: 100 });
		return entries.filter(({ act }) => act.endsWith('-webhook')).map(({ act, who, detail }) => `${act} by ${who}: ${detail}`);
	};
	return { clock, database, directory, logged, world, run, save, worsen, tellDirectory, create, bodies, told, auditOf };
}

describe('what is told', () => {
	it('each revision from then on, once, with nothing of the record', async () => {
		const { create, save, run, world, bodies, told } = createBench();
		await save('a.example', 1);
		await create();
		await save('a.example', 2);
		await save('a.example', 3, { act: 'delete' });
		await save('b.example', 1, { act: 'import' });
		await run(10 * SECOND_MS);
		expect(told().toSorted()).toEqual(['record.deleted a.example:3', 'record.saved a.example:2', 'record.saved b.example:1']);
		// The three are sent side by side, and arrive in any order.
		expect(bodies()).toContainEqual({
			type: 'record.saved',
			timestamp: new Date(START).toISOString(),
			data: { domain: 'a.example', revision: 2, act: 'put', by: 'operator' },
		});
		const ids = world.received.map(({ headers }) => headers['webhook-id']);
		expect(new Set(ids).size).toBe(3);
		for (const id of ids) expect(id).toMatch(/^msg_[0-9a-f]{32}$/);
		await run(DAY_MS);
		expect(told()).toHaveLength(3);
	});

	it('is verified by another library with the secret, and with no other', async () => {
		const { create, save, run, world } = createBench();
		await create();
		await save('a.example', 1);
		await run(10 * SECOND_MS);
		const [received] = world.received;
		if (received === undefined) throw new Error('nothing was received');
		// The library compares the time with the real clock.
		const timestamp = Number(received.headers['webhook-timestamp']) * SECOND_MS;
		expect(timestamp).toBe(received.at);
		const verify = (secret: string) => new Webhook(secret).sign(received.headers['webhook-id'] ?? '', new Date(timestamp), received.body);
		expect(verify(WEBHOOK_SECRET)).toBe(received.headers['webhook-signature']);
		expect(verify('whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')).not.toBe(received.headers['webhook-signature']);
	});

	it('the events that were asked for', async () => {
		const { create, save, run, told } = createBench();
		await create({ events: ['record.deleted'] });
		await save('a.example', 1);
		await save('a.example', 2, { act: 'delete' });
		await run(10 * SECOND_MS);
		expect(told()).toEqual(['record.deleted a.example:2']);
	});

	it('a removed copy that was adopted is a deletion, and a restored record is saved', async () => {
		const { create, run, world, told, directory } = createBench();
		await create();
		const line = { revision: 1, at: START, author: 'operator', token: null, act: 'adopt', note: '', tags: [] } as const;
		const update = {
			name: 'a.example',
			revision: 1,
			state: 'deleted',
			tags: [],
			at: START,
			attention: null,
			aliasOf: null,
			digest: null,
		} as const;
		await directory.current.updateEntry({ ...update, revisions: [line] });
		await world.start().recordsChanged();
		await run(10 * SECOND_MS);
		expect(told()).toEqual(['record.deleted a.example:1']);
	});

	it('the records that the owner could see then, and may see when it is sent', async () => {
		const { create, save, run, world, told } = createBench();
		await create({ owner: TOKEN_OWNER });
		await create({ owner: { ...TOKEN_OWNER, token: 't2', visible: { names: null, tag: 'access:sales' } } });
		await save('own.example', 1);
		await save('foreign.example', 1);
		await save('tagged.example', 1, { tags: ['access:sales'] });
		await run(10 * SECOND_MS);
		expect(told().toSorted()).toEqual(['record.saved own.example:1', 'record.saved tagged.example:1']);
		world.access = () => 'refused';
		await save('own.example', 2);
		await run(DAY_MS);
		expect(told()).toHaveLength(2);
	});

	it('nothing where the token has ended, which is audited and disables it', async () => {
		const { create, save, run, world, auditOf } = createBench();
		const id = await create({ owner: TOKEN_OWNER });
		world.access = () => 'ended';
		await save('own.example', 1);
		await run(10 * SECOND_MS);
		expect(world.received).toEqual([]);
		expect(await world.start().find(id)).toMatchObject({ disabledReason: 'owner-ended', waiting: 0, dropped: 1 });
		expect(await auditOf()).toContain(`disable-webhook by Own: webhook ${id} to hooks.example.net, owner-ended`);
	});

	it('not again after the directory was lost and put together anew, nor of what was long ago', async () => {
		const { create, save, run, told, directory } = createBench();
		await create();
		await save('a.example', 1);
		await save('b.example', 1);
		await run(10 * SECOND_MS);
		directory.lose();
		await save('a.example', 2);
		for (const name of ['b.example', 'a.example']) await save(name, 1, { at: START });
		await save('old.example', 1, { at: START - 2 * DAY_MS });
		await run(10 * MINUTE_MS);
		expect(told().toSorted()).toEqual(['record.saved a.example:1', 'record.saved a.example:2', 'record.saved b.example:1']);
		// The new directory is watched as well.
		expect(directory.current.areRecordsWatched()).toBe(true);
	});

	it('a change of which nobody told it, within minutes', async () => {
		const { create, run, told, tellDirectory } = createBench();
		await create();
		await tellDirectory('a.example', 1);
		await run(6 * MINUTE_MS);
		expect(told()).toEqual(['record.saved a.example:1']);
	});

	it('every change of a long import', async () => {
		const { create, run, world, told, tellDirectory } = createBench();
		await create();
		for (let at = 0; at < 450; at++) await tellDirectory(`d${at}.example`, 1, { act: 'import' });
		await world.start().recordsChanged();
		await run(10 * MINUTE_MS);
		expect(new Set(told()).size).toBe(450);
		expect(told()).toHaveLength(450);
	});
});

describe('a check that got worse', () => {
	it('is told once, with the grades and nothing of the record, also after the directory was lost and put together anew', async () => {
		const { create, save, worsen, run, bodies, world, directory } = createBench();
		const id = await create({ events: ['check.worsened'] });
		await save('a.example', 1);
		await worsen('a.example', 'check one');
		await run(10 * SECOND_MS);
		const areas = [
			{ area: 'mail', from: 'A', to: 'D', atBest: 'D' },
			{ area: 'dns', from: 'B', to: null, atBest: 'A' },
		];
		const message = { type: 'check.worsened', timestamp: new Date(START).toISOString(), data: { domain: 'a.example', areas, by: 'token' } };
		expect(bodies()).toEqual([message]);
		expect(world.received[0]?.headers['webhook-id']).toMatch(/^msg_[0-9a-f]{32}$/);
		const told = { type: 'check.worsened', domain: 'a.example', revision: null, status: 204 };
		expect(await world.start().listDeliveries(id)).toMatchObject([told]);
		directory.lose();
		await save('a.example', 1, { at: START });
		await worsen('a.example', 'check one', START);
		await worsen('a.example', 'check old', START - 2 * DAY_MS);
		await run(10 * MINUTE_MS);
		expect(bodies()).toEqual([message]);
		// Another check with the same result, after one that was better in between.
		await worsen('a.example', 'check two');
		await run(10 * SECOND_MS);
		expect(bodies()).toHaveLength(2);
		expect(new Set(world.received.map(({ headers }) => headers['webhook-id'])).size).toBe(2);
	});

	it('is tried again, and keeps that it is about no revision', async () => {
		const { create, worsen, run, world } = createBench();
		const id = await create();
		world.answer = () => 500;
		await worsen('a.example', 'check one');
		await run(10 * SECOND_MS);
		const deliveries = await world.start().listDeliveries(id);
		expect(deliveries.map(({ attempt, revision }) => [attempt, revision])).toEqual([
			[2, null],
			[1, null],
		]);
	});

	it('is told to those who may see the record, and not to a webhook for other events', async () => {
		const { create, save, worsen, run, world } = createBench();
		const tagged = { ...TOKEN_OWNER, token: 't2', visible: { names: null, tag: 'access:sales' } };
		await create({ url: 'https://own.example.net/', owner: TOKEN_OWNER });
		await create({ url: 'https://tagged.example.net/', owner: tagged });
		await create({ url: 'https://saves.example.net/', events: ['record.saved', 'record.deleted'] });
		await save('tagged.example', 1, { tags: ['access:sales'] });
		for (const name of ['own.example', 'foreign.example', 'tagged.example']) await worsen(name, `check ${name}`);
		await run(10 * SECOND_MS);
		const told = world.received.map(({ url, body }) => `${new URL(url).hostname} ${JSON.parse(body).type} ${JSON.parse(body).data.domain}`);
		expect(told.toSorted()).toEqual([
			'own.example.net check.worsened own.example',
			'saves.example.net record.saved tagged.example',
			'tagged.example.net check.worsened tagged.example',
			'tagged.example.net record.saved tagged.example',
		]);
		world.access = () => 'refused';
		await worsen('own.example', 'check later');
		await run(DAY_MS);
		expect(world.received).toHaveLength(4);
	});
});

describe('a receiver that fails', () => {
	it.each([
		['a redirect', 302],
		['an error', 500],
		['no answer in time', 'timeout'],
		['no connection', 'no-connection'],
	] as const)('%s: is tried again at the times of the specification, and then given up', async (_, answer) => {
		const { create, save, run, world } = createBench();
		const id = await create();
		world.answer = () => answer;
		await save('a.example', 1);
		await run(30 * HOUR_MS);
		const times = world.received.map(({ at }) => at);
		expect(times.slice(1).map((at, index) => at - (times[index] ?? 0))).toEqual([...RETRY_WAITS_MS]);
		expect(new Set(world.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
		// Receivers refuse old messages: each attempt has a time of its own.
		expect(new Set(world.received.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(times.length);
		const webhook = await world.start().find(id);
		expect(webhook).toMatchObject({ waiting: 0, dropped: 1, failingSince: times[0], disabledAt: null });
		const [last, ...earlier] = await world.start().listDeliveries(id);
		const [status, failure] = typeof answer === 'number' ? [answer, null] : [null, answer];
		expect(last).toMatchObject({ domain: 'a.example', revision: 1, attempt: 8, status, failure, nextAt: null });
		expect(earlier.map(({ attempt, nextAt }) => [attempt, nextAt])).toEqual(
			times
				.slice(1)
				.map((at, index) => [index + 1, at])
				.toReversed(),
		);
	});

	it('that comes back is told what it has missed', async () => {
		const { create, save, run, world } = createBench();
		const id = await create();
		world.answer = () => 503;
		await save('a.example', 1);
		await save('b.example', 1);
		await run(HOUR_MS);
		const attempts = world.received.length;
		world.answer = () => 200;
		await run(3 * HOUR_MS);
		const domains = world.received.slice(attempts).map(({ body }) => JSON.parse(body).data.domain);
		expect(domains.toSorted()).toEqual(['a.example', 'b.example']);
		expect(await world.start().find(id)).toMatchObject({ failingSince: null, waiting: 0, dropped: 0 });
	});

	it('is disabled after five days of nothing else, and told again once it is enabled', async () => {
		const { create, save, run, world, told, auditOf, directory } = createBench();
		const id = await create();
		world.answer = () => 500;
		for (let day = 0; day < 4; day++) {
			await save('a.example', day + 1);
			await run(DAY_MS);
		}
		expect(await world.start().find(id)).toMatchObject({ disabledAt: null });
		for (let day = 4; day < 6; day++) {
			await save('a.example', day + 1);
			await run(DAY_MS);
		}
		expect(await world.start().find(id)).toMatchObject({ disabledReason: 'failed', waiting: 0 });
		const attempts = told().length;
		await save('a.example', 7);
		await run(DAY_MS);
		expect(told()).toHaveLength(attempts);
		// Nobody wants to be told any more: saves cost what they cost without webhooks.
		expect(directory.current.areRecordsWatched()).toBe(false);
		world.answer = () => 200;
		await world.start().enable(id, OPERATOR);
		await save('a.example', 8);
		await run(10 * SECOND_MS);
		expect(told().slice(attempts)).toEqual(['record.saved a.example:8']);
		expect((await auditOf()).map((line) => line.split(' ')[0]).toReversed()).toEqual(['add-webhook', 'disable-webhook', 'enable-webhook']);
	});

	it('that answers 410 is disabled at once', async () => {
		const { create, save, run, world } = createBench();
		const id = await create();
		world.answer = () => 410;
		await save('a.example', 1);
		await run(DAY_MS);
		expect(world.received).toHaveLength(1);
		expect(await world.start().find(id)).toMatchObject({ disabledReason: 'gone' });
	});

	it('does not hold up others, and gets no flood', async () => {
		const { create, run, world, tellDirectory } = createBench();
		const dead = 'https://dead.example.net/';
		await create({ url: dead });
		await create();
		world.answer = (url) => (url === dead ? 'timeout' : 204);
		for (let at = 0; at < 100; at++) await tellDirectory(`d${at}.example`, 1);
		await world.start().recordsChanged();
		await run(MINUTE_MS);
		const [toDead, toOther] = [true, false].map((isDead) => world.received.filter(({ url }) => (url === dead) === isDead).length);
		expect(toOther).toBe(100);
		// The first four go out together; then one a minute at most.
		expect(toDead).toBeLessThanOrEqual(6);
	});

	it('has a limited number of messages waiting', async () => {
		const { create, run, world, database, tellDirectory } = createBench();
		const id = await create();
		const row = 'INSERT INTO messages (webhook, id, type, domain, revision, body, attempts, nextAt) VALUES (?, ?, ?, ?, 1, ?, 0, ?)';
		database.sql.transaction(() => {
			for (let at = 1; at < MAX_WAITING_MESSAGES; at++)
				database.sql.execute(row, id, `m${at}`, 'record.saved', 'a.example', '{}', START + DAY_MS);
		});
		world.answer = () => 500;
		for (const name of ['a.example', 'b.example', 'c.example']) await tellDirectory(name, 1);
		await world.start().recordsChanged();
		await run(2 * SECOND_MS);
		expect(await world.start().find(id)).toMatchObject({ waiting: MAX_WAITING_MESSAGES, dropped: 2 });
	});
});

describe('what breaks in between', () => {
	it('an end of the process before the answer: the message is sent again, under the same id', async () => {
		const { create, save, run, world, database, clock } = createBench();
		await create();
		await save('a.example', 1);
		world.during = () => new Promise(() => undefined);
		await clock.advance((database.readAlarm() ?? 0) - clock.now());
		void world.start().alarm();
		await clock.advance(0);
		while (world.received.length === 0) await new Promise((resolve) => setImmediate(resolve));
		world.during = async () => undefined;
		await run(5 * MINUTE_MS);
		expect(world.received).toHaveLength(2);
		expect(new Set(world.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
	});

	it('a directory that is down: it is asked again', async () => {
		const { create, save, run, told, logged, directory } = createBench();
		await create();
		await save('a.example', 1);
		directory.isDown = true;
		await run(5 * MINUTE_MS);
		expect(told()).toEqual([]);
		expect(logged).toContain('webhooks-owed');
		directory.isDown = false;
		await run(MINUTE_MS);
		expect(told()).toEqual(['record.saved a.example:1']);
	});

	it('a keeper that cannot say what the owner may see: that is no failure of the receiver', async () => {
		const { create, save, run, world, told } = createBench();
		const id = await create();
		world.access = () => {
			throw new Error('the keeper is down');
		};
		await save('a.example', 1);
		await run(HOUR_MS);
		expect(await world.start().find(id)).toMatchObject({ waiting: 1, failingSince: null });
		world.access = () => 'allowed';
		await run(MINUTE_MS);
		expect(told()).toEqual(['record.saved a.example:1']);
	});

	it('a webhook that is removed while a message is under way stays removed', async () => {
		const { create, save, run, world } = createBench();
		const id = await create();
		await save('a.example', 1);
		world.during = async () => void (await world.start().remove(id, OPERATOR));
		await run(DAY_MS);
		expect(await world.start().find(id)).toBeNull();
		expect(await world.start().listDeliveries(id)).toEqual([]);
		expect(world.received).toHaveLength(1);
	});
});

describe('a test', () => {
	it('is sent at once, also to one that is disabled, and counts neither way', async () => {
		const { create, world, clock, save, run } = createBench();
		const id = await create();
		world.answer = () => 410;
		await save('a.example', 1);
		await run(10 * SECOND_MS);
		world.answer = () => 200;
		expect(await world.start().sendTest(id)).toMatchObject({ type: 'webhook.test', domain: null, status: 200, nextAt: null });
		expect(await world.start().sendTest(id)).toBe('too-soon');
		await clock.advance(10 * SECOND_MS);
		world.answer = () => 500;
		expect(await world.start().sendTest(id)).toMatchObject({ status: 500 });
		expect(await world.start().find(id)).toMatchObject({ disabledReason: 'gone' });
		expect(await world.start().sendTest('no-such-webhook')).toBeNull();
	});
});

it('an owner has a limited number of webhooks, and others have theirs', async () => {
	const { create, world } = createBench();
	for (let at = 0; at < MAX_WEBHOOKS_PER_OWNER; at++) await create();
	expect(await world.start().create(newWebhook())).toBeNull();
	const other = await create({ owner: TOKEN_OWNER });
	expect((await world.start().list({ who: 'Own', token: 't1' }, '', 10)).webhooks.map(({ id }) => id)).toEqual([other]);
	expect((await world.start().list(OPERATOR, '', 100)).webhooks).toHaveLength(MAX_WEBHOOKS_PER_OWNER);
	const page = await world.start().list(null, '', 5);
	expect([page.webhooks.length, page.next]).toEqual([5, page.webhooks.at(-1)?.id]);
	expect(JSON.stringify(page)).not.toContain('whsec_');
});
