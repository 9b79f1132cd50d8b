/** What a page needs from the API, and what becomes of it. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Result } from '../../lib/result.ts';
import type { ApiError } from './api-client.ts';

export interface ApiQuery<T> {
	/** Null while it is asked for the first time. */
	readonly result: Result<T, ApiError> | null;
	readonly refetch: () => void;
}

/** Asks when the page shows, and again when `key` changes. An answer that comes too late is dropped. */
export function useApiQuery<T>(key: string, load: () => Promise<Result<T, ApiError>>): ApiQuery<T> {
	const [state, setState] = useState<{ readonly key: string; readonly result: Result<T, ApiError> } | null>(null);
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
	return { result: state?.key === key ? state.result : null, refetch: again };
}
