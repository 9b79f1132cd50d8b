/** Tells the directory everything again: every record that KV has, a page at a time. */
import { ok } from '../../lib/result.ts';
import type { Handler } from '../handler.ts';
import { inTurn } from '../in-turn.ts';

export const rebuildDirectory: Handler = async ({ url, dependencies }) => {
	const { names, cursor } = await dependencies.listKvNames(url.searchParams.get('after'));
	let seen = 0;
	for await (const told of inTurn(names, (name) => dependencies.recordHistory(name).announce(name))) seen += told ? 1 : 0;
	return ok({ body: { seen, next: cursor } });
};
