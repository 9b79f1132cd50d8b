/** Remembers the hashes of lines, so that a log that is given twice (mail.log.1 and a copy of it, or twice in one stream) counts once. */

/** How many lines are remembered at most (34 MB). Beyond that, copies count twice, which distorts a share but never a verdict. */
const MAX_KEPT = 3_000_000;

/** How full the table may be; all lines that are kept have room in 2^22 places. */
const MAX_LOAD = 0.75;

export interface LineSet {
	/**
	 * @param parts of a text, which is not put together: there are millions
	 * @returns whether the text is new
	 */
	add(...parts: readonly string[]): boolean;
}

/** Creates an open hash table, which doubles when it is full. */
export function createLineSet(): LineSet {
	let hashes = new Float64Array(1 << 12);
	let filled = 0;
	return {
		add(...parts) {
			const hash = hashOf(...parts);
			const slot = slotOf(hashes, hash);
			if (hashes[slot] === hash) return false;
			if (filled >= MAX_KEPT) return true;
			filled += 1;
			hashes[slot] = hash;
			if (filled > hashes.length * MAX_LOAD) hashes = doubled(hashes);
			return true;
		},
	};
}

function slotOf(hashes: Float64Array, hash: number): number {
	let slot = (hash >>> 0) & (hashes.length - 1);
	while (hashes[slot] !== 0 && hashes[slot] !== hash) slot = (slot + 1) & (hashes.length - 1);
	return slot;
}

function doubled(hashes: Float64Array): Float64Array<ArrayBuffer> {
	const larger = new Float64Array(hashes.length * 2);
	for (const hash of hashes) if (hash !== 0) larger[slotOf(larger, hash)] = hash;
	return larger;
}

/** 53 bits of cyrb53 of the parts of a text, never 0. Among a million lines, two share a hash in one of nine thousand logs. */
export function hashOf(...parts: readonly string[]): number {
	let [a, b] = [0xdeadbeef, 0x41c6ce57];
	for (const part of parts)
		for (let at = 0; at < part.length; at++) {
			const code = part.charCodeAt(at);
			a = Math.imul(a ^ code, 2654435761);
			b = Math.imul(b ^ code, 1597334677);
		}
	a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
	b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
	return 4294967296 * (2097151 & b) + (a >>> 0) || 1;
}
