/** A core for the server, another for the load, where the machine has two and `taskset` is there. */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

const canPin = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;

/** The command, on one core. `taskset` becomes the program it starts: the process id is the program's own. */
export function pinnedCommand(core: 'server' | 'load', command: readonly string[]): readonly [string, ...string[]] {
	const [program, ...rest] = command;
	if (program === undefined) throw new Error('no command');
	return canPin ? ['taskset', '--cpu-list', core === 'server' ? '0' : '1', ...command] : [program, ...rest];
}

/** How the cores are shared, in words. */
export const PINNING = canPin
	? 'server on core 0, load on core 1'
	: 'server and load share the cores: taskset is not there, or there is one core only';
