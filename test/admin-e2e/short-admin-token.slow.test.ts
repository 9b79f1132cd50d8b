/** An operator's token that can be guessed is none. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { API_BASE_PATH } from '../../src/contract/operation.ts';
import {
	createStateFolder,
	OPERATOR_HEADERS,
	OPERATOR_TOKEN,
	removeStateFolder,
	startAdminService,
	useAdminService,
} from '../support/admin-service.ts';

const SHORT_TOKEN = 'x'.repeat(31);

// npm start would refuse it.
const service = useAdminService(() => ({ ADMIN_TOKEN: SHORT_TOKEN }));

describe('a token of 31 characters', () => {
	it('is refused by npm start', () => {
		const run = spawnSync(process.execPath, ['src/tools/start.ts'], {
			encoding: 'utf8',
			env: { ...process.env, ADMIN_TOKEN: SHORT_TOKEN },
		});
		expect([run.status, run.stderr]).toEqual([2, 'ADMIN_TOKEN must have 32 characters or more.\n']);
	});

	it('opens nothing: the service has no admin then, and its log says why', async () => {
		for (const path of ['/session', '/domains', '/domains/example.com']) {
			const response = await fetch(`${service.origin}${API_BASE_PATH}${path}`, { headers: { Authorization: `Bearer ${SHORT_TOKEN}` } });
			expect(response.status).toBe(503);
			expect(await response.json()).toMatchObject({ code: 'not-configured' });
		}
		expect(service.output()).toContain('ADMIN_TOKEN is shorter than 32 characters');
		const client = await fetch(`${service.origin}/robots.txt`);
		expect(client.status).toBe(200);
	});
});

// /proc is Linux's; what npm start does is the same elsewhere.
it.runIf(existsSync('/proc/self/cmdline'))('no command line of this machine has the operator’s token', async () => {
	const other = await createStateFolder();
	const running = await startAdminService(other, {});
	try {
		const answer = await fetch(`${running.origin}${API_BASE_PATH}/session`, { headers: OPERATOR_HEADERS });
		expect(await answer.json()).toMatchObject({ who: 'operator' });
		const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
		const lines = ids.map((id) => {
			try {
				return readFileSync(`/proc/${id}/cmdline`, 'utf8');
			} catch {
				// It has ended in between.
				return '';
			}
		});
		expect(lines.filter((line) => line.includes('wrangler') && line.includes(String(running.port)))).not.toEqual([]);
		expect(lines.filter((line) => line.includes(OPERATOR_TOKEN))).toEqual([]);
	} finally {
		await running.stop();
		await removeStateFolder(other);
	}
});
