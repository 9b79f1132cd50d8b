/** Progress of long work, on stderr. */

/** Shows a counter on stderr once the work takes longer than a second: redrawn in place on a terminal, otherwise a line every ten seconds. */
export interface Progress {
	step(label: string): void;
	done(): void;
}

const PROGRESS_DELAY_MS = 1000;
const PROGRESS_LINE_INTERVAL_MS = 10_000;

/** @param total the number of steps; null where it is not known in advance */
export function createProgress(total: number | null): Progress {
	const begun = Date.now();
	const live = process.stderr.isTTY === true;
	let finished = 0;
	let last = begun;
	return {
		step(label) {
			finished += 1;
			const now = Date.now();
			if (now - begun < PROGRESS_DELAY_MS) return;
			const count = `${finished}${total === null ? '' : `/${total}`} ${label}`;
			if (live) process.stderr.write(`\r\u001b[K${count}`);
			else if (now - last >= PROGRESS_LINE_INTERVAL_MS) {
				last = now;
				process.stderr.write(`${count}\n`);
			}
		},
		done() {
			if (live && Date.now() - begun >= PROGRESS_DELAY_MS) process.stderr.write('\r\u001b[K');
		},
	};
}

/** Says on stderr what is being waited for, once that takes longer than a second. */
export async function withStatusLine<T>(label: string, work: Promise<T>): Promise<T> {
	const live = process.stderr.isTTY === true;
	const timer = setTimeout(() => process.stderr.write(live ? `${label} …` : `${label} …\n`), PROGRESS_DELAY_MS);
	const begun = Date.now();
	try {
		return await work;
	} finally {
		clearTimeout(timer);
		if (live && Date.now() - begun >= PROGRESS_DELAY_MS) process.stderr.write('\r\u001b[K');
	}
}
