/**
 * Stores that fail in other ways than being away: nothing that was acknowledged is lost, and clients get the last good answer, or 503, or
 * the right answer late; never a wrong one.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type DomainResponse, OPERATOR_HEADERS, readPublicName, readWholeHistory, waitUntil } from '../support/admin-service.ts';
import { nameOf, save, trySave, useFaultyService } from './faulty-service.ts';

const service = useFaultyService();

afterEach(() => service.setMode('none'));

/** Longer than an isolate remembers a record without asking KV again. */
const FORGOTTEN_MS = 1200;

async function askAs(domain: string): Promise<{ readonly status: number; readonly name: string | null }> {
	const response = await fetch(`${service.origin}/mail/config-v1.1.xml?emailaddress=a@${domain}`);
	const name = /<displayName>(.*)<\/displayName>/.exec(await response.text())?.[1] ?? null;
	return { status: response.status, name };
}

async function readHead(domain: string): Promise<DomainResponse> {
	return (await (await fetch(`${service.api}/domains/${domain}`, { headers: OPERATOR_HEADERS })).json()) as DomainResponse;
}

/** Saves the first revision and waits until clients get it. */
async function publish(domain: string): Promise<void> {
	await save(service, domain, 0);
	await waitUntil('clients get the first', async () => (await readPublicName(service, domain)) === nameOf(domain, 'save 1'));
}

describe('the objects’ databases take no writes', () => {
	it('no save is acknowledged, clients keep what they had, and the next save goes on from there', async () => {
		await publish('refusing.example');
		await service.setMode('objects-off');
		for (let attempt = 0; attempt < 3; attempt++) {
			expect((await trySave(service, 'refusing.example', 1, 'lost')).status).toBe(503);
			expect((await trySave(service, `never${attempt}.example`, 0, 'lost')).status).toBe(503);
			expect(await askAs('refusing.example')).toEqual({ status: 200, name: nameOf('refusing.example', 'save 1') });
			await sleep(FORGOTTEN_MS);
		}
		await service.setMode('none');
		expect((await readHead('refusing.example')).revision).toBe(1);
		expect((await readHead('never0.example')).revision).toBe(0);
		expect((await askAs('never0.example')).status).toBe(404);
		await save(service, 'refusing.example', 1);
		expect((await readWholeHistory(service, 'refusing.example')).map(({ note }) => note)).toEqual(['save 1', 'save 2']);
		await waitUntil('clients get the second', async () => (await askAs('refusing.example')).name === nameOf('refusing.example', 'save 2'));
	});

	it('no token is handed out that does not work, and none is revoked that still does', async () => {
		const mint = (name: string) =>
			fetch(`${service.api}/tokens`, {
				method: 'POST',
				headers: OPERATOR_HEADERS,
				body: JSON.stringify({ name, role: 'read', domains: ['refusing.example'] }),
			});
		const minted = (await (await mint('before')).json()) as { id: string; secret: string };
		const opens = async () => {
			const headers = { Authorization: `Bearer ${minted.secret}` };
			return (await fetch(`${service.api}/domains/refusing.example`, { headers })).status;
		};
		const revoke = () => fetch(`${service.api}/tokens/${minted.id}`, { method: 'DELETE', headers: OPERATOR_HEADERS });
		await service.setMode('objects-off');
		expect((await mint('lost')).status).toBe(503);
		expect((await revoke()).status).toBe(503);
		await service.setMode('none');
		expect(await opens()).toBe(200);
		const { tokens } = (await (await fetch(`${service.api}/tokens`, { headers: OPERATOR_HEADERS })).json()) as {
			tokens: readonly { name: string }[];
		};
		expect(tokens.map(({ name }) => name)).toEqual(['before']);
		expect((await revoke()).status).toBe(204);
		expect(await opens()).toBe(401);
	});

	it('an alarm that fails is tried again: what KV was owed before arrives', async () => {
		await publish('owed.example');
		await service.setMode('kv-off');
		expect(await save(service, 'owed.example', 1)).toMatchObject({ copy: 'propagating' });
		const { refused } = await service.setMode('objects-off');
		// The first alarm after the save finds a database that does not take its writes.
		await waitUntil('an alarm has failed', async () => (await service.setMode('objects-off')).refused > refused);
		await service.setMode('none');
		await waitUntil('clients get the second', async () => (await askAs('owed.example')).name === nameOf('owed.example', 'save 2'));
		await waitUntil('its keeper knows that', async () => (await readHead('owed.example')).copy === 'current');
		expect((await readHead('owed.example')).revision).toBe(2);
	});
});

