/** Says which domains are aliases of one, before that one is changed or deleted. */
import type { OperationOutput } from '../../contract/client.ts';

/** Names that are written out; the others are counted. */
const NAMED = 10;

/** Null where nothing is an alias of the domain, and nothing could be one unseen. */
export function describeAliases(domain: string, { aliases, hidden, unknown, next }: OperationOutput<'readAliases'>): string | null {
	const named = aliases.slice(0, NAMED).join(', ');
	const isMore = aliases.length > NAMED || next !== null;
	const texts = [
		aliases.length === 0 ? [] : `aliases of ${domain}: ${named}${isMore ? ', …' : ''}`,
		hidden === 0 ? [] : `${hidden} that you may not read ${hidden === 1 ? 'is an alias' : 'are aliases'} of ${domain}`,
		unknown === 0 ? [] : `of ${unknown} records it is not known whether they are aliases (signpost rebuild directory)`,
	].flat();
	return texts.length === 0 ? null : texts.join('; ');
}
