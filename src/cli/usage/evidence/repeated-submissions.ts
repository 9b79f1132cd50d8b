/**
 * The same log given twice, as mail.log.1 and a copy of it in an archive: each submission counts once. Within one file every line counts; of several files the one counts that
 * has a submission most often.
 */

/** Submissions that are compared, at the most: 60 MB. Beyond that, copies count twice: a share is shown wrong, and no verdict. */
const MAX_COMPARED = 3_000_000;

export interface RepeatedSubmissions {
	nextFile(): void;
	/** @returns whether it counts */
	isNew(key: string): boolean;
}

/** An open hash table; `most` and `current` are how often the file that had a submission most often, and the one that is read now, have had it. */
interface Table {
	readonly keys: Float64Array;
	readonly files: Uint16Array;
	readonly most: Uint16Array;
	readonly current: Uint16Array;
}

export function createRepeatedSubmissions(): RepeatedSubmissions {
	let file = 0;
	let filled = 0;
	let table = emptyTable(1 << 12);
	return {
		nextFile() {
			file = Math.min(file + 1, 0xffff);
		},
		isNew(key) {
			const hash = hashOf(key);
			const slot = slotOf(table, hash);
			const { keys, files, most, current } = table;
			if (keys[slot] === 0) {
				if (filled >= MAX_COMPARED) return true;
				filled += 1;
				keys[slot] = hash;
			}
			const count = files[slot] === file ? Math.min((current[slot] ?? 0) + 1, 0xffff) : 1;
			files[slot] = file;
			current[slot] = count;
			const counts = count > (most[slot] ?? 0);
			if (counts) most[slot] = count;
			if (filled > keys.length * 0.7) table = grown(table);
			return counts;
		},
	};
}

function emptyTable(slots: number): Table {
	return { keys: new Float64Array(slots), files: new Uint16Array(slots), most: new Uint16Array(slots), current: new Uint16Array(slots) };
}

function slotOf({ keys }: Table, hash: number): number {
	let slot = (hash >>> 0) & (keys.length - 1);
	while (keys[slot] !== 0 && keys[slot] !== hash) slot = (slot + 1) & (keys.length - 1);
	return slot;
}

function grown(table: Table): Table {
	const larger = emptyTable(table.keys.length * 2);
	for (const [at, hash] of table.keys.entries()) {
		if (hash === 0) continue;
		const slot = slotOf(larger, hash);
		larger.keys[slot] = hash;
		larger.files[slot] = table.files[at] ?? 0;
		larger.most[slot] = table.most[at] ?? 0;
		larger.current[slot] = table.current[at] ?? 0;
	}
	return larger;
}

/** 53 bits of cyrb53, never 0: two of a million submissions share one once in nine thousand logs. */
function hashOf(text: string): number {
	let [a, b] = [0xdeadbeef, 0x41c6ce57];
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		a = Math.imul(a ^ code, 2654435761);
		b = Math.imul(b ^ code, 1597334677);
	}
	a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
	b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
	return 4294967296 * (2097151 & b) + (a >>> 0) || 1;
}
