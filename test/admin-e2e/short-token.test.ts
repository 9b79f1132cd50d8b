/** An operator's token that can be guessed is none. */
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API } from '../../src/contract/api-path.ts';
import { newState, removeState, type Service, startService } from './service.ts';

const SHORT = 'x'.repeat(31);

let state: string;
let service: Service;

beforeAll(async () => {
	state = await newState();
	// Past npm start, which would have refused it.
	service = await startService(state, ['--var', `ADMIN_TOKEN:${SHORT}`]);
});

afterAll(async () => {
	await service.stop();
	await removeState(state);
});

describe('a token of 31 characters', () => {
	it('is refused by npm start', () => {
		const run = spawnSync(process.execPath, ['src/cli/start.ts'], { encoding: 'utf8', env: { ...process.env, ADMIN_TOKEN: SHORT } });
		expect([run.status, run.stderr]).toEqual([2, 'ADMIN_TOKEN must have 32 characters or more.\n']);
	});

	it('opens nothing: the service has no admin then, and its log says why', async () => {
		for (const path of ['/session', '/domains', '/domains/example.com']) {
			const response = await fetch(`${service.origin}${API}${path}`, { headers: { Authorization: `Bearer ${SHORT}` } });
			expect(response.status).toBe(503);
			expect(await response.json()).toMatchObject({ code: 'not-configured' });
		}
		expect(service.output()).toContain('ADMIN_TOKEN is shorter than 32 characters');
		const client = await fetch(`${service.origin}/robots.txt`);
		expect(client.status).toBe(200);
	});
});
