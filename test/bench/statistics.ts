/** The middle value; of two middle values the mean. Throws for an empty list. */
export function median(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	const low = sorted[Math.floor((sorted.length - 1) / 2)];
	const high = sorted[Math.ceil((sorted.length - 1) / 2)];
	if (low === undefined || high === undefined) throw new Error('the median of nothing');
	return (low + high) / 2;
}

export interface Spread {
	readonly min: number;
	readonly median: number;
	readonly max: number;
}

export function spread(values: readonly number[]): Spread {
	return { min: Math.min(...values), median: median(values), max: Math.max(...values) };
}
