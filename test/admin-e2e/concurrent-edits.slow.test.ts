import { describe, expect, it } from 'vitest';
import {
	type DomainResponse,
	OPERATOR_HEADERS,
	readPublicName,
	readWholeHistory,
	sampleRecord,
	useAdminService,
	waitUntil,
} from '../support/admin-service.ts';

const service = useAdminService(() => ({}));

const EDITS = 1000;
const CLIENTS = 40;

/** Edits again and again, each time from the revision that the last answer named, won or lost. */
async function editRepeatedly(client: number, first: number): Promise<readonly { readonly won: number; readonly note: string }[]> {
	const won: { won: number; note: string }[] = [];
	let revision = first;
	for (let edit = 0; edit < EDITS / CLIENTS; edit += 1) {
		const note = `client ${client}, edit ${edit}`;
		const response = await fetch(`${service.api}/domains/busy.example`, {
			method: 'PUT',
			headers: { ...OPERATOR_HEADERS, 'If-Match': `"${revision}"` },
			body: JSON.stringify({ record: sampleRecord(note), note }),
		});
		const answer = (await response.json()) as DomainResponse;
		if (response.status === 200) won.push({ won: answer.revision, note });
		else expect(response.status).toBe(412);
		// Both answers name the revision that there is now.
		revision = answer.revision;
	}
	return won;
}

describe('a thousand edits of one domain at once, all made from the same revision', () => {
	it('have one winner, and the others are told what he saved', async () => {
		const put = (condition: Record<string, string>, note: string) =>
			fetch(`${service.api}/domains/rush.example`, {
				method: 'PUT',
				headers: { ...OPERATOR_HEADERS, ...condition },
				body: JSON.stringify({ record: sampleRecord(note), note }),
			});
		expect((await put({ 'If-None-Match': '*' }, 'first')).status).toBe(200);
		const answers = await Promise.all(
			Array.from({ length: EDITS }, async (_, at) => {
				const response = await put({ 'If-Match': '"1"' }, `edit ${at}`);
				return { status: response.status, body: (await response.json()) as DomainResponse & { readonly current?: DomainResponse } };
			}),
		);
		const won = answers.filter(({ status }) => status === 200);
		const lost = answers.filter(({ status }) => status === 412);
		expect([won.length, lost.length]).toEqual([1, EDITS - 1]);
		const name = won[0]?.body.record?.provider.name;
		for (const { body } of lost) expect(body.current).toMatchObject({ revision: 2, record: { provider: { name } } });
		expect((await readWholeHistory(service, 'rush.example')).map(({ note }) => note)).toEqual(['first', name]);
		await waitUntil('clients get the winner’s', async () => (await readPublicName(service, 'rush.example')) === name);
	});
});

describe('a thousand edits of one domain, forty at a time', () => {
	it('each revision has one winner, every acknowledged write is in the history, and clients end with the last', async () => {
		const created = await fetch(`${service.api}/domains/busy.example`, {
			method: 'PUT',
			headers: { ...OPERATOR_HEADERS, 'If-None-Match': '*' },
			body: JSON.stringify({ record: sampleRecord('first'), note: 'first' }),
		});
		expect(created.status).toBe(200);
		const begun = Date.now();
		const won = (await Promise.all(Array.from({ length: CLIENTS }, (_, client) => editRepeatedly(client, 1)))).flat();
		const seconds = (Date.now() - begun) / 1000;
		console.log(`${EDITS} edits, ${won.length} won, ${seconds.toFixed(1)} s`);
		// One winner each, and none left out: 2, 3, 4 …
		const revisions = won.map(({ won: revision }) => revision).toSorted((a, b) => a - b);
		expect(revisions).toEqual(Array.from({ length: won.length }, (_, at) => at + 2));
		const history = await readWholeHistory(service, 'busy.example');
		expect(history.map(({ revision }) => revision)).toEqual(Array.from({ length: won.length + 1 }, (_, at) => at + 1));
		const notes = new Map(history.map(({ revision, note }) => [revision, note]));
		for (const { won: revision, note } of won) expect(notes.get(revision)).toBe(note);
		const last = history.at(-1)?.note ?? '';
		await waitUntil('clients get the last', async () => (await readPublicName(service, 'busy.example')) === last);
		const head = await fetch(`${service.api}/domains/busy.example`, { headers: OPERATOR_HEADERS });
		expect(await head.json()).toMatchObject({ revision: won.length + 1, copy: 'current', record: { provider: { name: last } } });
	});
});
