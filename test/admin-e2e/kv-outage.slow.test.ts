/**
 * KV fails, every operation of it, for longer than an isolate believes what it read of the store's mark, while people save: nothing they save
 * is lost, and clients end with the last of it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { OPERATOR_HEADERS, readPublicName, readWholeHistory, waitUntil } from '../support/admin-service.ts';
import { save, useFaultyService } from './faulty-service.ts';

const OUTAGE_MS = 90_000;
const DOMAINS = ['one.example', 'two.example', 'three.example'];

const service = useFaultyService();

describe('KV fails for a minute and a half', () => {
	it('every save is acknowledged and kept, clients keep the copy they had, and then get the last', async () => {
		const revisions = new Map<string, number>();
		for (const domain of DOMAINS) {
			revisions.set(domain, (await save(service, domain, 0)).revision);
			await waitUntil('clients get the first', async () => (await readPublicName(service, domain)) === `${domain} save 1`);
		}
		await service.setMode('kv-off');
		const end = Date.now() + OUTAGE_MS;
		while (Date.now() < end) {
			for (const domain of DOMAINS) {
				const saved = await save(service, domain, revisions.get(domain) ?? 0);
				expect(saved).toMatchObject({ copy: 'propagating', changed: true });
				revisions.set(domain, saved.revision);
				// The isolate's copy is long past its second: while KV fails it is served all the same.
				expect(await readPublicName(service, domain)).toBe(`${domain} save 1`);
			}
			await sleep(2000);
		}
		const { refused } = await service.setMode('none');
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
