/** Days of the calendar as YYYY-MM-DD: what every stamp of a log comes down to. */

/** Whether a text is a day as the calendar has it: Date rolls 31 April over into May. */
export function isCalendarDay(day: string): boolean {
	return utcDayOf(Date.parse(`${day}T00:00:00Z`)) === day;
}

/** The UTC day of a time in milliseconds; null for one that no calendar has. */
export function utcDayOf(time: number): string | null {
	const date = new Date(time);
	return Number.isNaN(date.getTime()) ? null : date.toISOString().slice(0, 10);
}
