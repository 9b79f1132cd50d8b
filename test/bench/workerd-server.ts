/** A `workerd serve` under measurement. */
import { spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { pinnedCommand } from './cpu-pinning.ts';

export interface WorkerdServer {
	readonly pid: number;
	/** The port of each socket, by its name. */
	readonly ports: ReadonlyMap<string, number>;
	/** Seconds of CPU used so far, in user and kernel mode. */
	readonly cpu: () => number;
	/** Bytes of memory that are resident now. */
	readonly memory: () => number;
	readonly stop: () => Promise<void>;
}

// The clock of /proc/PID/stat: USER_HZ, which is 100 on every Linux that Node runs on (proc(5)).
const TICKS_PER_SECOND = 100;

// Its package names the platform's binary; Wrangler brings it.
const { default: WORKERD } = createRequire(import.meta.url)('workerd') as { readonly default: string };

/**
 * Starts workerd and waits until all its sockets listen. Its output, a line a request, goes to /dev/null; what it says
 * on the error channel into a file.
 * @param moreOptions of `workerd serve`
 */
export async function startWorkerd(
	config: string,
	sockets: readonly string[],
	log: string,
	moreOptions: readonly string[] = [],
): Promise<WorkerdServer> {
	const [program, ...options] = pinnedCommand('server', [WORKERD, 'serve', '--control-fd=3', ...moreOptions, config]);
	const errors = openSync(log, 'w');
	// V8 may write files of its own, where the process is.
	const child = spawn(program, options, { stdio: ['ignore', 'ignore', errors, 'pipe'], cwd: dirname(config) });
	const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
	const stop = () => {
		child.kill('SIGKILL');
		return ended;
	};
	const ports = new Map<string, number>();
	const listening = (async () => {
		for await (const line of createInterface(child.stdio[3] as Readable)) {
			const { event, socket, port } = JSON.parse(line) as { event: string; socket?: string; port?: number };
			if (event === 'listen' && socket !== undefined && port !== undefined) ports.set(socket, port);
			if (sockets.every((name) => ports.has(name))) return;
		}
	})();
	await Promise.race([listening, ended]);
	if (!sockets.every((name) => ports.has(name))) {
		await stop();
		throw new Error(`workerd did not start:\n${readFileSync(log, 'utf8')}`);
	}
	const { pid } = child;
	if (pid === undefined) throw new Error(`${program} did not start`);
	return { pid, ports, cpu: () => cpuSeconds(pid), memory: () => residentBytes(pid), stop };
}

/** proc(5): VmRSS in /proc/PID/status, in units of 1,024 bytes. */
function residentBytes(pid: number): number {
	const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
	if (found === undefined) throw new Error(`/proc/${pid}/status is not as expected`);
	return Number(found) * 1024;
}

/** proc(5): utime and stime are the fields 14 and 15; the second, the name in parentheses, may hold blanks. */
function cpuSeconds(pid: number): number {
	const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	const [utime, stime] = [fields[11], fields[12]];
	if (utime === undefined || stime === undefined) throw new Error(`/proc/${pid}/stat is not as expected`);
	return (Number(utime) + Number(stime)) / TICKS_PER_SECOND;
}
