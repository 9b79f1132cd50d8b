import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Domain } from '../../../src/model/names.ts';
import type { DomainRecord } from '../../../src/model/record.ts';
import { candidateKeys } from '../../../src/model/record-key.ts';
import { parseStored, renderStored } from '../../../src/model/stored-record.ts';
import { createKvRecords, type KvReader } from '../../../src/store/kv/kv-records.ts';
import { renderWildcardList, WILDCARD_LIST_KEY } from '../../../src/store/ports/wildcard-list.ts';
import { domain } from '../../support/valid-names.ts';

const RECORD = { kind: 'domain', provider: { name: 'Example' }, services: {} } as const satisfies DomainRecord;

/** A KV that counts its reads. */
function fakeKvReader(values: Readonly<Record<string, unknown>>): { readonly kv: KvReader; readonly asked: string[][] } {
	const asked: string[][] = [];
	return {
		asked,
		kv: {
			async get(keys) {
				asked.push(keys);
				return new Map(keys.map((key) => [key, key in values ? JSON.stringify(values[key]) : null]));
			},
		},
	};
}

describe('candidateKeys', () => {
	it('goes from the name outward, in four steps at most', () => {
		expect(candidateKeys(domain('example.org'))).toEqual(['record:example.org', 'record:*']);
		expect(candidateKeys(domain('a.example.org'))).toEqual(['record:a.example.org', 'record:*.example.org', 'record:*']);
		expect(candidateKeys(domain('e.d.c.b.a.example.org'))).toEqual([
			'record:e.d.c.b.a.example.org',
			'record:*.d.c.b.a.example.org',
			'record:*.c.b.a.example.org',
			'record:*',
		]);
	});
});

describe('kvRecords', () => {
	const [own, host] = [domain('a.example.org'), domain('example.net')];

	it('asks for the name alone, then for the others and the list of wildcards, and without a list for each of them', async () => {
		const store = fakeKvReader({ 'record:example.net': RECORD });
		const found = await createKvRecords(store.kv, { absenceSeconds: 0, now: () => 0 }).find([own, host]);
		expect(found).toMatchObject({ ok: true, value: { domain: host, key: 'record:example.net' } });
		expect(store.asked).toEqual([
			['record:a.example.org'],
			['record:example.net', WILDCARD_LIST_KEY],
			['record:*.example.org', 'record:*'],
		]);
	});

	it('asks twice for an alias, and serves it under its own name', async () => {
		const store = fakeKvReader({ 'record:a.example.org': { kind: 'alias', of: 'example.net' }, 'record:example.net': RECORD });
		const found = await createKvRecords(store.kv, { absenceSeconds: 0, now: () => 0 }).find([own]);
		expect(found).toMatchObject({ ok: true, value: { domain: own, key: 'record:example.net' } });
		expect(store.asked.map((keys) => keys.length)).toEqual([1, 1]);
	});

	it('asks no more often for an alias with fields of its own, and finds the same object again', async () => {
		const alias = { kind: 'alias', of: 'example.net', provider: { name: 'Customer' } };
		const store = fakeKvReader({ 'record:a.example.org': alias, 'record:example.net': RECORD });
		const records = createKvRecords(store.kv, { absenceSeconds: 0, now: () => 0 });
		const [first, second] = [await records.find([own]), await records.find([own])];
		expect(first).toMatchObject({ ok: true, value: { key: 'record:example.net', record: { provider: { name: 'Customer' } } } });
		expect(store.asked.map((keys) => keys.length)).toEqual([1, 1, 1, 1]);
		expect(first.ok && second.ok && first.value.record === second.value.record).toBe(true);
	});

	const bad: readonly (readonly [string, Readonly<Record<string, unknown>>, object])[] = [
		['nothing', {}, { code: 'unknown-domain' }],
		[
			'an alias of nothing',
			{ 'record:a.example.org': { kind: 'alias', of: 'example.net' } },
			{ code: 'bad-record', key: 'record:a.example.org', path: 'of' },
		],
		[
			'an alias of an alias',
			{ 'record:a.example.org': { kind: 'alias', of: 'example.net' }, 'record:example.net': { kind: 'alias', of: 'example.org' } },
			{ code: 'bad-record', key: 'record:a.example.org', path: 'of' },
		],
		[
			'an alias of a broken record',
			{ 'record:a.example.org': { kind: 'alias', of: 'example.net' }, 'record:example.net': { kind: 'domain' } },
			{ code: 'bad-record', key: 'record:example.net', path: 'provider' },
		],
		// A wildcard must not hide that the operator's own record is broken.
		[
			'a broken record before a good wildcard',
			{ 'record:a.example.org': 7, 'record:*': RECORD },
			{ code: 'bad-record', key: 'record:a.example.org' },
		],
	];
	it.each(bad)('says what is wrong with %s', async (_, values, problem) => {
		expect(await createKvRecords(fakeKvReader(values).kv, { absenceSeconds: 0, now: () => 0 }).find([own])).toMatchObject({
			ok: false,
			error: problem,
		});
	});

	it('prefers the nearer record', async () => {
		const near = { ...RECORD, provider: { name: 'near' } };
		const names = async (values: Readonly<Record<string, unknown>>) => {
			const found = await createKvRecords(fakeKvReader(values).kv, { absenceSeconds: 0, now: () => 0 }).find([own]);
			return found.ok ? found.value.record.provider.name : found.error.code;
		};
		expect(await names({ 'record:a.example.org': near, 'record:*.example.org': RECORD, 'record:*': RECORD })).toBe('near');
		expect(await names({ 'record:*.example.org': near, 'record:*': RECORD })).toBe('near');
		expect(await names({ 'record:*': near })).toBe('near');
	});

	it('keeps the record as an object while its text stays the same', async () => {
		const values: Record<string, unknown> = { 'record:a.example.org': RECORD };
		const records = createKvRecords(fakeKvReader(values).kv, { absenceSeconds: 0, now: () => 0 });
		const record = async () => {
			const found = await records.find([own]);
			return found.ok ? found.value.record : null;
		};
		const first = await record();
		expect(await record()).toBe(first);
		values['record:a.example.org'] = { ...RECORD, provider: { name: 'changed' } };
		expect(await record()).not.toBe(first);
	});
});

