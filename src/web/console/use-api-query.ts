/** Loads what a page shows from the admin API. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Result } from '../../lib/result.ts';
import type { ApiError } from './api-client.ts';
import { useNewestCall } from './newest-call.ts';

export interface ApiQuery<T> {
	/** Null until the first response arrives. */
	readonly result: Result<T, ApiError> | null;
	readonly refetch: () => void;
}

/**
 * Sends the request when the component mounts and whenever `key` changes. `key` must name everything that the request depends on. A
 * response that arrives after a newer request was sent is ignored.
 */
export function useApiQuery<T>(key: string, load: () => Promise<Result<T, ApiError>>): ApiQuery<T> {
	const [state, setState] = useState<{ readonly key: string; readonly result: Result<T, ApiError> } | null>(null);
	const begin = useNewestCall();
	const request = useRef(load);
	request.current = load;
	const send = useCallback(() => {
		const isNewest = begin();
		void request.current().then((result) => {
			if (isNewest()) setState({ key, result });
		});
	}, [key]);
	useEffect(() => {
		send();
		return () => void begin();
	}, [send]);
	return { result: state?.key === key ? state.result : null, refetch: send };
}
