import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startServerProcess } from '../support/server-process.ts';

/** Starts a child that outlives its parent; prints its number, and then that it is ready. */
const SHELL_WITH_CHILD = 'sleep 1000 & echo "pid $!"; echo ready';

async function startShell(script: string) {
	const server = startServerProcess('sh', ['-c', script]);
	await server.waitUntil(() => server.output().includes('ready'));
	return { server, pid: Number(/pid (\d+)/.exec(server.output())?.[1]) };
}

/** Whether the process runs; one that has ended stays listed as a zombie until the first process of the system takes notice. */
function isRunning(pid: number): boolean {
	const stat = `/proc/${pid}/stat`;
	return existsSync(stat) && !/\) [ZX] /.test(readFileSync(stat, 'utf8'));
}

describe('a server of a test', () => {
	it('ends with its children where it ignores SIGTERM', async () => {
		const { server, pid: child } = await startShell(`trap "" TERM; ${SHELL_WITH_CHILD}; while :; do sleep 1; done`);
		expect(isRunning(child)).toBe(true);
		await server.stop();
		expect([server.failure(), isRunning(child)]).toEqual([expect.stringContaining('ended by SIGKILL'), false]);
	});

	it('can be stopped where a signal has ended it before', async () => {
		const { server, pid } = await startShell('echo "pid $$"; echo ready; sleep 1000');
		process.kill(pid, 'SIGKILL');
		await server.stop();
		await server.stop();
		expect(server.failure()).toContain('ended by SIGKILL');
	});

	it('says what it printed where it does not start, and leaves no child', async () => {
		const server = startServerProcess('sh', ['-c', `${SHELL_WITH_CHILD}; echo "no such key" >&2; exit 3`]);
		await expect(server.waitUntil(() => false)).rejects.toThrow(/sh ended with 3: .*no such key/s);
		await expect(startServerProcess('/nowhere/program', []).waitUntil(() => false)).rejects.toThrow('before it began');
	});

	it('is stopped where it is not ready in time', async () => {
		const server = startServerProcess('sh', ['-c', 'echo still loading; sleep 1000'], { startMs: 300 });
		await expect(server.waitUntil(() => false)).rejects.toThrow('not ready within 0.3 s: still loading');
		expect(server.failure()).toContain('ended by SIGTERM');
	});
});
