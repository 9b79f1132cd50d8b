/** Tells the directory everything again: every record that KV has, a page at a time. */
import { ok } from '../lib/result.ts';
import type { Handler } from './ask.ts';
import { inTurn } from './in-turn.ts';

export const rebuildDirectory: Handler = async ({ url, parts }) => {
	const { names, cursor } = await parts.kvNames(url.searchParams.get('after'));
	let seen = 0;
	for await (const told of inTurn(names, (name) => parts.keepers(name).announce(name))) seen += told ? 1 : 0;
	return ok({ body: { seen, next: cursor } });
};
