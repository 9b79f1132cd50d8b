/** What `signpost doctor` says of the custom hostnames that a service creates by itself: "ok" of none that it has not seen, nor of one in trouble. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Diagnosis, diagnoseHostnames } from '../../../src/cli/doctor/diagnose-service.ts';
import { createAdminApiClient } from '../../../src/cli/workspace/admin-api-client.ts';
import type { HostnamesView } from '../../../src/contract/hostnames/hostname-views.ts';
import { type FakeAdminApi, startFakeAdminApi, TOKEN } from '../../support/fake-admin-api.ts';

let admin: FakeAdminApi;
beforeAll(async () => {
	admin = await startFakeAdminApi();
	vi.stubEnv('SIGNPOST_TOKEN', TOKEN);
});
afterAll(async () => {
	vi.unstubAllEnvs();
	await admin.close();
});

async function diagnose(view: Partial<HostnamesView>) {
	admin.hostnames = { ...admin.hostnames, on: true, counts: {}, usage: null, failure: null, ...view };
	const service = createAdminApiClient({ api: admin.origin });
	if (!service.ok) throw new Error(service.error.message);
	const found: Diagnosis[] = [];
	for await (const each of diagnoseHostnames(service.value)) found.push(each);
	return found;
}

it.each([
	[{}, ['unknown']],
	[{ counts: { ready: 2 } }, ['ok']],
	[{ counts: { ready: 2, waiting: 1, queued: 1, stuck: 1, leaving: 1 } }, ['ok']],
	[{ counts: { ready: 2, 'over-limit': 1 } }, ['missing']],
	[{ counts: { ready: 2, refused: 1 } }, ['missing']],
	[{ counts: { ready: 2, going: 1 } }, ['missing']],
	[{ counts: { ready: 2, unknown: 1 } }, ['missing']],
	[{ counts: { ready: 2 }, failure: 'Cloudflare does not answer' }, ['missing']],
	[{ failure: 'Cloudflare does not answer' }, ['missing']],
	[{ counts: { 'over-limit': 1 }, failure: 'Cloudflare does not answer' }, ['missing', 'missing']],
	[{ usage: { used: 1, limit: 100, included: 100, hardCap: 5000 } }, ['unknown']],
	[{ on: false, counts: { refused: 1 } }, []],
] as const)('%j: %j', async (view, states) => {
	const found = await diagnose(view);
	expect(found.map(({ state }) => state)).toEqual(states);
	expect(found.every(({ state, todo }) => state !== 'missing' || todo !== undefined)).toBe(true);
});
