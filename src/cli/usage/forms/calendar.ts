/** Calendar days as YYYY-MM-DD, to which every timestamp of a log is reduced. */

/** Whether a text is a real calendar day; `Date` alone would turn 31 April into 1 May. */
export function isCalendarDay(day: string): boolean {
	return utcDayOf(Date.parse(`${day}T00:00:00Z`)) === day;
}

/** The UTC day of a time in milliseconds; null for a time beyond what `Date` can hold. */
export function utcDayOf(time: number): string | null {
	const date = new Date(time);
	return Number.isNaN(date.getTime()) ? null : date.toISOString().slice(0, 10);
}