describe('wildcards that do not exist, where there is no list', () => {
	const NAMES = ['a.example.org', 'b.example.org', 'c.example.org'].map(domain);

	/** The keys that were read for names that were asked for one after another. */
	async function keysRead(values: Record<string, unknown>, seconds: readonly number[], meanwhile: () => void = () => undefined) {
		const store = fakeKvReader(values);
		let time = 0;
		const records = createKvRecords(store.kv, { absenceSeconds: 5, now: () => time });
		const found: string[] = [];
		for (const [at, second] of seconds.entries()) {
			time = second * 1000;
			const result = await records.find([NAMES[at] ?? domain('example.com')]);
			found.push(result.ok ? result.value.foundUnder : result.error.code);
			meanwhile();
		}
		return { asked: store.asked, found };
	}
	const WILDCARDS = ['record:*.example.org', 'record:*'];
	const LIST = [WILDCARD_LIST_KEY];

	it('are asked for once: the next name costs its own key, of one operation', async () => {
		const { asked, found } = await keysRead({ 'record:b.example.org': RECORD }, [0, 1, 4.9]);
		expect(asked).toEqual([['record:a.example.org'], LIST, WILDCARDS, ['record:b.example.org'], ['record:c.example.org']]);
		expect(found).toEqual(['unknown-domain', 'record:b.example.org', 'unknown-domain']);
	});

	it('are asked for again when the time is over', async () => {
		const { asked } = await keysRead({}, [0, 5]);
		expect(asked).toEqual([['record:a.example.org'], LIST, WILDCARDS, ['record:b.example.org'], LIST, WILDCARDS]);
	});

	it('are found when they were written meanwhile, as soon as the time is over', async () => {
		const values: Record<string, unknown> = {};
		const write = () => {
			values['record:*'] = RECORD;
		};
		const { found } = await keysRead(values, [0, 1, 5], write);
		expect(found).toEqual(['unknown-domain', 'unknown-domain', 'record:*']);
	});

	it('hide none that exists: it is read with every name', async () => {
		const { asked, found } = await keysRead({ 'record:*': RECORD }, [0, 1]);
		expect(asked).toEqual([['record:a.example.org'], LIST, WILDCARDS, ['record:b.example.org'], ['record:*']]);
		expect(found).toEqual(['record:*', 'record:*']);
	});
});

