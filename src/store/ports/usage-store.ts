/** The port to the usage numbers: how many requests there were, by protocol, client family and outcome. Plain data only, because calls may go over RPC. */

import type { Result } from '../../lib/result.ts';
import { DAY_MS, HOUR_MS } from '../../lib/time.ts';

/** How many requests of one kind there were. The three words come from fixed lists: no domain, no address, nothing that a client has sent. */
export interface RequestCount {
	readonly protocol: string;
	readonly client: string;
	readonly outcome: string;
	readonly count: number;
}

export const STEP_MS = { hour: HOUR_MS, day: DAY_MS } as const;
export type UsageStep = keyof typeof STEP_MS;

export interface UsageQuery {
	/** Unix time in milliseconds, at the beginning of a step, as is `to`, which is not included. */
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
	/** @param at Unix time in milliseconds, within the hour that the counts belong to */
	addCounts(at: number, counts: readonly RequestCount[]): Promise<void>;
	/** In the order of time. What is older than `HOURLY_RETENTION_DAYS` is there by days only. */
	readCounts(query: UsageQuery): Promise<readonly UsageRow[]>;
}

/** Days for which single hours are kept; older ones are added up to days. */
export const HOURLY_RETENTION_DAYS = 14;

/** The beginning of the hour or day. */
export function startOfStep(step: UsageStep, at: number): number {
	return at - (at % STEP_MS[step]);
}

/** Where the admin reads the numbers: Analytics Engine or the service's own counter. */
export interface UsageReader {
	readonly source: 'analytics-engine' | 'counter';
	/** Rows in the order of time. */
	readonly read: (query: UsageQuery) => Promise<Result<readonly UsageRow[], 'unreachable'>>;
}
