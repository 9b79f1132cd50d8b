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

/** How many lines may come until those that are left of them are copied: few are. */
const MAX_NOT_COPIED = 64;

export function createLineSamples(): LineSamples {
	const samples = new Map<string, string[]>();
	const changed = new Set<string[]>();
	let notCopied = 0;

	/** Copies the lines, because a slice would keep the whole piece of the log in memory that it was cut from. */
	function copyChanged(): void {
		for (const lines of changed) for (const [at, line] of lines.entries()) lines[at] = Buffer.from(line.trim()).toString();
		changed.clear();
		notCopied = 0;
	}

	return {
		add(key, line) {
			const known = samples.get(key) ?? [];
			if (known.length === 0) {
				if (samples.size >= MAX_KEYS) return;
				samples.set(key, known);
			}
			known.push(line.slice(0, MAX_SAMPLE_LENGTH));
			if (known.length > MAX_SAMPLES) known.shift();
			changed.add(known);
			notCopied += 1;
			if (notCopied >= MAX_NOT_COPIED) copyChanged();
		},
		lines(keys) {
			copyChanged();
			return [...keys].flatMap((key) => samples.get(key) ?? []).slice(-MAX_SAMPLES);
		},
		keys: () => samples.keys(),
	};
}