describe('the list of wildcards', () => {
	const list = (...names: readonly ('*' | `*.${Domain}`)[]) => JSON.parse(renderWildcardList(names, 0));

	it('leaves those out that do not exist, for the name and for the host', async () => {
		const store = fakeKvReader({ [WILDCARD_LIST_KEY]: list() });
		const records = createKvRecords(store.kv, { absenceSeconds: 5, now: () => 0 });
		expect(await records.find([domain('a.example.org'), domain('b.example.net')])).toMatchObject({ ok: false });
		expect(await records.find([domain('c.example.com')])).toMatchObject({ ok: false });
		expect(store.asked).toEqual([['record:a.example.org'], ['record:b.example.net', WILDCARD_LIST_KEY], ['record:c.example.com']]);
	});

	it('is read by nobody who asks for a domain that has a record, or for a name that no wildcard covers', async () => {
		const store = fakeKvReader({ [WILDCARD_LIST_KEY]: list('*'), 'record:*': RECORD, 'record:a.example.org': RECORD });
		const records = createKvRecords(store.kv, { absenceSeconds: 5, now: () => 0 });
		await records.find([domain('a.example.org'), domain('b.example.net')]);
		await records.find([domain('autoconfig.example.net')]);
		expect(store.asked).toEqual([['record:a.example.org'], ['record:autoconfig.example.net']]);
	});

	it('is not waited for by a wildcard that was deleted meanwhile', async () => {
		const store = fakeKvReader({ [WILDCARD_LIST_KEY]: list('*') });
		const records = createKvRecords(store.kv, { absenceSeconds: 5, now: () => 0 });
		for (const name of ['a.example.org', 'b.example.org']) expect(await records.find([domain(name)])).toMatchObject({ ok: false });
		expect(store.asked).toEqual([['record:a.example.org'], [WILDCARD_LIST_KEY], ['record:*'], ['record:b.example.org']]);
	});

	it('changes no answer, whatever is recorded and asked for, in any order', async () => {
		const label = fc.constantFrom('a', 'b', 'autoconfig');
		const name = fc.array(label, { minLength: 0, maxLength: 3 }).map((labels) => domain([...labels, 'example', 'org'].join('.')));
		const wildcard = fc.oneof(
			fc.constant('*' as const),
			name.map((below): `*.${Domain}` => `*.${below}`),
		);
		const asked = fc.array(fc.array(name, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 6 });
		await fc.assert(
			fc.asyncProperty(
				fc.uniqueArray(name),
				fc.uniqueArray(wildcard),
				fc.uniqueArray(wildcard),
				asked,
				async (names, wildcards, gone, lookUps) => {
					const values = Object.fromEntries(
						[...names, ...wildcards].map((each) => [`record:${each}`, { ...RECORD, provider: { name: each } }]),
					);
					const withList = { ...values, [WILDCARD_LIST_KEY]: list(...new Set([...wildcards, ...gone])) };
					const [plain, quick] = [fakeKvReader(values), fakeKvReader(withList)];
					const [slowly, quickly] = [plain, quick].map(({ kv }) => createKvRecords(kv, { absenceSeconds: 5, now: () => 0 }));
					for (const [first, ...others] of lookUps) {
						if (first === undefined) continue;
						expect(await quickly?.find([first, ...others])).toEqual(await slowly?.find([first, ...others]));
					}
				},
			),
		);
	});
});

describe('parseStored', () => {
	it('takes a marked value as it is', () => {
		expect(parseStored(renderStored(RECORD, 7, []))).toEqual({ ok: true, value: { record: RECORD, revision: 7 } });
	});
	it('checks a value put by hand', () => {
		expect(parseStored(JSON.stringify(RECORD))).toEqual({ ok: true, value: { record: RECORD, revision: null } });
		expect(parseStored('{"kind":"domain"}')).toMatchObject({ ok: false, error: { path: 'provider' } });
		expect(parseStored('{')).toMatchObject({ ok: false, error: { reason: 'is not JSON' } });
		expect(parseStored('{"checked":1,"record":null}')).toMatchObject({ ok: false });
	});
});
