/** For calls that a person can begin again before the first has answered. */
import { useRef } from 'preact/hooks';

/**
 * Returns a function that begins a call. What it returns says whether the call is still the newest: an answer to an older one is out of
 * date, and must not replace what has been chosen since.
 */
export function useNewestCall(): () => () => boolean {
	const newest = useRef(0);
	return () => {
		newest.current += 1;
		const own = newest.current;
		return () => own === newest.current;
	};
}
