/** Keys of KV that an operation of the admin API reads at most for each record that it is about. */
export const ADMIN_KV_READS = 4;

/**
 * Keys of KV that one anonymous request reads at most, by what it asks for. test/http/kv-reads.test.ts measures them at every endpoint, and
 * test/documentation.test.ts compares docs/operate.md, which reckons with them.
 */
export interface KvReadCost {
	/** As the row of the table in docs/operate.md has it. */
	readonly title: string;
	/** In an isolate that knows nothing yet. */
	readonly first: number;
	/** In an isolate that has asked for the same wildcards within half of KEEP_SECONDS. */
	readonly later: number;
}

export const KV_READ_COSTS = {
	known: { title: 'a domain that has a record', first: 1, later: 1 },
	alias: { title: 'an alias', first: 2, later: 2 },
	covered: { title: 'a domain under a wildcard', first: 7, later: 3 },
	unknown: { title: 'a name without a record', first: 7, later: 2 },
	madeUp: { title: 'a name without a record, below a made-up one', first: 7, later: 4 },
} as const satisfies Readonly<Record<string, KvReadCost>>;

export type AskedDomain = keyof typeof KV_READ_COSTS;
