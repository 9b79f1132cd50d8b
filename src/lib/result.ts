/** The outcome of something that may fail in an expected way: failures are values. Only bugs and outages throw. */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export function ok<T>(value: T): Result<T, never> {
	return { ok: true, value };
}

export function err<E>(error: E): Result<never, E> {
	return { ok: false, error };
}

/** Something of which a judgement can say no more than why: it was not understood, could not be looked at, or cannot be changed from here. */
export interface Remark {
	/** What it is about: a name in DNS with its type, a URL, a host and port, a setting, a file. */
	readonly place: string;
	readonly reason: string;
}

/** The same remark twice says no more than once. */
export function uniqueRemarks(remarks: readonly Remark[]): readonly Remark[] {
	return [...new Map(remarks.map((remark) => [JSON.stringify([remark.place, remark.reason]), remark])).values()];
}
