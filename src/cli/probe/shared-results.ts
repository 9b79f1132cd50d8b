/** What a run has found out once is not found out again for the next domain. */
import { createBoundedMap } from '../../lib/bounded-map.ts';

/** Results that a run keeps: more mail hosts than its domains check at the same time. */
const KEPT_RESULTS = 1024;

/** A function that does the work for a key the first time it is asked, and gives everybody else the same result, or the same failure. */
export function createSharedResults<T>(): (key: string, work: () => Promise<T>) => Promise<T> {
	const results = createBoundedMap<string, Promise<T>>(KEPT_RESULTS);
	return (key, work) => {
		const known = results.get(key);
		if (known !== undefined) return known;
		const result = work();
		results.set(key, result);
		return result;
	};
}
