/** The latest few lines of each kind that were not understood, to be shown to the administrator. */

const MAX_SAMPLES = 3;

/** Characters of a line that are shown. */
const MAX_SAMPLE_LENGTH = 400;

export interface LineSamples {
	/** @param key lines that are kept together */
	add(key: string, line: string): void;
	/** The latest of several keys. */
	lines(keys: Iterable<string>): readonly string[];
	keys(): Iterable<string>;
}

/** Keys beyond which none is added: what is shown is three lines. */
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
			// A copy: a slice would keep alive the piece of the log that it was cut from.
			known.push(Buffer.from(line.slice(0, MAX_SAMPLE_LENGTH).trim()).toString());
			if (known.length > MAX_SAMPLES) known.shift();
		},
		lines: (keys) => [...keys].flatMap((key) => samples.get(key) ?? []).slice(-MAX_SAMPLES),
		keys: () => samples.keys(),
	};
}
