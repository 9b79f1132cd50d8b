/** What is logged and counted of a request. */
import { writeLog } from '../lib/log.ts';

/** Nothing in it identifies a person: no mail address, no path, no query, no body, no IP address. */
export interface RequestSummary {
	readonly protocol: string;
	/** Family of the client, from a fixed list. */
	readonly client: string;
	/** `ok`, `not-modified`, `redirected`, `method-not-allowed`, `not-found`, `failed`, or a problem's code. */
	readonly outcome: string;
	readonly status: number;
	/** Whole milliseconds. On Workers the clock moves only with I/O: 0 means that the request waited for nothing. */
	readonly ms: number;
}

export type RequestLogger = (summary: RequestSummary) => void;

/** Counts a request; the response does not wait for it. */
export type RequestCounter = (summary: RequestSummary) => void;

/** The part of an Analytics Engine dataset that is used. */
export interface AnalyticsDataset {
	writeDataPoint(point: { indexes: string[]; blobs: string[]; doubles: number[] }): void;
}

/** Writes one data point for each request. `admin/analytics-engine.ts` reads them and relies on the order of the blobs. */
export function createDatasetCounter(dataset: AnalyticsDataset): RequestCounter {
	return ({ protocol, client, outcome, status, ms }) =>
		dataset.writeDataPoint({ indexes: [protocol], blobs: [protocol, client, outcome], doubles: [ms, status] });
}

/** Writes one line of JSON to the log for each request, and calls every counter. */
export function createRequestLogger(counters: readonly RequestCounter[]): RequestLogger {
	return (summary) => {
		writeLog('request', summary);
		for (const count of counters) count(summary);
	};
}
