/** Keeps the latest few lines of each kind that were not understood, to show them to the administrator. */

const MAX_SAMPLES = 3;

/** How many characters of a line are shown. */
const MAX_SAMPLE_LENGTH = 400;

export interface LineSamples {
	/** @param key names the kind; the latest lines are kept for each */
	add(key: string, line: string): void;
	/** The latest lines of several keys together. */
	lines(keys: Iterable<string>): readonly string[];
	keys(): Iterable<string>;
}

/** How many keys are kept at most; only three lines are shown in the end. */
const MAX_KEYS = 2000;

export function createLineSamples(): LineSamples {
	const samples = new Map<string, string[]>();
	return {
		add(key, line) {
			const known = samples.get(key) ?? [];
			if (known.length === 0) {
				if (samples.size >= MAX_KEYS) return;
				samples.set(key, known);
			}
			// The line is copied, because a slice would keep the whole piece of the log in memory that it was cut from.
			known.push(Buffer.from(line.slice(0, MAX_SAMPLE_LENGTH).trim()).toString());
			if (known.length > MAX_SAMPLES) known.shift();
		},
		lines: (keys) => [...keys].flatMap((key) => samples.get(key) ?? []).slice(-MAX_SAMPLES),
		keys: () => samples.keys(),
	};
}
