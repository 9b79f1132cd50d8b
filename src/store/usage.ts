/** The port to the usage numbers: how many requests, by protocol, client family and outcome. Plain data: it goes over RPC. */

/** Requests of one kind. The three words come from fixed lists: no domain, no address, nothing that a client sent. */
export interface Tally {
	readonly protocol: string;
	readonly client: string;
	readonly outcome: string;
	readonly count: number;
}

export const STEPS = { hour: 3_600_000, day: 86_400_000 } as const;
export type Step = keyof typeof STEPS;

export interface UsageQuery {
	/** Unix time in milliseconds, on a step's beginning; `to` is not included. */
	readonly from: number;
	readonly to: number;
	readonly step: Step;
}

export interface UsageRow extends Tally {
	/** Unix time in milliseconds: the beginning of the hour or day, in UTC. */
	readonly at: number;
}

/** The embedded counter. */
export interface UsageStore {
	/** @param at Unix time in milliseconds: the hour they count for */
	add(at: number, tallies: readonly Tally[]): Promise<void>;
	/** In the order of time. Hours older than `HOURLY_DAYS` are in days only. */
	read(query: UsageQuery): Promise<readonly UsageRow[]>;
}

/** Days for which single hours are kept; what is older is rolled up. */
export const HOURLY_DAYS = 14;

/** The beginning of the hour or day. */
export function startOf(step: Step, at: number): number {
	return at - (at % STEPS[step]);
}
