/**
 * A value that is usually known at once and sometimes comes later. Awaiting a promise costs a turn of the event loop even where its value is
 * known, so answers from a cache are passed on without one.
 */
export type MaybePromise<T> = T | Promise<T>;

/** Calls `next` with a value: at once where it is known, otherwise when its promise is fulfilled. */
export function chain<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
	return value instanceof Promise ? value.then(next) : next(value);
}
