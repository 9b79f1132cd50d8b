/** Bytes that are not UTF-8 are refused wherever JSON is taken: they would become U+FFFD in what is saved, without a word. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Operation } from '../../src/contract/operation.ts';
import { OPERATIONS } from '../../src/contract/operations.ts';
import { encodeUtf8 } from '../../src/lib/utf8.ts';
import { callApi, createRecord, RECORD, type ReceivedResponse } from './admin-client.ts';

const JSON_OPERATIONS: readonly Operation[] = OPERATIONS.filter(
	(operation: Operation) => operation.body !== undefined && (operation.bodyType === undefined || operation.bodyType.endsWith('+json')),
);

/** The text in Latin-1, in which each of its characters is one byte. */
const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** The pieces as the body of a request. */
const bodyOf = (...pieces: readonly Uint8Array<ArrayBuffer>[]) => new Blob([...pieces]).stream();

const lineOf = (domain: string, name: string) => `${JSON.stringify({ domain, record: { ...RECORD, provider: { name } } })}\n`;

function send({ method, path }: Operation, body: ReadableStream | string | null): Promise<ReceivedResponse> {
	const filled = path.replace('{domain}', 'bytes.example').replace(/\{\w+\}/, 'abcdefghijkl');
	return callApi(method, filled, { body, headers: { 'If-Match': '"1"' } });
}

describe('a body that is not UTF-8', () => {
	beforeAll(() => createRecord('bytes.example'));

	it.each(JSON_OPERATIONS.map((operation) => [operation.id, operation] as const))('is refused: %s', async (_, operation) => {
		// The operation reads its body: one that is no JSON is refused as such.
		expect((await send(operation, '{"note": "Zürich"')).body).toMatchObject({ code: 'bad-json' });
		const refused = await send(operation, bodyOf(latin1('{"note": "Z\u00FCrich"}')));
		expect(refused.status).toBe(422);
		expect(refused.body).toMatchObject({ code: 'invalid', errors: [{ path: '', reason: 'must be UTF-8 text' }] });
	});

	it.each(
		OPERATIONS.flatMap((operation: Operation) =>
			operation.bodyType === 'application/x-ndjson' ? [[operation.path, operation.method] as const] : [],
		),
	)('is refused line by line: %s', async (path, method) => {
		const body = bodyOf(latin1(lineOf('latin.example', 'Z\u00FCrich') + lineOf('ascii.example', 'Bern')));
		const { status, text } = await callApi(method, path, { body });
		expect(status).toBe(200);
		const [refused] = text.split('\n');
		expect(JSON.parse(refused ?? '')).toMatchObject({
			line: 1,
			result: 'refused',
			problem: { code: 'invalid', errors: [{ path: '', reason: 'must be UTF-8 text' }] },
		});
		expect((await callApi('GET', '/domains/latin.example')).body).toMatchObject({ revision: 0 });
	});

	it('does not keep the other lines of an import from being saved, nor a replacement character that was meant', async () => {
		const body = bodyOf(latin1(lineOf('refused.example', 'Z\u00FCrich')), encodeUtf8(lineOf('kept.example', 'Z\uFFFDrich')));
		expect((await callApi('POST', '/import', { body })).status).toBe(200);
		expect((await callApi('GET', '/domains/refused.example')).body).toMatchObject({ revision: 0 });
		expect((await callApi('GET', '/domains/kept.example')).body.record).toMatchObject({ provider: { name: 'Z\uFFFDrich' } });
	});
});
