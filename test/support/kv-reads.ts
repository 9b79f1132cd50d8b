/** Watches every read and write of KV in the isolate of the tests: the Worker's and the Durable Objects' handles on a namespace share one prototype. */
import { env } from 'cloudflare:workers';
import { afterAll, beforeAll } from 'vitest';

export interface KvReads {
	/** Every key that was read since the last reset, as often as it was: KV bills each. */
	readonly keys: readonly string[];
	/** How many times keys were listed. */
	readonly lists: number;
	/** How many times a key was written. */
	readonly writes: number;
}

let keys: string[] = [];
let lists = 0;
let writes = 0;

/** Watches during the tests of a file. All files run in one isolate, so that it ends with them. */
export function useKvReads(): void {
	const originals = new Map<string, unknown>();
	const namespace: object = Object.getPrototypeOf(env.RECORDS);
	beforeAll(() => watch(namespace, originals));
	afterAll(() => {
		for (const [operation, original] of originals) Reflect.set(namespace, operation, original);
	});
}

function watch(namespace: object, originals: Map<string, unknown>): void {
	for (const operation of ['get', 'getWithMetadata', 'list', 'put']) {
		const original: unknown = Reflect.get(namespace, operation);
		if (typeof original !== 'function') throw new Error(`KV has no ${operation}`);
		originals.set(operation, original);
		Reflect.set(namespace, operation, function (this: unknown, ...parameters: readonly unknown[]) {
			if (operation === 'list') lists += 1;
			else if (operation === 'put') writes += 1;
			else keys.push(...[parameters[0]].flat().map(String));
			return Reflect.apply(original, this, parameters);
		});
	}
}

export function resetKvReads(): void {
	keys = [];
	lists = 0;
	writes = 0;
}

export function kvReads(): KvReads {
	return { keys, lists, writes };
}
