/** Lengths of time in milliseconds, and calendar days in UTC. Nothing here reads the clock: callers pass the time in. */

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** For values that a protocol counts in seconds: TTLs, `max-age`, the maximum age of an MTA-STS policy. */
export const HOUR_SECONDS = HOUR_MS / SECOND_MS;
export const DAY_SECONDS = DAY_MS / SECOND_MS;
export const WEEK_SECONDS = 7 * DAY_SECONDS;

/**
 * A point of time as ISO 8601 writes it, in UTC.
 * @param time Unix time in milliseconds
 * @throws RangeError for a time beyond what `Date` can hold
 */
export function isoTime(time: number): string {
	return new Date(time).toISOString();
}

/**
 * The calendar day in UTC.
 * @param time Unix time in milliseconds
 * @returns YYYY-MM-DD
 * @throws RangeError for a time beyond what `Date` can hold
 */
export function utcDay(time: number): string {
	return isoTime(time).slice(0, 10);
}

/**
 * The midnight (UTC) with which a day begins.
 * @param day YYYY-MM-DD
 * @returns Unix time in milliseconds; NaN where the text is no day
 */
export function startOfUtcDay(day: string): number {
	return Date.parse(`${day}T00:00:00Z`);
}

/**
 * The day that lies `count` days after another, or before it where `count` is negative.
 * @param day YYYY-MM-DD
 */
export function addDays(day: string, count: number): string {
	return utcDay(startOfUtcDay(day) + count * DAY_MS);
}

/** Days from one day to another, both YYYY-MM-DD; negative where `to` is the earlier one. */
export function daysBetween(from: string, to: string): number {
	return Math.round((startOfUtcDay(to) - startOfUtcDay(from)) / DAY_MS);
}
