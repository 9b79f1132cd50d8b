/** What is known of a request afterwards. Nothing in it identifies a person: no address, no path, no query, no body, no IP address. */

import { writeLog } from '../lib/log.ts';
export interface RequestSummary {
	readonly protocol: string;
	/** Family of the client, from a fixed list. */
	readonly client: string;
	/** `ok`, `not-modified`, `redirected`, `method-not-allowed`, `not-found`, `failed`, or a problem's code. */
	readonly outcome: string;
	readonly status: number;
	/** Whole milliseconds. Workers stop the clock between I/O: 0 means that nothing was waited for. */
	readonly ms: number;
}

export type RequestLogger = (observation: RequestSummary) => void;

/** Counts a request, without making it wait. */
export type RequestCounter = (observation: RequestSummary) => void;

/** The part of an Analytics Engine dataset that is used. */
export interface AnalyticsDataset {
	writeDataPoint(point: { indexes: string[]; blobs: string[]; doubles: number[] }): void;
}

/** One point a request. The admin's reader (`admin/analytics.ts`) knows the order of the blobs. */
export function createDatasetCounter(dataset: AnalyticsDataset): RequestCounter {
	return ({ protocol, client, outcome, status, ms }) =>
		dataset.writeDataPoint({ indexes: [protocol], blobs: [protocol, client, outcome], doubles: [ms, status] });
}

/** Writes one structured line a request, and counts it wherever it is to be counted. */
export function createRequestLogger(counters: readonly RequestCounter[]): RequestLogger {
	return (observation) => {
		writeLog('request', observation);
		for (const count of counters) count(observation);
	};
}
