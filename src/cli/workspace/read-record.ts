/** A record through the admin API, for the commands that only read one. */
import { ok, type Result } from '../../lib/result.ts';
import type { Failure } from '../terminal.ts';
import { createAdminApiClient } from './admin-api-client.ts';

/** @returns null where the service has no record under that key (`record:example.org`) */
export function createApiRecordReader(
	base: string,
): (key: string) => Promise<Result<{ readonly from: string; readonly input: unknown } | null, Failure>> {
	return async (key) => {
		const api = createAdminApiClient(base);
		if (!api.ok) return api;
		const path = `/domains/${encodeURIComponent(key.replace(/^record:/, ''))}`;
		const answer = await api.value.request('GET', path);
		if (!answer.ok) return answer;
		const { json } = answer.value;
		const record: unknown = typeof json === 'object' && json !== null ? Reflect.get(json, 'record') : null;
		return ok(record === null || record === undefined ? null : { from: `${api.value.origin}${path}`, input: record });
	};
}
