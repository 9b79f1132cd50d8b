/**
 * The service with stores that can be made to fail. The product knows nothing of it: every handle on a namespace of KV, the Worker's and the
 * Durable Objects', shares one prototype, and so do the objects' databases and their storages; there the operations are replaced.
 * `POST https://faults.test/MODE` is this Worker's own.
 */
import { env } from 'cloudflare:workers';
import * as entry from '../../src/worker/entry.ts';
import type { FaultCounts, FaultMode } from './faulty-service.ts';

/** Milliseconds that KV takes in the mode `kv-slow`. */
const SLOW_MS = 5000;
/** In the mode `objects-flaky` one write in so many fails. */
const FLAKY_INTERVAL = 5;

let mode: FaultMode = 'none';
const counts: { refused: number } = { refused: 0 };
/** What each key of KV held before it was written last. */
const earlierValues = new Map<string, string | null>();

/** Whether the next write fails, in the mode `objects-flaky`: at random, and the same in every run (a linear congruential generator). */
let seed = 1;
function isFlakyFailure(): boolean {
	seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
	return (seed >>> 16) % FLAKY_INTERVAL === 0;
}

type Operation = (...parameters: readonly unknown[]) => unknown;

/** Replaces a method of a prototype. @param replacement is called with the original, bound to the object it was called on */
function replaceMethod(
	prototype: object,
	name: string,
	replacement: (original: Operation, parameters: readonly unknown[]) => unknown,
): void {
	const original: unknown = Reflect.get(prototype, name);
	if (typeof original !== 'function') throw new Error(`there is no ${name}`);
	Reflect.set(prototype, name, function (this: unknown, ...parameters: readonly unknown[]) {
		return replacement((...given) => Reflect.apply(original, this, given), parameters);
	});
}

function refuse(what: string): Error {
	counts.refused += 1;
	return new Error(`${what} failed: 503 Service Unavailable`);
}

/** The value as a wrong KV would give it. */
function spoil(key: string, text: string | null): string | null {
	if (!key.startsWith('record:') || text === null) return text;
	return mode === 'kv-stale' ? (earlierValues.get(key) ?? null) : text.slice(0, text.length / 2);
}

async function readWrongly(original: Operation, parameters: readonly unknown[]): Promise<unknown> {
	const read: unknown = await original(...parameters);
	if (read instanceof Map) return new Map([...read].map(([key, text]) => [key, spoil(String(key), text)]));
	return typeof read === 'string' ? spoil(String(parameters[0]), read) : read;
}

const namespace: object = Object.getPrototypeOf(env.RECORDS);
for (const operation of ['get', 'put', 'delete', 'list'])
	replaceMethod(namespace, operation, async (original, parameters) => {
		if (mode === 'kv-off') throw refuse(`KV ${operation.toUpperCase()}`);
		if (mode === 'kv-slow') await scheduler.wait(SLOW_MS);
		if (operation === 'get' && (mode === 'kv-stale' || mode === 'kv-garbled')) return readWrongly(original, parameters);
		if (operation === 'put' && mode === 'none') {
			const key = String(parameters[0]);
			earlierValues.set(key, await env.RECORDS.get(key));
		}
		return original(...parameters);
	});

let areObjectsReplaced = false;

/** The prototypes of an object's storage are reached through an object alone. */
function replaceObjectStorage(storage: DurableObjectStorage): void {
	if (areObjectsReplaced) return;
	areObjectsReplaced = true;
	replaceMethod(Object.getPrototypeOf(storage.sql), 'exec', (original, parameters) => {
		const isWrite = /^\s*(?:INSERT|UPDATE|DELETE|REPLACE)/i.test(String(parameters[0]));
		if (isWrite && mode === 'objects-off') throw refuse('SQL');
		if (isWrite && mode === 'objects-flaky' && isFlakyFailure()) throw refuse('SQL');
		return original(...parameters);
	});
	replaceMethod(Object.getPrototypeOf(storage), 'setAlarm', (original, parameters) => {
		if (mode === 'objects-off') throw refuse('setAlarm');
		return original(...parameters);
	});
}

export class RecordKeeper extends entry.RecordKeeper {
	constructor(context: DurableObjectState, bindings: Env) {
		replaceObjectStorage(context.storage);
		super(context, bindings);
	}
}

export class Directory extends entry.Directory {
	constructor(context: DurableObjectState, bindings: Env) {
		replaceObjectStorage(context.storage);
		super(context, bindings);
	}
}

export class TokenKeeper extends entry.TokenKeeper {
	constructor(context: DurableObjectState, bindings: Env) {
		replaceObjectStorage(context.storage);
		super(context, bindings);
	}
}

export class ImportKeeper extends entry.ImportKeeper {
	constructor(context: DurableObjectState, bindings: Env) {
		replaceObjectStorage(context.storage);
		super(context, bindings);
	}
}

export { HostnameKeeper, UsageCounter, WebhookKeeper } from '../../src/worker/entry.ts';

export default {
	fetch(request) {
		const { hostname, pathname } = new URL(request.url);
		if (hostname !== 'faults.test') return entry.default.fetch(request);
		mode = pathname.slice(1) as FaultMode;
		return Response.json(counts satisfies FaultCounts);
	},
} satisfies ExportedHandler<Env>;
