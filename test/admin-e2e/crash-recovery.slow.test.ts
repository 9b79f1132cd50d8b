import { setTimeout as sleep } from 'node:timers/promises';
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

const DOMAINS = Array.from({ length: 8 }, (_, at) => `d${at}.example`);

/** Saves one revision after the other until the service is gone; the notes of those that were acknowledged. */
async function writeUntilKilled(domain: string): Promise<readonly string[]> {
	const acknowledged: string[] = [];
	for (let revision = 0; ; ) {
		const note = `${domain} ${acknowledged.length}`;
		const condition: Record<string, string> = revision === 0 ? { 'If-None-Match': '*' } : { 'If-Match': `"${revision}"` };
		try {
			const response = await fetch(`${service.api}/domains/${domain}`, {
				method: 'PUT',
				headers: { ...OPERATOR_HEADERS, ...condition },
				body: JSON.stringify({ record: sampleRecord(note), note }),
			});
			if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
			revision = ((await response.json()) as DomainResponse).revision;
		} catch (failure) {
			// The connection broke: what fetch throws is a TypeError.
			if (failure instanceof TypeError) return acknowledged;
			throw failure;
		}
		acknowledged.push(note);
	}
}

describe('killed in the middle of a stream of writes, and started again', () => {
	it('has every acknowledged write, and its copy catches up', async () => {
		const writers = DOMAINS.map(writeUntilKilled);
		await sleep(2500);
		await service.crash();
		const acknowledged = await Promise.all(writers);
		const count = acknowledged.flat().length;
		console.log(`${count} writes acknowledged before the kill`);
		expect(count).toBeGreaterThan(20);
		await service.restart();
		for (const [at, domain] of DOMAINS.entries()) {
			const history = await readWholeHistory(service, domain);
			const notes = history.map(({ note }) => note);
			// At most one more: written, and killed before it could say so.
			expect(notes.slice(0, acknowledged[at]?.length)).toEqual(acknowledged[at]);
			expect(notes.length - (acknowledged[at]?.length ?? 0)).toBeLessThanOrEqual(1);
			// Nobody has saved since: the alarm alone brings the copy up to date.
			await waitUntil(`clients of ${domain} get its last`, async () => (await readPublicName(service, domain)) === notes.at(-1));
		}
		const listed = await fetch(`${service.api}/domains?prefix=d`, { headers: OPERATOR_HEADERS });
		const { domains } = (await listed.json()) as { domains: { domain: string }[] };
		expect(domains.map(({ domain }) => domain)).toEqual(DOMAINS);
	});
});
