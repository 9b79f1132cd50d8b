/** Starts the service with stores that can be made to fail, and has what its tests have in common. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect } from 'vitest';
import { createTestHarness, unstable_readConfig } from 'wrangler';
import { type AdminService, type DomainResponse, OPERATOR_HEADERS, OPERATOR_TOKEN, sampleRecord } from '../support/admin-service.ts';

/** What is wrong with the stores. */
export type FaultMode = 'none' | 'kv-off' | 'kv-slow' | 'kv-stale' | 'kv-garbled' | 'objects-off' | 'objects-flaky';

export interface FaultCounts {
	/** Operations that were refused so far. */
	readonly refused: number;
}

export interface FaultyService extends Pick<AdminService, 'origin' | 'api'> {
	readonly setMode: (mode: FaultMode) => Promise<FaultCounts>;
}

/** Longer than an isolate believes that the store has no mark yet. */
const MARK_UNSEEN_MS = 6000;

/**
 * Starts it before the tests of a file and stops it after them. An isolate remembers a record for a second. It has a record, and has seen the
 * mark of its store: one that has not cannot know, while KV is out, whether the data are where it would save, and refuses.
 */
export function useFaultyService(): FaultyService {
	const { name, compatibility_date, assets, vars, durable_objects, exports, kv_namespaces, ratelimits } = unstable_readConfig({
		config: 'wrangler.toml',
	});
	const harness = createTestHarness({
		workers: [
			{
				config: {
					...{ name, compatibility_date, assets, durable_objects, exports, kv_namespaces, ratelimits },
					main: join(import.meta.dirname, 'faulty-storage-worker.ts'),
					vars: { ...vars, ADMIN_HOST: '127.0.0.1', ADMIN_TOKEN: OPERATOR_TOKEN, HTTPS_REDIRECT: 'off', KEEP_SECONDS: '1' },
				},
			},
		],
	});
	let origin = '';
	beforeAll(async () => {
		const { url } = await harness.listen();
		url.hostname = '127.0.0.1';
		origin = url.origin;
		await save(service, 'first.example', 0);
		await sleep(MARK_UNSEEN_MS);
		expect((await fetch(`${service.api}/domains/first.example`, { headers: OPERATOR_HEADERS })).status).toBe(200);
	});
	afterAll(() => harness.close());
	const service: FaultyService = {
		get origin() {
			return origin;
		},
		get api() {
			return `${origin}/admin/api`;
		},
		async setMode(mode) {
			const response = await harness.fetch(`http://faults.test/${mode}`);
			return (await response.json()) as FaultCounts;
		},
	};
	return service;
}

/** The name that a domain's record has in a revision. */
export function nameOf(domain: string, note: string): string {
	return `${domain} ${note}`;
}

/** Sends a save. @param revision the one that the record has; 0 where it is new */
export function trySave({ api }: FaultyService, domain: string, revision: number, note: string): Promise<Response> {
	const condition: Record<string, string> = revision === 0 ? { 'If-None-Match': '*' } : { 'If-Match': `"${revision}"` };
	return fetch(`${api}/domains/${domain}`, {
		method: 'PUT',
		headers: { ...OPERATOR_HEADERS, ...condition },
		body: JSON.stringify({ record: sampleRecord(nameOf(domain, note)), note }),
	});
}

/** Saves the next revision, which has to be acknowledged. */
export async function save(service: FaultyService, domain: string, revision: number): Promise<DomainResponse> {
	const response = await trySave(service, domain, revision, `save ${revision + 1}`);
	expect(response.status).toBe(200);
	return (await response.json()) as DomainResponse;
}
