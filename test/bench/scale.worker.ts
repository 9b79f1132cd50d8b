/**
 * Asks the Worker for the autoconfig documents of many domains, in one isolate, without sockets between. The built Worker stands beside this
 * file as entry.js.
 */
// @ts-expect-error: built when the benchmark runs
import worker from './entry.js';

// The bindings name the Durable Objects of the built Worker, so this Worker exports them.
// @ts-expect-error: it is built when the benchmark runs
export * from './entry.js';

/** What a call of the benchmark asks for, as JSON. */
interface Task {
	/** Mail domains, asked for one after another. */
	readonly domains: readonly string[];
	/** How often all of them are asked for. */
	readonly times: number;
}

export default {
	async fetch(request, env, context) {
		const { domains, times } = (await request.json()) as Task;
		const statuses: Record<string, number> = {};
		for (let time = 0; time < times; time += 1)
			for (const domain of domains) {
				const url = `https://autoconfig.${domain}/mail/config-v1.1.xml?emailaddress=alice@${domain}`;
				const response: Response = await worker.fetch(new Request(url), env, context);
				await response.text();
				statuses[response.status] = (statuses[response.status] ?? 0) + 1;
			}
		return Response.json(statuses);
	},
} satisfies ExportedHandler;
