/** What the started service asks of DNS over HTTPS: claims, SRV records, and whether a zone is as it should be. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DnsView, ImportedRecordsView, WriteView } from '../../src/contract/views.ts';
import { OPERATOR_HEADERS, sampleRecord, useAdminService } from '../support/admin-service.ts';
import { type DohServer, startDohServer } from './doh-server.ts';

let dohServer: DohServer;

beforeAll(async () => {
	dohServer = await startDohServer();
});
const service = useAdminService(() => ({ SELF_SERVICE: 'on', SERVICE_HOST: 'signpost.example.net', DOH_URL: dohServer.url }));

afterAll(() => dohServer.close());

async function call<T>(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) {
	const sent = body === undefined ? null : JSON.stringify(body);
	const response = await fetch(`${service.api}${path}`, { method, headers, body: sent });
	return { status: response.status, body: (await response.json()) as T };
}

const CLAIMED = 'claimed.example';

describe('a name server', () => {
	it('proves who owns a domain; the owner publishes what his record needs, and sees that it is there', async () => {
		const opened = await call<{ claim: string; record: { name: string; data: string } }>('POST', '/claims', { domain: CLAIMED });
		expect(opened.status).toBe(200);
		const { claim, record: proof } = opened.body;
		expect(await call('POST', `/claims/${CLAIMED}`, { claim })).toMatchObject({ status: 409, body: { code: 'not-proved' } });
		dohServer.records.set(`${proof.name} TXT`, [`"${proof.data}"`]);
		const proved = await call<{ secret: string }>('POST', `/claims/${CLAIMED}`, { claim });
		expect(proved).toMatchObject({ status: 201, body: { role: 'admin', domains: [CLAIMED] } });
		const owner = { Authorization: `Bearer ${proved.body.secret}` };
		const put = await call<WriteView>(
			'PUT',
			`/domains/${CLAIMED}`,
			{ record: sampleRecord('Claimed') },
			{ ...owner, 'If-None-Match': '*' },
		);
		expect(put.body.changes.dns.add).toEqual(put.body.dns);

		const before = await call<DnsView>('GET', `/domains/${CLAIMED}/dns`, undefined, owner);
		expect(new Set(before.body.records.map((line) => line.state))).toEqual(new Set(['missing']));
		for (const { name, type, data } of put.body.changes.dns.add) dohServer.records.set(`${name} ${type}`, [data]);
		const after = await call<DnsView>('GET', `/domains/${CLAIMED}/dns`, undefined, owner);
		expect(after.body).toMatchObject({ site: 'signpost.example.net', leftover: [] });
		expect(new Set(after.body.records.map((line) => line.state))).toEqual(new Set(['present']));
		expect(dohServer.peakConcurrency()).toBeLessThanOrEqual(6);
	});

	it('has SRV records, from which a record is made', async () => {
		dohServer.records.set('_imaps._tcp.srv.example SRV', ['0 1 993 imap.srv.example.']);
		const { status, body } = await call<ImportedRecordsView>('POST', '/import/srv', { domain: 'srv.example' }, OPERATOR_HEADERS);
		expect(status).toBe(200);
		expect(body.records).toMatchObject([{ domain: 'srv.example', record: { services: { imap: { host: 'imap.srv.example' } } } }]);
	});
});
