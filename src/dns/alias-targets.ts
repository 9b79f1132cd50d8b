/** Follows the aliases of an answer that its server did not follow, because their targets are in other zones. */
import type { LiveRecord } from './live-zone.ts';
import type { DnsQuery } from './service-names.ts';

/** Asks DNS; null where there is no usable answer. */
export type DnsQuestion = (query: DnsQuery) => Promise<readonly LiveRecord[] | null>;

/** How many further targets of aliases are queried: a server that answers only for its own zones leaves them to the client. */
const MAX_FURTHER_QUERIES = 4;

/** The records of an answer with those to which its aliases lead. */
export async function withAliasTargets(
	ask: DnsQuestion,
	{ name, type }: DnsQuery,
	records: readonly LiveRecord[],
): Promise<readonly LiveRecord[]> {
	let all = records;
	for (let further = 0; further < MAX_FURTHER_QUERIES; further++) {
		const end = endOfAliases(name, all);
		if (end === name || all.some((record) => record.name === end)) return all;
		const more = await ask({ name: end, type });
		if (more === null || more.length === 0) return all;
		all = [...all, ...more];
	}
	return all;
}

function endOfAliases(name: string, records: readonly LiveRecord[]): string {
	const seen = new Set<string>();
	let current = name;
	for (;;) {
		const alias = records.find((record) => record.type === 'CNAME' && record.name === current);
		if (alias === undefined || seen.has(current)) return current;
		seen.add(current);
		current = alias.data.replace(/\.$/, '');
	}
}
