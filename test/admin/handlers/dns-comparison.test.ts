import { describe, expect, it } from 'vitest';
import { callApi, createRecord } from '../admin-client.ts';
import { fakeUpstreams } from '../fake-upstreams.ts';

const upstreams = fakeUpstreams();

interface DnsResponse {
	readonly site: string | null;
	readonly records: readonly { readonly name: string; readonly type: string; readonly state: string; readonly found: readonly string[] }[];
	readonly leftover: readonly { readonly name: string; readonly data: string }[];
	readonly theirs: readonly { readonly name: string; readonly data: string }[];
	readonly unlooked: readonly { readonly place: string; readonly reason: string }[];
}

async function readDns(path: string): Promise<DnsResponse> {
	const { status, text } = await callApi('GET', path);
	expect(status).toBe(200);
	return JSON.parse(text);
}

function statesAt({ records }: DnsResponse, name: string): readonly string[] {
	return records.filter((record) => record.name === name).map(({ state }) => state);
}

describe('DNS, compared with the record', () => {
	it('is shown record by record: there, missing, different, with what is there instead', async () => {
		await createRecord('a.example');
		upstreams.now = {
			dns: {
				// In the form in which Cloudflare writes it, and in another letter case.
				'_imaps._tcp.a.example SRV': ['0 1 993 IMAP.example.com.'],
				'_submissions._tcp.a.example SRV': ['0 1 465 old.example.com.'],
				'autoconfig.a.example A': ['192.0.2.1'],
				'autodiscover.a.example CNAME': ['elsewhere.example.net.'],
				'_ua-auto-config.a.example TXT': null,
				'_jmap._tcp.a.example SRV': ['0 1 443 jmap.example.com.'],
			},
		};
		const shown = await readDns('/domains/a.example/dns');
		expect(statesAt(shown, '_imaps._tcp.a.example')).toEqual(['present']);
		expect(statesAt(shown, '_submission._tcp.a.example')).toEqual(['missing']);
		expect(statesAt(shown, '_ua-auto-config.a.example')).toEqual(['unknown']);
		expect(shown.records.find(({ name }) => name === '_submissions._tcp.a.example')).toMatchObject({
			state: 'different',
			found: ['0 1 465 old.example.com.'],
		});
		// The tests have no SERVICE_HOST, so it is unknown where these records should lead.
		expect(shown.site).toBeNull();
		expect(shown.records.find(({ name }) => name === 'autoconfig.a.example')).toMatchObject({ state: 'unknown', found: ['192.0.2.1'] });
		expect(statesAt(shown, 'autodiscover.a.example')).toEqual(['unknown']);
		// No kept revision ever asked for it.
		expect(shown.leftover).toEqual([]);
		expect(shown.theirs).toEqual([{ name: '_jmap._tcp.a.example', type: 'SRV', ttl: 60, data: '0 1 443 jmap.example.com.' }]);
	});

	it('is what the record itself says, once that is published', async () => {
		const { body } = await createRecord('a.example');
		const sets = Map.groupBy(body.dns, ({ name, type }) => `${name} ${type}`);
		upstreams.now = { dns: Object.fromEntries([...sets].map(([key, lines]) => [key, lines.map(({ data }) => data)])) };
		const shown = await readDns('/domains/a.example/dns');
		expect(new Set(shown.records.map(({ state }) => state))).toEqual(new Set(['present']));
		expect(shown.records).toHaveLength(body.dns.length);
		expect(shown.leftover).toEqual([]);
	});

	it('still has what a deleted record needed', async () => {
		await createRecord('a.example');
		await callApi('DELETE', '/domains/a.example', { headers: { 'If-Match': '"1"' } });
		upstreams.now = { dns: { '_imaps._tcp.a.example SRV': ['0 1 993 imap.example.com.'] } };
		const shown = await readDns('/domains/a.example/dns');
		expect(shown.records).toEqual([]);
		expect(shown.leftover).toHaveLength(1);
	});

	it('of a wildcard is that of one of its domains', async () => {
		await createRecord('*.a.example');
		upstreams.now = { dns: { '_imaps._tcp.b.a.example SRV': ['0 1 993 imap.example.com.'] } };
		expect(statesAt(await readDns('/domains/*.a.example/dns?for=b.a.example'), '_imaps._tcp.b.a.example')).toEqual(['present']);
		for (const query of ['', '?for=b.example', '?for=*.a.example'])
			expect(await callApi('GET', `/domains/*.a.example/dns${query}`)).toMatchObject({ status: 422, body: { errors: [{ path: 'for' }] } });
	});

	it('that does not answer at all is said to be out of reach', async () => {
		await createRecord('a.example');
		upstreams.now = { down: true };
		expect(await callApi('GET', '/domains/a.example/dns')).toMatchObject({ status: 502, body: { code: 'source-unreachable' } });
	});
});
