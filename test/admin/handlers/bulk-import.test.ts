import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { MAX_EXPORTED_RECORDS, MAX_IMPORT_BYTES, MAX_LINES_PER_REQUEST } from '../../../src/contract/limits.ts';
import { callApi, createRecord, createToken, RECORD } from '../admin-client.ts';

function parseNdjson(text: string): Record<string, unknown>[] {
	return text
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line));
}

const importLine = (domain: string, more: object = {}) => JSON.stringify({ domain, record: RECORD, ...more });

describe('an import', () => {
	it('is tried dry, then done, and changes nothing the second time', async () => {
		const body = [importLine('a.example'), '', importLine('b.example', { tags: ['gold'], note: 'moved' }), ''].join('\n');
		const dry = parseNdjson((await callApi('POST', '/import?dry=true', { body })).text);
		expect(dry).toEqual([
			{ line: 1, domain: 'a.example', result: 'created', revision: 0 },
			{ line: 3, domain: 'b.example', result: 'created', revision: 0 },
			{ next: null, dry: true, created: 2, changed: 0, unchanged: 0, refused: 0, ignored: 0 },
		]);
		expect((await callApi('GET', '/domains')).body.domains).toEqual([]);
		const done = parseNdjson((await callApi('POST', '/import', { body })).text);
		expect(done.at(-1)).toMatchObject({ created: 2, next: null });
		const again = parseNdjson((await callApi('POST', '/import', { body })).text);
		expect(again.at(-1)).toMatchObject({ created: 0, unchanged: 2 });
		expect((await callApi('GET', '/domains/b.example')).body).toMatchObject({
			revision: 1,
			latest: { act: 'import', note: 'moved', tags: ['gold'] },
		});
	});

	it('says of each line what is wrong with it, and goes on', async () => {
		const body = [
			'no json',
			importLine('not a domain'),
			JSON.stringify({ domain: 'a.example', record: { kind: 'domain' } }),
			importLine('big.example', { note: 'x'.repeat(70_000) }),
			importLine('*.a.example'),
			'{"next":null}',
		].join('\n');
		const told = parseNdjson((await callApi('POST', '/import', { body })).text);
		expect(told[2]).toMatchObject({ domain: 'a.example', problem: { errors: [{ path: 'record.provider' }, { path: 'record.services' }] } });
		expect(told.map(({ line, result, problem }) => [line, result, (problem as { code?: string } | undefined)?.code])).toEqual([
			[1, 'refused', 'bad-json'],
			[2, 'refused', 'invalid'],
			[3, 'refused', 'invalid'],
			[4, 'refused', 'too-large'],
			[5, 'created', undefined],
			[6, 'ignored', undefined],
			[undefined, undefined, undefined],
		]);
	});

	it('says of which record the keeper is out, and goes on', async () => {
		await createRecord('b.example');
		const stub = env.KEEPERS.get(env.KEEPERS.idFromName('b.example'));
		await runInDurableObject(stub, (_, { storage }) => {
			storage.sql.exec('DROP TABLE revisions');
		});
		const body = [importLine('a.example'), importLine('b.example', { note: 'again' }), importLine('c.example')].join('\n');
		const told = parseNdjson((await callApi('POST', '/import?existing=replace', { body })).text);
		expect(told).toEqual([
			{ line: 1, domain: 'a.example', result: 'created', revision: 1 },
			{
				line: 2,
				domain: 'b.example',
				result: 'refused',
				problem: { type: 'about:blank', code: 'failed', status: 503, title: 'Temporarily unavailable.' },
			},
			{ line: 3, domain: 'c.example', result: 'created', revision: 1 },
			{ next: null, dry: false, created: 2, changed: 0, unchanged: 0, refused: 1, ignored: 0 },
		]);
	});

	it('keeps, replaces or matches what is there, as it is told', async () => {
		await createRecord('a.example');
		const other = { record: { ...RECORD, provider: { name: 'Other' } } };
		const result = async (query: string, more: object) =>
			parseNdjson((await callApi('POST', `/import?${query}`, { body: importLine('a.example', more) })).text)[0];
		expect(await result('', other)).toMatchObject({ result: 'refused', problem: { code: 'exists', current: { revision: 1 } } });
		expect(await result('existing=match', { ...other, revision: 7 })).toMatchObject({ result: 'refused', problem: { code: 'stale' } });
		expect(await result('existing=match', { ...other, revision: 1 })).toMatchObject({ result: 'changed', revision: 2 });
		// The same import is sent again, as after a lost answer: it must not conflict with itself.
		expect(await result('existing=match', { ...other, revision: 1 })).toMatchObject({ result: 'unchanged', revision: 2 });
		expect(await result('existing=replace', {})).toMatchObject({ result: 'changed', revision: 3 });
	});

	it('goes on from a line', async () => {
		const body = [1, 2, 3, 4].map((at) => importLine(`d${at}.example`)).join('\n');
		const told = parseNdjson((await callApi('POST', '/import?from=3', { body })).text);
		expect(told.map(({ line }) => line)).toEqual([3, 4, undefined]);
	});

	it('takes so many lines at a time, and says where to go on', async () => {
		const told = parseNdjson((await callApi('POST', '/import', { body: 'x\n'.repeat(MAX_LINES_PER_REQUEST + 2) })).text);
		expect(told).toHaveLength(MAX_LINES_PER_REQUEST + 1);
		expect(told.at(-1)).toMatchObject({ next: MAX_LINES_PER_REQUEST + 1, refused: MAX_LINES_PER_REQUEST });
		const rest = parseNdjson(
			(await callApi('POST', `/import?from=${MAX_LINES_PER_REQUEST + 1}`, { body: 'x\n'.repeat(MAX_LINES_PER_REQUEST + 2) })).text,
		);
		expect(rest.at(-1)).toMatchObject({ next: null, refused: 2 });
	});

	it('that is said to be too long is not begun', async () => {
		const headers = { 'Content-Length': String(MAX_IMPORT_BYTES + 1) };
		expect(await callApi('POST', '/import', { body: 'x', headers })).toMatchObject({ status: 413, body: { code: 'too-large' } });
	});

	it('refuses the lines of a token that are not its domains', async () => {
		const { secret } = await createToken('write', ['a.example']);
		const told = parseNdjson(
			(await callApi('POST', '/import', { token: secret, body: `${importLine('a.example')}\n${importLine('b.example')}` })).text,
		);
		expect(told).toMatchObject([{ result: 'created' }, { result: 'refused', problem: { code: 'forbidden' } }, { created: 1, refused: 1 }]);
	});
});

