/** A value that is mostly at hand: a request that waits for nothing makes no promise, each of which costs a turn of the event loop. */
export type MaybePromise<T> = T | Promise<T>;

/** Goes on with a value: at once where it is here, when it comes where it is not. */
export function chain<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
	return value instanceof Promise ? value.then(next) : next(value);
}
