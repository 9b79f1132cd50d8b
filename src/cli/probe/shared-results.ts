/** What a run has found out once is not found out again for the next domain. */
import { createBoundedMap } from '../../lib/bounded-map.ts';

/** Results that a run keeps: more mail hosts than its domains check at the same time. */
const KEPT_RESULTS = 1024;

interface SharedResult<T> {
	readonly result: Promise<T>;
	/** Whether the next who asks is to find it out again. */
	isDoubtful: boolean;
}

/**
 * A function that does the work for a key the first time it is asked, and gives everybody else the same result, or the same failure.
 * @param isSure whether a result stands for everybody. One that is not, such as a connection that did not come about, may be a moment's: who
 *   asks next finds it out again, and the second result stands, whatever it is.
 */
export function createSharedResults<T>(isSure: (result: T) => boolean): (key: string, work: () => Promise<T>) => Promise<T> {
	const results = createBoundedMap<string, SharedResult<T>>(KEPT_RESULTS);
	return (key, work) => {
		const known = results.get(key);
		if (known !== undefined && !known.isDoubtful) return known.result;
		const shared: SharedResult<T> = { result: work(), isDoubtful: false };
		results.set(key, shared);
		if (known !== undefined) return shared.result;
		return shared.result.then((result) => {
			shared.isDoubtful = !isSure(result);
			return result;
		});
	};
}