describe('an export', () => {
	it('has so many records at a time, and says where to go on', async () => {
		// These are not names of records, so no keeper is called for them; their results come first.
		await runInDurableObject(env.DIRECTORY.get(env.DIRECTORY.idFromName('directory')), (_, { storage }) => {
			const numbers = `WITH RECURSIVE numbers(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${MAX_EXPORTED_RECORDS})`;
			storage.sql.exec(
				`${numbers} INSERT INTO entries (domain, revision, state, tags, at) SELECT '_' || n, 1, 'live', '[]', 0 FROM numbers`,
			);
		});
		await createRecord('a.example');
		await createRecord('b.example');
		expect(parseNdjson((await callApi('GET', '/export')).text)).toMatchObject([{ domain: 'a.example' }, { next: 'a.example' }]);
		expect(parseNdjson((await callApi('GET', '/export?after=a.example')).text)).toMatchObject([{ domain: 'b.example' }, { next: null }]);
	});

	it('is what an import takes', async () => {
		await createRecord('a.example');
		await createRecord('b.example');
		const exported = (await callApi('GET', '/export')).text;
		expect(parseNdjson(exported)).toEqual([
			{ domain: 'a.example', revision: 1, tags: [], record: RECORD },
			{ domain: 'b.example', revision: 1, tags: [], record: RECORD },
			{ next: null },
		]);
		expect(parseNdjson((await callApi('POST', '/import?existing=match', { body: exported })).text).at(-1)).toMatchObject({
			unchanged: 2,
			ignored: 1,
		});
		const { secret } = await createToken('read', ['b.example']);
		expect(parseNdjson((await callApi('GET', '/export', { token: secret })).text)).toHaveLength(2);
	});
});
