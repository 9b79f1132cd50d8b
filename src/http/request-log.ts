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

/** @param time when the request arrived: Unix time in milliseconds */
export type RequestLogger = (summary: RequestSummary, time: number) => void;

/** Counts a request; the response does not wait for it. */
export type RequestCounter = RequestLogger;

/** The part of an Analytics Engine dataset that is used. */
export interface AnalyticsDataset {
	writeDataPoint(point: { indexes: string[]; blobs: string[]; doubles: number[] }): void;
}

/** Writes one data point for each request. `admin/analytics-engine.ts` reads them and relies on the order of the blobs. */
export function createDatasetCounter(dataset: AnalyticsDataset): RequestCounter {
	return ({ protocol, client, outcome, status, ms }) =>
		dataset.writeDataPoint({ indexes: [protocol], blobs: [protocol, client, outcome], doubles: [ms, status] });
}

/** The outcome of a request for a file of the set-up page or the console, which is neither logged nor counted: the page that needs it was. */
export const STATIC_FILE = 'static-file';

/** Outcomes that are counted and not logged: a line costs as much as the rest of such a request, and nobody would look for it. */
const UNLOGGED_OUTCOMES: ReadonlySet<string> = new Set(['ok', 'not-modified', 'redirected']);

/** Calls every counter for each request but those for static files, and writes one line of JSON to the log for each that was refused or failed. */
export function createRequestLogger(counters: readonly RequestCounter[]): RequestLogger {
	return (summary, time) => {
		if (summary.outcome === STATIC_FILE) return;
		if (!UNLOGGED_OUTCOMES.has(summary.outcome)) writeLog('request', summary);
		for (const count of counters) count(summary, time);
	};
}
