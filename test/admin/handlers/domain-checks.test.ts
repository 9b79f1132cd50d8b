/** Results of checks through the API and the real keepers: what is kept and shown, and who is told when something got worse. */
import { evictDurableObject, runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NO_GRADE_MARK } from '../../../src/contract/checks/check-grades.ts';
import { MAX_SENT_FINDINGS } from '../../../src/contract/checks/check-results.ts';
import { sha256Hex } from '../../../src/lib/digest.ts';
import { areaResult, sentCheck, unknownResult } from '../../support/sent-check.ts';
import { callApi, createRecord, createToken } from '../admin-client.ts';

const DOMAIN = 'a.example';
const PATH = `/domains/${DOMAIN}/check`;

/** The bodies that receivers of webhooks got. */
let received: string[] = [];
beforeEach(() => {
	received = [];
	vi.spyOn(globalThis, 'fetch').mockImplementation(async (_, init) => {
		received.push(String(init?.body));
		return new Response(null, { status: 204 });
	});
});
afterEach(() => void vi.restoreAllMocks());

const webhooks = () => env.WEBHOOKS.get(env.WEBHOOKS.idFromName('webhooks'));
const recordObject = () => env.KEEPERS.get(env.KEEPERS.idFromName(DOMAIN));

/** Lets the webhooks' alarm go off, which whatever happened before has set. */
async function deliver(): Promise<void> {
	for (let time = 0; time < 2; time += 1) {
		await scheduler.wait(1100);
		await runDurableObjectAlarm(webhooks());
	}
}

const send = (areas: readonly object[], token?: string) =>
	callApi('PUT', PATH, { ...(token === undefined ? {} : { token }), body: { ...sentCheck(), areas } });

async function auditLines(query = ''): Promise<readonly { readonly act: string; readonly detail: string }[]> {
	const { text } = await callApi('GET', `/audit${query}`);
	return JSON.parse(text).lines;
}

describe('the result of a check', () => {
	it('is shown as it was sent, with its grade, by whom and whether it is of this record; never sent is an empty list', async () => {
		await createRecord(DOMAIN);
		expect(await callApi('GET', PATH)).toMatchObject({ status: 200, body: { domain: DOMAIN, overall: null, areas: [] } });
		const { secret } = await createToken('write', [DOMAIN]);
		const { body: saved } = await callApi('GET', `/domains/${DOMAIN}`);
		const recordDigest = await sha256Hex(JSON.stringify(saved.record));
		const areas = [areaResult('mail', 'warning'), areaResult('dns'), areaResult('http')];
		const sent = await callApi('PUT', PATH, { token: secret, body: { recordDigest, areas } });
		// Three of four areas have a grade: that is none for all.
		expect(sent).toMatchObject({ status: 200, body: { overall: null, worsened: [] } });
		await send([areaResult('mta-sts', 'error')]);
		await evictDurableObject(recordObject());
		const { body } = await callApi('GET', PATH, { token: secret });
		const common = { by: 'write token', kind: 'token', isCurrentRecord: true };
		expect(body).toMatchObject({
			overall: 'D',
			areas: [
				{ ...areaResult('dns'), ...common, grade: 'A' },
				{ ...areaResult('http'), ...common, grade: 'A' },
				{ ...areaResult('mail', 'warning'), ...common, grade: 'B' },
				{ ...areaResult('mta-sts', 'error'), by: 'operator', kind: 'operator', isCurrentRecord: false, grade: 'D' },
			],
		});
		expect(await send([unknownResult('mta-sts')])).toMatchObject({ body: { overall: null } });
	});

	it('has no letter where nothing was looked at, or where there are findings and none is listed', async () => {
		await createRecord(DOMAIN);
		await send([
			{ ...areaResult('dns'), looked: 0 },
			{ ...areaResult('http'), furtherFindings: 1 },
		]);
		expect(await callApi('GET', PATH)).toMatchObject({ body: { areas: [{ grade: null }, { grade: null }] } });
	});

	it('is graded by the service: a grade cannot be sent', async () => {
		await createRecord(DOMAIN);
		expect(await send([{ ...areaResult('mail', 'error'), grade: 'A' }])).toMatchObject({ status: 422 });
		const many = Array.from({ length: MAX_SENT_FINDINGS + 1 }, () => areaResult('mail', 'error').findings[0]);
		expect(await send([{ ...areaResult('mail'), findings: many }])).toMatchObject({ status: 422 });
		expect(await send([areaResult('mail'), areaResult('mail')])).toMatchObject({ status: 422 });
		expect(await callApi('GET', PATH)).toMatchObject({ body: { areas: [] } });
	});

	it.each([
		['a control character', 'found', 'one\u001b[31m'],
		['a line feed', 'advice', 'one\ntwo'],
		['a mark that turns the direction round', 'place', 'one\u202etwo'],
		['markup in a code', 'code', '<b>'],
		['too long a text', 'wanted', 'x'.repeat(201)],
	])('is refused with %s', async (_, member, text) => {
		await createRecord(DOMAIN);
		expect(await callApi('PUT', PATH, { body: sentCheck('error', { [member]: text }) })).toMatchObject({ status: 422 });
		expect(await callApi('GET', PATH)).toMatchObject({ body: { areas: [] } });
	});

	it('needs a record that is saved under this very name', async () => {
		expect((await createRecord('*.hosted.example')).status).toBe(200);
		for (const name of ['one.hosted.example', '*.hosted.example'])
			expect(await callApi('PUT', `/domains/${name}/check`, { body: sentCheck() })).toMatchObject({
				status: 404,
				body: { code: 'not-found' },
			});
		await createRecord(DOMAIN);
		expect(await send([areaResult('mail')])).toMatchObject({ status: 200 });
		await callApi('DELETE', `/domains/${DOMAIN}`, { headers: { 'If-Match': '"1"' } });
		expect(await send([areaResult('mail')])).toMatchObject({ status: 404 });
		expect(await callApi('GET', PATH)).toMatchObject({ status: 200, body: { areas: [] } });
	});

	it('is taken from whoever may write the record alone, and is in no backup', async () => {
		await createRecord(DOMAIN);
		for (const { secret } of [await createToken('read', [DOMAIN]), await createToken('write', ['b.example'])])
			expect((await send([areaResult('mail')], secret)).status).toBe(403);
		await send([areaResult('mail', 'error', { place: 'a-place-to-look-for' })]);
		for (const part of ['audit', 'records', 'tokens'])
			expect((await callApi('GET', `/backup?part=${part}`)).text).not.toContain('a-place-to-look-for');
	});
});