describe('one in five writes to the objects’ databases fails', () => {
	it('what was acknowledged is in the history, in order, and clients get the last of it', async () => {
		await publish('flaky.example');
		const { refused: before } = await service.setMode('objects-flaky');
		const acknowledged = ['save 1'];
		let refusals = 0;
		for (let attempt = 0; attempt < 40; attempt++) {
			const { revision } = await readHead('flaky.example');
			const note = `attempt ${attempt}`;
			const { status } = await trySave(service, 'flaky.example', revision, note);
			expect([200, 503]).toContain(status);
			if (status === 200) acknowledged.push(note);
			else refusals += 1;
		}
		const { refused } = await service.setMode('none');
		expect(refused - before).toBeGreaterThan(5);
		expect(refusals).toBeGreaterThan(0);
		console.log(`${acknowledged.length} saves acknowledged, ${refusals} refused`);
		const history = await readWholeHistory(service, 'flaky.example');
		const notes = history.map(({ note }) => note);
		expect(notes.filter((note) => acknowledged.includes(note))).toEqual(acknowledged);
		expect(history.map(({ revision }) => revision)).toEqual(notes.map((_, at) => at + 1));
		await waitUntil(
			'clients get the last',
			async () => (await askAs('flaky.example')).name === nameOf('flaky.example', notes.at(-1) ?? ''),
		);
	});
});

describe('KV takes five seconds for each operation', () => {
	it('clients get the last good answer or the right one, unknown names no wrong one, and saves are kept', async () => {
		await publish('slow.example');
		await save(service, 'unasked.example', 0);
		await service.setMode('kv-slow');
		await sleep(FORGOTTEN_MS);
		expect(await askAs('slow.example')).toEqual({ status: 200, name: nameOf('slow.example', 'save 1') });
		// Nobody has asked for it before, so that there is nothing to give in place of the answer.
		expect([200, 503]).toContain((await askAs('unasked.example')).status);
		expect([404, 503]).toContain((await askAs('nowhere.example')).status);
		await save(service, 'slow.example', 1);
		expect((await askAs('slow.example')).status).toBe(200);
		await service.setMode('none');
		await waitUntil('clients get the second', async () => (await askAs('slow.example')).name === nameOf('slow.example', 'save 2'));
	});
});

describe('KV gives wrong values', () => {
	it('older ones: clients get a state that was published, people the true one, and saves go on from it', async () => {
		await publish('stale.example');
		await save(service, 'stale.example', 1);
		await waitUntil('clients get the second', async () => (await askAs('stale.example')).name === nameOf('stale.example', 'save 2'));
		await service.setMode('kv-stale');
		await sleep(FORGOTTEN_MS);
		expect([1, 2].map((each) => nameOf('stale.example', `save ${each}`))).toContain((await askAs('stale.example')).name);
		expect(await readHead('stale.example')).toMatchObject({
			revision: 2,
			record: { provider: { name: nameOf('stale.example', 'save 2') } },
		});
		await save(service, 'stale.example', 2);
		await service.setMode('none');
		await waitUntil('clients get the third', async () => (await askAs('stale.example')).name === nameOf('stale.example', 'save 3'));
		expect((await readWholeHistory(service, 'stale.example')).map(({ note }) => note)).toEqual(['save 1', 'save 2', 'save 3']);
	});

	it('halves of values: clients get the last good answer, and nobody gets a part of one', async () => {
		await publish('garbled.example');
		await save(service, 'unasked2.example', 0);
		await service.setMode('kv-garbled');
		await sleep(FORGOTTEN_MS);
		expect(await askAs('garbled.example')).toEqual({ status: 200, name: nameOf('garbled.example', 'save 1') });
		// A value that cannot be used, and no earlier answer: as where somebody put nonsense there, clients go on to their next place.
		expect(await askAs('unasked2.example')).toEqual({ status: 404, name: null });
		expect(await readHead('garbled.example')).toMatchObject({
			revision: 1,
			record: { provider: { name: nameOf('garbled.example', 'save 1') } },
		});
		await service.setMode('none');
		await waitUntil('all are well again', async () => (await askAs('unasked2.example')).name === nameOf('unasked2.example', 'save 1'));
		await save(service, 'garbled.example', 1);
		await waitUntil('clients get the second', async () => (await askAs('garbled.example')).name === nameOf('garbled.example', 'save 2'));
	});
});
