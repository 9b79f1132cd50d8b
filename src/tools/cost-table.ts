/**
 * What the service costs a month on Cloudflare, by the number of domains: the table of docs/operate.md, reckoned from list prices and from
 * operations that test/admin/operation-costs.test.ts counts.
 */

/** The list price of one kind of operation. */
interface Price {
	/** Allowed each day on the free plan. */
	readonly freePerDay: number;
	/** Included each month in the paid plan. */
	readonly included: number;
	/** Dollars for a million beyond that. */
	readonly perMillion: number;
}

/** Cloudflare's pages on the prices of Workers, KV and Durable Objects, as docs/operate.md names them; read 2026-11. */
export const PRICES = {
	requests: { freePerDay: 100_000, included: 10_000_000, perMillion: 0.3 },
	kvReads: { freePerDay: 100_000, included: 10_000_000, perMillion: 0.5 },
	kvWrites: { freePerDay: 1_000, included: 1_000_000, perMillion: 5 },
	objectRequests: { freePerDay: 100_000, included: 1_000_000, perMillion: 0.15 },
} as const satisfies Readonly<Record<string, Price>>;

type Operation = keyof typeof PRICES;
export type OperationCounts = Readonly<Record<Operation, number>>;

/** Dollars a month that the paid plan costs before anything is beyond what it includes. */
const PAID_PLAN = 5;

const TITLES: Readonly<Record<Operation, string>> = {
	requests: 'requests',
	kvReads: 'KV reads',
	kvWrites: 'KV writes',
	objectRequests: 'Durable Object requests',
};

/** One look-up of a client, of a domain that has a record, in an isolate that does not remember it. */
export const LOOK_UP: OperationCounts = { requests: 1, kvReads: 1, kvWrites: 0, objectRequests: 0 };

/** One save of a record through the API, with the token of a customer, at most: within a day of the one before. */
export const SAVE: OperationCounts = { requests: 1, kvReads: 2, kvWrites: 1, objectRequests: 6 };

/** One result of a check that is sent with the token of a customer, and has got no worse. One that has costs a Durable Object request more. */
export const SENT_CHECK: OperationCounts = { requests: 1, kvReads: 0, kvWrites: 0, objectRequests: 2 };

/** What one domain is reckoned to cause each month. */
const LOOK_UPS_PER_MONTH = 100;
const SAVES_PER_MONTH = 1;

const DAYS = 30;
const MILLION = 1_000_000;

/** The operations of a month in which each of the domains is looked up and saved as often as is reckoned with. */
export function monthlyCounts(domains: number): OperationCounts {
	const count = (operation: Operation) => domains * (LOOK_UPS_PER_MONTH * LOOK_UP[operation] + SAVES_PER_MONTH * SAVE[operation]);
	return {
		requests: count('requests'),
		kvReads: count('kvReads'),
		kvWrites: count('kvWrites'),
		objectRequests: count('objectRequests'),
	};
}

/** Dollars on the paid plan. */
export function paidPrice(counts: OperationCounts): number {
	const beyond = (operation: Operation) =>
		(Math.max(0, counts[operation] - PRICES[operation].included) / MILLION) * PRICES[operation].perMillion;
	return PAID_PLAN + OPERATIONS.reduce((sum, operation) => sum + beyond(operation), 0);
}

const OPERATIONS: readonly Operation[] = ['requests', 'kvReads', 'kvWrites', 'objectRequests'];

/** The operations of which an even month needs more on each day than the free plan allows. */
export function beyondFreePlan(counts: OperationCounts): readonly Operation[] {
	return OPERATIONS.filter((operation) => counts[operation] / DAYS > PRICES[operation].freePerDay);
}

/** Days in which the free plan takes the first save of so many domains: its scarcest operation decides. */
export function daysOfFirstSaves(domains: number): number {
	return Math.max(...OPERATIONS.map((operation) => Math.ceil((domains * SAVE[operation]) / PRICES[operation].freePerDay)));
}

const number = (value: number) => value.toLocaleString('en');

/** The columns of the table. */
export const COST_COLUMNS = [
	'domains',
	...OPERATIONS.map((operation) => `${TITLES[operation]} a month`),
	'free plan',
	'paid plan, a month',
];

export function costRows(): readonly (readonly string[])[] {
	return [10, 1_000, 100_000].map((domains) => {
		const counts = monthlyCounts(domains);
		const beyond = beyondFreePlan(counts);
		const days = daysOfFirstSaves(domains);
		return [
			number(domains),
			...OPERATIONS.map((operation) => number(counts[operation])),
			beyond.length === 0
				? `$0; first saves in ${days === 1 ? 'a day' : `${days} days`}`
				: `too small: ${beyond.map((each) => TITLES[each]).join(', ')}`,
			`$${paidPrice(counts).toFixed(2)}`,
		];
	});
}
