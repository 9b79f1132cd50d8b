/** The admin API, as far as commands read records from it. The one place that knows its paths. */
import { err, ok, type Result } from '../lib/result.ts';
import type { Trouble } from './terminal.ts';

/** Reads one record. A service that is down or refuses is trouble; a domain that it does not know is null. */
export function readFromApi(
	base: string,
): (key: string) => Promise<Result<{ readonly from: string; readonly input: unknown } | null, Trouble>> {
	return async (key) => {
		const path = `admin/api/domains/${encodeURIComponent(key.replace(/^record:/, ''))}`;
		const origin = base.endsWith('/') ? base : `${base}/`;
		const url = URL.canParse(path, origin) ? new URL(path, origin) : null;
		if (url === null || (url.protocol !== 'https:' && url.hostname !== 'localhost' && url.hostname !== '127.0.0.1'))
			return err({
				what: `--api ${base} is no https URL`,
				todo: 'The token would go over the wire in the clear. Only localhost may be http.',
			});
		const token = process.env.SIGNPOST_TOKEN;
		if (token === undefined || token === '') return err({ what: 'SIGNPOST_TOKEN is not set', todo: 'Put an admin or domain token there.' });
		const response = await fetch(url, { headers: { Authorization: `Bearer ${token}` }, redirect: 'error' }).catch((error: Error) => error);
		if (response instanceof Error) return err({ what: `${url.origin} does not answer: ${response.message}` });
		if (response.status === 404) return ok(null);
		if (!response.ok)
			return err({
				what: `${url.origin} answers ${response.status}`,
				todo: response.status === 401 ? 'Is the token in SIGNPOST_TOKEN right, and not revoked?' : undefined,
			});
		const body: unknown = await response.json();
		// The record alone, or the record in an envelope with its revision.
		return ok({ from: url.href, input: typeof body === 'object' && body !== null && 'record' in body ? body.record : body });
	};
}
