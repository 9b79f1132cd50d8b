/** CPU time of processes, as Linux counts it in /proc. */
import { readdirSync, readFileSync } from 'node:fs';

/** Ticks of the clock that Linux counts CPU time with, in a second (USER_HZ). */
const TICKS = 100;

/** The fields of a process in /proc behind its name, from its state on; empty when it has ended. */
function readProcess(pid: string): readonly string[] {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
		return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	} catch {
		// It ended between the list and the look.
		return [];
	}
}

function cpuOf(fields: readonly string[]): number {
	return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS;
}

/** CPU seconds of a process so far, without those of programs that it has started. */
export function cpuOfProcess(pid: number): number {
	return cpuOf(readProcess(String(pid)));
}

/** CPU seconds of all processes of a group, so far. */
export function cpuOfGroup(group: number): number {
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.map(readProcess)
		.filter((fields) => Number(fields[2]) === group)
		.reduce((sum, fields) => sum + cpuOf(fields), 0);
}

/** CPU seconds of the programs that this one has started, and that have ended. */
export function cpuOfEndedPrograms(): number {
	const fields = readProcess('self');
	return (Number(fields[13]) + Number(fields[14])) / TICKS;
}