describe('a result that is worse', () => {
	it('is in the answer, in the audit trail and in a message, which has nothing of the record', async () => {
		await createRecord(DOMAIN);
		const created = await callApi('POST', '/webhooks', { body: { url: 'https://hooks.example.net/' } });
		expect(JSON.parse(created.text).events).toContain('check.worsened');
		await send([areaResult('mail'), areaResult('dns', 'warning')]);
		await send([areaResult('mail'), areaResult('dns', 'warning')]);
		expect(await auditLines()).not.toContainEqual(expect.objectContaining({ act: 'check-worsened' }));
		const areas = [
			{ area: 'mail', from: 'A', to: 'D', atBest: 'D' },
			{ area: 'dns', from: 'B', to: null, atBest: 'A' },
		];
		expect(await send([areaResult('mail', 'error'), unknownResult('dns')])).toMatchObject({ body: { worsened: areas } });
		expect(await auditLines(`?domain=${DOMAIN}`)).toContainEqual(
			expect.objectContaining({
				...{ act: 'check-worsened', domain: DOMAIN, who: 'operator', revision: null, bulkEdit: null },
				detail: `mail: A to D, dns: B to ${NO_GRADE_MARK} (A at best)`,
			}),
		);
		// Nobody has told the webhooks but the directory.
		await deliver();
		const messages = received.map((body) => JSON.parse(body)).filter(({ type }) => type === 'check.worsened');
		expect(messages).toEqual([{ type: 'check.worsened', timestamp: expect.any(String), data: { domain: DOMAIN, areas, by: 'operator' } }]);
		expect((await callApi('GET', `/webhooks/${JSON.parse(created.text).id}/deliveries`)).text).toContain('"revision":null');
	});

	it('is told to nobody who may not see the record', async () => {
		await createRecord(DOMAIN);
		const [own, other] = [await createToken('admin', [DOMAIN]), await createToken('admin', ['b.example'])];
		for (const { secret } of [own, other])
			await callApi('POST', '/webhooks', { token: secret, body: { url: 'https://hooks.example.net/' } });
		await send([areaResult('mail')]);
		await send([areaResult('mail', 'error')]);
		await deliver();
		expect(received.filter((body) => body.includes('check.worsened'))).toHaveLength(1);
		const { text } = await callApi('GET', '/audit', { token: other.secret });
		expect(text).not.toContain('check-worsened');
	});
});
