/** KV fails for a minute, every operation of it, while people save: nothing they save is lost, and clients end with the last of it. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestHarness, unstable_readConfig } from 'wrangler';
import {
	type DomainResponse,
	OPERATOR_HEADERS,
	OPERATOR_TOKEN,
	readPublicName,
	readWholeHistory,
	sampleRecord,
	waitUntil,
} from '../support/admin-service.ts';

const OUTAGE_MS = 60_000;
const DOMAINS = ['one.example', 'two.example', 'three.example'];

const { name, compatibility_date, assets, vars, durable_objects, exports, kv_namespaces, ratelimits } = unstable_readConfig({
	config: 'wrangler.toml',
});
const harness = createTestHarness({
	workers: [
		{
			config: {
				...{ name, compatibility_date, assets, durable_objects, exports, kv_namespaces, ratelimits },
				main: join(import.meta.dirname, 'kv-outage-worker.ts'),
				vars: { ...vars, ADMIN_HOST: '127.0.0.1', ADMIN_TOKEN: OPERATOR_TOKEN, HTTPS_REDIRECT: 'off', KEEP_SECONDS: '1' },
			},
		},
	],
});

let service: { readonly origin: string; readonly api: string };

beforeAll(async () => {
	const { url } = await harness.listen();
	url.hostname = '127.0.0.1';
	service = { origin: url.origin, api: `${url.origin}/admin/api` };
});

afterAll(() => harness.close());

async function switchKv(state: 'on' | 'off'): Promise<{ readonly refused: number }> {
	const response = await harness.fetch(`http://kv.test/${state}`);
	return (await response.json()) as { readonly refused: number };
}

async function save(domain: string, revision: number): Promise<DomainResponse> {
	const condition: Record<string, string> = revision === 0 ? { 'If-None-Match': '*' } : { 'If-Match': `"${revision}"` };
	const note = `save ${revision + 1}`;
	const response = await fetch(`${service.api}/domains/${domain}`, {
		method: 'PUT',
		headers: { ...OPERATOR_HEADERS, ...condition },
		body: JSON.stringify({ record: sampleRecord(`${domain} ${note}`), note }),
	});
	expect(response.status).toBe(200);
	return (await response.json()) as DomainResponse;
}

describe('KV fails for a minute', () => {
	it('every save is acknowledged and kept, clients keep the copy they had, and then get the last', async () => {
		const revisions = new Map<string, number>();
		for (const domain of DOMAINS) {
			revisions.set(domain, (await save(domain, 0)).revision);
			await waitUntil('clients get the first', async () => (await readPublicName(service, domain)) === `${domain} save 1`);
		}
		await switchKv('off');
		const end = Date.now() + OUTAGE_MS;
		while (Date.now() < end) {
			for (const domain of DOMAINS) {
				const saved = await save(domain, revisions.get(domain) ?? 0);
				expect(saved).toMatchObject({ copy: 'propagating', changed: true });
				revisions.set(domain, saved.revision);
				// The isolate's copy is long past its second: while KV fails it is served all the same.
				expect(await readPublicName(service, domain)).toBe(`${domain} save 1`);
			}
			await sleep(2000);
		}
		const { refused } = await switchKv('on');
		const on = Date.now();
		for (const domain of DOMAINS) {
			const last = revisions.get(domain) ?? 0;
			// Nobody saves any more: the alarm alone pays. It waits half a minute at most between attempts.
			await waitUntil(
				`clients of ${domain} get its last`,
				async () => (await readPublicName(service, domain)) === `${domain} save ${last}`,
			);
			const history = await readWholeHistory(service, domain);
			expect(history.map(({ note }) => note)).toEqual(Array.from({ length: last }, (_, at) => `save ${at + 1}`));
			const head = await fetch(`${service.api}/domains/${domain}`, { headers: OPERATOR_HEADERS });
			expect(await head.json()).toMatchObject({ revision: last, copy: 'current' });
		}
		const saves = [...revisions.values()].reduce((sum, revision) => sum + revision, 0);
		console.log(`${saves} saves, KV refused ${refused} operations; ${((Date.now() - on) / 1000).toFixed(1)} s to catch up`);
		expect(refused).toBeGreaterThan(saves);
	}, 300_000);
});
