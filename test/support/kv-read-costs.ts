/** Keys of KV that an operation of the admin API reads at most for each record that it is about. */
export const ADMIN_KV_READS = 4;

/**
 * Keys of records that one anonymous request reads from KV at most, by what it asks for. test/http/kv-reads.test.ts measures them at every
 * endpoint, and test/documentation.test.ts compares docs/operate.md, which reckons with them.
 */
export interface KvReadCost {
	/** As the row of the table in docs/operate.md has it. */
	readonly title: string;
	/** Where KV has a list of the wildcards, in an isolate that knows nothing yet as in any other. */
	readonly withList: number;
	/** Where it has none, in an isolate that knows nothing yet. */
	readonly withoutList: number;
}

export const KV_READ_COSTS = {
	known: { title: 'a domain that has a record', withList: 1, withoutList: 1 },
	alias: { title: 'an alias', withList: 2, withoutList: 2 },
	covered: { title: 'a domain under a wildcard', withList: 3, withoutList: 7 },
	unknown: { title: 'a name without a record', withList: 2, withoutList: 7 },
} as const satisfies Readonly<Record<string, KvReadCost>>;

export type AskedDomain = keyof typeof KV_READ_COSTS;
