/** The port to the usage numbers: how many requests, by protocol, client family and outcome. Plain data: it goes over RPC. */

import { DAY_MS, HOUR_MS } from '../../lib/time.ts';

/** Requests of one kind. The three words come from fixed lists: no domain, no address, nothing that a client sent. */
export interface RequestCount {
	readonly protocol: string;
	readonly client: string;
	readonly outcome: string;
	readonly count: number;
}

export const STEP_MS = { hour: HOUR_MS, day: DAY_MS } as const;
export type UsageStep = keyof typeof STEP_MS;

export interface UsageQuery {
	/** Unix time in milliseconds, on a step's beginning; `to` is not included. */
	readonly from: number;
	readonly to: number;
	readonly step: UsageStep;
}

export interface UsageRow extends RequestCount {
	/** Unix time in milliseconds: the beginning of the hour or day, in UTC. */
	readonly at: number;
}

/** The embedded counter. */
export interface UsageStore {
	/** @param at Unix time in milliseconds: the hour they count for */
	addCounts(at: number, tallies: readonly RequestCount[]): Promise<void>;
	/** In the order of time. Hours older than `HOURLY_DAYS` are in days only. */
	readCounts(query: UsageQuery): Promise<readonly UsageRow[]>;
}

/** Days for which single hours are kept; what is older is rolled up. */
export const HOURLY_RETENTION_DAYS = 14;

/** The beginning of the hour or day. */
export function startOfStep(step: UsageStep, at: number): number {
	return at - (at % STEP_MS[step]);
}
