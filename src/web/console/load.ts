/** What a page needs from the API, and what becomes of it. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Result } from '../../lib/result.ts';
import type { Refusal } from './api.ts';

export interface Loading<T> {
	/** Null while it is asked for the first time. */
	readonly result: Result<T, Refusal> | null;
	readonly again: () => void;
}

/** Asks when the page shows, and again when `key` changes. An answer that comes too late is dropped. */
export function useLoad<T>(key: string, load: () => Promise<Result<T, Refusal>>): Loading<T> {
	const [state, setState] = useState<{ readonly key: string; readonly result: Result<T, Refusal> } | null>(null);
	const latest = useRef(0);
	const loader = useRef(load);
	loader.current = load;
	const again = useCallback(() => {
		latest.current += 1;
		const turn = latest.current;
		void loader.current().then((result) => {
			if (turn === latest.current) setState({ key, result });
		});
	}, [key]);
	useEffect(() => {
		again();
		return () => {
			latest.current += 1;
		};
	}, [again]);
	return { result: state?.key === key ? state.result : null, again };
}
