/** Tells the directory everything again: every record that KV has, a page at a time. */

import { MAX_CONCURRENT_SUBREQUESTS } from '../../contract/limits.ts';
import { streamConcurrently } from '../../lib/concurrency.ts';
import { ok } from '../../lib/result.ts';
import type { Handler } from '../handler.ts';

export const rebuildDirectory: Handler = async ({ url, dependencies }) => {
	const { names, cursor } = await dependencies.listKvNames(url.searchParams.get('after'));
	let seen = 0;
	for await (const told of streamConcurrently(names, MAX_CONCURRENT_SUBREQUESTS, (name) => dependencies.recordHistory(name).announce(name)))
		seen += told ? 1 : 0;
	return ok({ body: { seen, next: cursor } });
};
