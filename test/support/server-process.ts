/**
 * Real servers as processes of a test, none of which can keep the test's worker from ending: what they print goes to a file and not to a
 * pipe that their own children would hold open, Node does not wait for them, each has a process group of its own, and every wait has a limit.
 */
import { type StdioOptions, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { connect, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ServerProcess {
	/** Why it is not ready: it has ended, with what it printed. Null while it runs. */
	failure(): string | null;
	/** What it has printed so far, on both channels. */
	output(): string;
	/** Ends it and its process group; resolves when it has ended, at once where it has ended before. */
	stop(): Promise<void>;
	/** Waits until it is ready. @throws with what it printed, where it ends before or takes too long; it is stopped then */
	waitUntil(isReady: () => boolean | Promise<boolean>): Promise<void>;
}

export interface ServerProcessOptions {
	/** SIGTERM by default; a process that has not ended a few seconds later gets SIGKILL. */
	readonly signal?: 'SIGTERM' | 'SIGKILL';
	/** Whether its standard input stays open: openssl s_server ends a connection when it reads the end of it. */
	readonly hasOpenInput?: boolean;
	readonly env?: NodeJS.ProcessEnv;
	/** Milliseconds that it has to become ready: several may start at once on a busy machine. */
	readonly startMs?: number;
}

/** Milliseconds that a process has to end after its signal, and then after SIGKILL. */
const END_MS = 5000;

/** Numbers of the processes that run, each of which leads a process group. */
const running = new Set<number>();

// What a test has not stopped ends with the test's worker.
process.once('exit', () => {
	for (const pid of running) killGroup(pid, 'SIGKILL');
});

function killGroup(pid: number, signal: NodeJS.Signals): void {
	try {
		process.kill(-pid, signal);
	} catch {
		// Of the group nobody is left.
	}
}

export function startServerProcess(program: string, args: readonly string[], options: ServerProcessOptions = {}): ServerProcess {
	const { signal = 'SIGTERM', hasOpenInput = false, env = process.env, startMs = 30_000 } = options;
	const folder = mkdtempSync(join(tmpdir(), 'signpost-output-'));
	const file = join(folder, 'output');
	const descriptor = openSync(file, 'w');
	const stdio: StdioOptions = [hasOpenInput ? 'pipe' : 'ignore', descriptor, descriptor];
	const child = spawn(program, args, { stdio, detached: true, env });
	closeSync(descriptor);
	let ended: string | null = null;
	child.once('exit', (code, by) => {
		ended ??= by === null ? `with ${code}` : `by ${by}`;
	});
	child.once('error', (error) => {
		ended ??= `before it began: ${error.message}`;
	});
	child.unref();
	if (child.stdin instanceof Socket) child.stdin.unref();

	const output = () => {
		try {
			return readFileSync(file, 'utf8');
		} catch {
			return '';
		}
	};
	const failure = () => (ended === null ? null : `${program} ended ${ended}: ${output().slice(-4000)}`);
	const { pid } = child;
	if (pid !== undefined) running.add(pid);
	const signalGroup = (each: NodeJS.Signals) => {
		if (pid !== undefined) killGroup(pid, each);
	};
	const hasEnded = async () => {
		for (let waited = 0; waited < END_MS && ended === null; waited += 20) await sleep(20);
		return ended !== null;
	};
	const stop = async () => {
		if (ended === null) signalGroup(signal);
		const isOver = await hasEnded();
		// Children of it may be left even where it has ended itself.
		signalGroup('SIGKILL');
		if (!isOver && !(await hasEnded())) throw new Error(`${program} (process ${pid}) does not end after SIGKILL`);
		if (pid !== undefined) running.delete(pid);
		rmSync(folder, { recursive: true, force: true });
	};
	return {
		failure,
		output,
		stop,
		async waitUntil(isReady) {
			for (let waited = 0; waited < startMs; waited += 100) {
				const failed = failure();
				if (failed !== null) {
					await stop();
					throw new Error(failed);
				}
				if (await isReady()) return;
				await sleep(100);
			}
			const said = output().slice(-4000);
			await stop();
			throw new Error(`${program} is not ready within ${startMs / 1000} s: ${said}`);
		},
	};
}

/** Whether somebody takes connections there; no where nothing answers within a second. */
export function isListening(port: number, address: string): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect(port, address);
		const end = (answer: boolean) => {
			socket.destroy();
			resolve(answer);
		};
		socket.once('connect', () => end(true));
		socket.once('error', () => end(false));
		socket.setTimeout(1000, () => end(false));
	});
}
