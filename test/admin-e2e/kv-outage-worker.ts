/**
 * The service with a KV that can be switched off. The product knows nothing of it: every handle on a namespace, the Worker's and the Durable
 * Objects', shares one prototype, and there the operations are replaced. `POST https://kv.test/off` and `/on` are this Worker's own.
 */
import { env } from 'cloudflare:workers';
import service from '../../src/worker/entry.ts';

export * from '../../src/worker/entry.ts';

let isOff = false;
const counts = { refused: 0 };
const namespace: object = Object.getPrototypeOf(env.RECORDS);

for (const operation of ['get', 'put', 'delete', 'list']) {
	const original: unknown = Reflect.get(namespace, operation);
	if (typeof original !== 'function') throw new Error(`KV has no ${operation}`);
	Reflect.set(namespace, operation, function (this: unknown, ...parameters: unknown[]) {
		if (!isOff) return Reflect.apply(original, this, parameters);
		counts.refused += 1;
		return Promise.reject(new Error(`KV ${operation.toUpperCase()} failed: 503 Service Unavailable`));
	});
}

export default {
	fetch(request) {
		const { hostname, pathname } = new URL(request.url);
		if (hostname !== 'kv.test') return service.fetch(request);
		isOff = pathname === '/off';
		return Response.json(counts);
	},
} satisfies ExportedHandler<Env>;
