/** Starts the service as a user does, on a free port and with a store of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';

const ROOT = join(import.meta.dirname, '../..');

export interface StartedService {
	readonly port: number;
	/** The process group, which holds every process that was started. */
	readonly group: number;
	/** The output so far. */
	readonly output: () => string;
	/** Sends a signal to what was started, and waits until it and all it started are gone. */
	readonly stop: (signal?: NodeJS.Signals) => Promise<void>;
	/** Kills the whole tree at once, as a power cut would. */
	readonly crash: () => Promise<void>;
}

/**
 * Starts `npm start`'s own program and waits until it has said what to try.
 * @param more of the environment
 * @param options more of npm start's options
 * @param wantedPort null for any that is free
 */
export async function spawnService(
	state: string,
	more: Readonly<Record<string, string>> = {},
	options: readonly string[] = [],
	wantedPort: number | null = null,
): Promise<StartedService> {
	const port = wantedPort ?? (await freePort());
	const child = spawn(process.execPath, ['src/tools/start.ts', '--port', String(port), '--state', state, ...options], {
		cwd: ROOT,
		stdio: ['ignore', 'pipe', 'pipe'],
		env: { ...process.env, ...more },
		// A process group of its own, so that a crash reaches all of it.
		detached: true,
	});
	let output = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
	// A machine that is busy with other things takes minutes to build the pages.
	const deadline = Date.now() + 300_000;
	while (!output.includes('Ctrl-C ends it')) {
		if (child.exitCode !== null || Date.now() > deadline) {
			if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
			throw new Error(`not started:\n${output}`);
		}
		await sleep(50);
	}
	return {
		port,
		group: child.pid ?? 0,
		output: () => output,
		stop: async (signal = 'SIGTERM') => {
			child.kill(signal);
			await waitForExit(child);
		},
		crash: async () => {
			if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
			await waitForExit(child);
		},
	};
}

/** Waits until no process of the child's group is left. */
async function waitForExit({ pid }: ChildProcess): Promise<void> {
	if (pid === undefined) return;
	const deadline = Date.now() + 20_000;
	while (Date.now() < deadline) {
		try {
			process.kill(-pid, 0);
		} catch {
			// ESRCH: the group is empty.
			return;
		}
		await sleep(50);
	}
	process.kill(-pid, 'SIGKILL');
	throw new Error('processes were left running');
}
